import pytest

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.javascript import finish, parse, recognizes
from otel_bridge.convert.stacktrace.parsed import CodeRules
from tests.unit.convert.stacktrace.stacks import captured, names, places, told

NODE = captured("node-20")
REFUSED = "PaymentError: card refused for order"
STACKLESS = {"aggregate", "aggregate:inspect"}
"""An AggregateError has no frames of its own."""


@pytest.mark.parametrize("name", sorted(NODE.keys() - STACKLESS))
def test_every_captured_text_is_recognised_and_read(name):
    chain = parse(NODE[name])

    assert recognizes(NODE[name])
    assert all(error.frames and error.type for error in chain)


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("static", "? > grab > ? > Shop.open > charge"),
        ("private", "? > grab > ? > Shop.run > #secret > charge"),
        ("getter", "? > grab > ? > get total [as total] > charge"),
        ("async", "? > grab > Shop.late > charge"),
        ("new", "? > grab > ? > new Ctor > charge"),
        ("eval", "? > grab > ? > eval > charge"),
        ("vm", "? > grab > ? > ? > charge"),
        ("sort", "? > grab > ? > Array.sort > ? > charge"),
        ("promise_all", "? > grab > Promise.all > Shop.late > charge"),
        ("timeout", "process.processTimers > listOnTimeout > Timeout._onTimeout > charge"),
        ("cjs", "? > grab > ? > module.exports.go > Array.forEach > each > charge"),
    ],
)
def test_calls_are_named_as_node_names_them(name, calls):
    assert " > ".join(names(parse(NODE[name])[-1])) == calls


def test_places_are_path_line_and_column():
    assert places(parse(NODE["cjs"])[-1])[-3:] == [
        "",
        "/srv/shop/dep.cjs:1:78",
        "file:///srv/shop/fail.mjs:8:67",
    ]


def test_a_message_of_several_lines_may_look_like_frames():
    text, message = NODE["multiline"], "first\nsecond\n    at not a frame (at all)"

    assert told(parse(text, message)) == [f"Error: {message} | ? > grab > ?"]


def test_an_inspected_error_brings_its_cause_and_their_common_frames():
    cause, last = parse(NODE["plain:inspect"])

    assert (cause.type, cause.source) == ("SyntaxError", "cause")
    assert names(last) == [
        "asyncRunEntryPointWithESMLoader",
        "ModuleLoader.import",
        "ModuleJob.run",
        "?",
        "grab",
        "?",
        "charge",
    ]
    assert told([last])[0].startswith(f"{REFUSED} 0 | ")


def test_pino_writes_causes_below():
    text = (
        "PaymentError: refused\n    at charge (/srv/shop/a.js:1:2)\n"
        "caused by: SyntaxError: no json\n    at parse (/srv/shop/b.js:3:4)"
    )

    assert told(parse(text)) == [
        "SyntaxError: no json | parse <cause>",
        "PaymentError: refused | charge",
    ]


FIREFOX = """charge@https://shop.example/static/app.js:12:5
async*checkout/<@https://shop.example/static/app.js:20:9
@https://shop.example/static/app.js:30:1
"""
SAFARI = """charge@https://shop.example/static/app.js:12:14
[native code]
forEach@[native code]
global code@https://shop.example/static/app.js:30:10
"""
CHROME = """TypeError: Cannot read properties of null
    at charge (https://shop.example/static/app.js:12:5)
    at HTMLButtonElement.<anonymous> (https://shop.example/static/app.js:20:9)
    at webpack:///./src/orders.ts:7:3"""


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (FIREFOX, ["?", "checkout", "charge"]),
        (SAFARI, ["?", "forEach", "charge"]),
        (CHROME, ["?", "HTMLButtonElement.?", "charge"]),
    ],
    ids=["firefox", "safari", "chrome"],
)
def test_browsers(text, calls):
    (error,) = parse(text)

    assert recognizes(text)
    assert names(error) == calls
    assert places(error)[-1].startswith("https://shop.example/static/app.js:12:")


@pytest.mark.parametrize(
    ("path", "root", "expected"),
    [
        ("/srv/shop/lib/orders.js", "/srv/shop", ("lib:orders", True)),
        ("/srv/shop/app.js", "/srv/shop", ("app", True)),
        ("/srv/shop/lib/orders.js", None, ("orders", True)),
        ("file:///srv/shop/app.mjs", "/srv/shop", ("app", True)),
        (
            "/srv/shop/node_modules/express/lib/router/index.js",
            None,
            ("express.lib.router:index", False),
        ),
        ("node:internal/process/task_queues", None, ("task_queues", False)),
        ("https://shop.example/app.js", None, (None, True)),
        ("C:\\shop\\app.js", None, ("app", True)),
        ("native", None, (None, False)),
        (None, None, (None, False)),
    ],
)
def test_a_frame_is_told_as_the_native_sdk_tells_it(path, root, expected):
    frame = Frame(abs_path=path)
    finish(frame, CodeRules(root=root))

    assert (frame.module, frame.in_app) == expected


@pytest.mark.parametrize("text", ["", "Error: x", "    at ", "at (", "a@b", "x" * 5_000 + ":1:2"])
def test_what_is_no_stack_gives_nothing(text):
    assert parse(text) == []
