import pytest

from otel_bridge.convert.stacktrace.parsed import CodeRules
from otel_bridge.convert.stacktrace.rust import finish, parse, recognizes
from tests.unit.convert.stacktrace.stacks import captured, names

RUST = captured("rust-1.95")


def own_calls(text):
    (error,) = parse(text)
    for frame in error.frames:
        finish(frame, CodeRules())
    return [frame.function for frame in error.frames if frame.in_app]


@pytest.mark.parametrize("name", sorted(RUST))
def test_every_captured_text_is_recognised_and_read(name):
    assert recognizes(RUST[name])
    assert own_calls(RUST[name])


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("method", ["shop::main", "shop::orders::Order::charge"]),
        (
            "closure",
            [
                "shop::main",
                "<shop::orders::Order as shop::orders::Pay>::pay",
                "<shop::orders::Order as shop::orders::Pay>::pay::{{closure}}",
                "shop::orders::Order::charge",
            ],
        ),
        ("panic", ["shop::main"]),
    ],
)
def test_the_applications_calls_are_found(name, calls):
    assert own_calls(RUST[name]) == calls


def test_what_the_runtime_adds_to_a_panic_is_left_out():
    (error,) = parse(RUST["panic"])

    assert error.type == "panic"
    assert not any("begin_unwind" in name or "panic_fmt" in name for name in names(error))


def test_addresses_and_hashes_are_left_out():
    text = (
        "   0:     0x55f76590bc3a - shop[e28293b1aa0f68bd]::charge::h0123456789abcdef\n"
        "                               at ./src/main.rs:7:5\n"
    )
    (error,) = parse(text)

    assert names(error) == ["shop::charge"]
    assert (error.frames[0].lineno, error.frames[0].colno) == (7, 5)


@pytest.mark.parametrize("text", ["", "0: ", "at x:1", "   at ./a.rs:1:2"])
def test_what_is_no_stack_gives_nothing(text):
    assert parse(text) == []


def test_a_panic_of_a_worker_and_of_windows():
    worker = """thread 'tokio-runtime-worker' panicked at 'no order', src/orders.rs:30:9
stack backtrace:
   1:     0x7fad5d79816f - core::panicking::panic_fmt::h0123456789abcdef
                               at /rustc/7737e0b5/library/core/src/panicking.rs:142:14
   2:     0x7fad5d798170 - shop::orders::pay::{{closure}}::h5dbeebd839d3395c
                               at /app/src/orders.rs:30:9
   3:     0x7fad5d798171 - tokio::runtime::task::harness::poll_future::h30927fcc7451796e
                               at /home/ci/.cargo/registry/src/x/tokio-1.17.0/src/harness.rs:455:18
   4:     0x7fad5d798172 - __rust_try
"""
    windows = r"""thread 'main' panicked at src\main.rs:3:5:
no order
stack backtrace:
   1: shop::pay::closure$0
             at C:\Users\me\shop\src\main.rs:3
   2: mio::poll
             at C:\Users\me\.cargo\registry\src\index.crates.io-1\mio-1.0\src\poll.rs:317
"""
    for text, expected in (
        (worker, [("shop::orders::pay::{{closure}}", "orders.rs")]),
        (windows, [("shop::pay::closure$0", "main.rs")]),
    ):
        (error,) = parse(text)
        for frame in error.frames:
            finish(frame, CodeRules())
        assert [(f.function, f.filename) for f in error.frames if f.in_app] == expected
