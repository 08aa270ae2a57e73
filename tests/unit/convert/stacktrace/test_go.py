import pytest

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.go import finish, is_recorder, parse, recognizes
from otel_bridge.convert.stacktrace.parsed import CodeRules
from tests.unit.convert.stacktrace.stacks import captured, names, places

GO = {name: text for name, text in captured("go-1.26").items() if ":" not in name}


@pytest.mark.parametrize("name", sorted(GO))
def test_every_captured_text_is_recognised_and_read(name):
    (error,) = parse(GO[name])

    assert recognizes(GO[name])
    assert not any((f.module or "").startswith("runtime") for f in error.frames)
    assert error.frames[-1].lineno > 0


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("panic", ["main", "grab", "main.func1"]),
        ("method", ["main", "grab", "main.func3", "(*Order).Charge", "(*Order).Charge.func1"]),
        ("value_method", ["main", "grab", "main.func4", "Order.Pay"]),
        ("generic", ["main", "grab", "main.func5", "Map[...]", "main.func5.1"]),
        ("recorded", ["main", "recorded"]),
        (
            "goroutine",
            ["main.func9", "grab", "main.func9.1", "(*Order).Charge", "(*Order).Charge.func1"],
        ),
    ],
)
def test_calls_are_named_without_their_package(name, calls):
    assert names(parse(GO[name])[0]) == calls


def test_packages_are_modules():
    assert places(parse(GO["method"])[0])[-2:] == ["shop/orders:13", "shop/orders:12"]


def test_a_long_stack_is_read_as_far_as_it_goes():
    assert len(parse(GO["long"])[0].frames) > 90


def test_what_recorded_the_error_is_known():
    text = (
        "goroutine 7 [running]:\n"
        "go.opentelemetry.io/otel/sdk/trace.recordStackTrace()\n\t/go/pkg/mod/x/span.go:1 +0x1\n"
        "gopkg.in/shop%2ev2.Charge(0x1)\n\t/srv/shop/a.go:2 +0x2\n"
    )
    charge, recorder = parse(text)[0].frames

    assert (charge.module, charge.function) == ("gopkg.in/shop.v2", "Charge")
    assert (is_recorder(charge), is_recorder(recorder)) == (False, True)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/srv/shop/main.go", True),
        ("/usr/local/go/src/sort/slice.go", False),
        ("/home/shop/go/pkg/mod/github.com/x/y@v1/z.go", False),
        ("/srv/shop/vendor/x/y.go", False),
    ],
)
def test_the_library_and_modules_are_not_the_application(path, expected):
    frame = Frame(abs_path=path)
    finish(frame, CodeRules())

    assert frame.in_app is expected


@pytest.mark.parametrize("text", ["", "goroutine 1 [running]:\n", "f()\n\tnowhere", "\t/a.go:1"])
def test_what_is_no_stack_gives_nothing(text):
    assert parse(text) == []
