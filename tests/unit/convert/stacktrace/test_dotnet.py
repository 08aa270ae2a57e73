import pytest

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.dotnet import finish, parse, recognizes
from otel_bridge.convert.stacktrace.parsed import CodeRules
from tests.unit.convert.stacktrace.stacks import places, told

INNER = """System.InvalidOperationException: refused
 ---> System.FormatException: no number
   at System.Number.ThrowFormatException(ReadOnlySpan`1 value)
   at Shop.Orders.Parse(String text) in /srv/shop/Orders.cs:line 7
   --- End of inner exception stack trace ---
   at Shop.Orders.<ChargeAsync>d__3.MoveNext() in C:\\shop\\Orders.cs:line 12
--- End of stack trace from previous location ---
   at Shop.Api.<>c.<Map>b__0_0(HttpContext context)
   at Shop.Api..ctor()"""
AGGREGATE = """System.AggregateException: One or more errors occurred. (one) (two)
 ---> System.Exception: one
   at Shop.A.One() in /srv/shop/A.cs:line 1
   --- End of inner exception stack trace ---
   at Shop.A.All() in /srv/shop/A.cs:line 9
 ---> (Inner Exception #0) System.Exception: one
   at Shop.A.One() in /srv/shop/A.cs:line 1<---

 ---> (Inner Exception #1) System.Exception: two
   at Shop.A.Two() in /srv/shop/A.cs:line 2<---
"""
OLD = """System.Exception: outer ---> System.Exception: inner
   at Shop.A.In()
   --- End of inner exception stack trace ---
   at Shop.A.Out()"""


def test_inner_exceptions_and_async_methods():
    assert recognizes(INNER)
    assert told(parse(INNER)) == [
        "System.FormatException: no number | Parse > ThrowFormatException <InnerException>",
        "System.InvalidOperationException: refused | .ctor > <Map>b__0_0 > ChargeAsync",
    ]
    assert places(parse(INNER)[-1]) == ["Shop.Api", "Shop.Api.<>c", "Shop.Orders:12"]


def test_the_members_of_an_aggregate():
    (aggregate,) = parse(AGGREGATE)

    assert [told(chain) for chain in aggregate.children] == [
        ["System.Exception: one | One"],
        ["System.Exception: two | Two"],
    ]
    assert aggregate.is_group


def test_the_old_framework_writes_inner_exceptions_on_one_line():
    assert told(parse(OLD)) == [
        "System.Exception: inner | In <InnerException>",
        "System.Exception: outer | Out",
    ]


def test_the_framework_is_not_the_application():
    frames = [Frame(module="System.Number"), Frame(module="Shop.Orders", abs_path="C:\\a\\O.cs")]
    for frame in frames:
        finish(frame, CodeRules())

    assert [(f.in_app, f.filename) for f in frames] == [(False, None), (True, "O.cs")]


@pytest.mark.parametrize(
    "text", ["", "E: x", " ---> ", "--- End of inner exception stack trace ---"]
)
def test_what_is_no_stack_gives_nothing(text):
    assert parse(text) == []


def test_what_the_old_framework_writes_between_the_steps_of_an_async_call():
    end = "--- End of stack trace from previous location where exception was thrown ---\n"
    text = (
        "System.Exception: no order\n"
        r"   at Shop.Program.<Pay>d__2.MoveNext() in C:\Work\Shop\Program.cs:line 41"
        f"\n{end}"
        "   at System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw()\n"
        r"   at Shop.Program.<Delayed>d__3.MoveNext() in C:\Work\Shop\Program.cs:line 48"
        f"\n{end}"
        "   at Shop.Program.Main(String[] args)\n"
    )
    (error,) = parse(text)
    for frame in error.frames:
        finish(frame, CodeRules())

    assert [(frame.function, frame.filename, frame.in_app) for frame in error.frames] == [
        ("Main", None, True),
        ("Delayed", "Program.cs", True),
        ("Throw", None, False),
        ("Pay", "Program.cs", True),
    ]
