import pytest

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.java import finish, parse, recognizes
from otel_bridge.convert.stacktrace.parsed import CodeRules
from tests.unit.convert.stacktrace.stacks import captured, names, places, told

JAVA = captured("java-17")


@pytest.mark.parametrize("name", sorted(JAVA))
def test_every_captured_text_is_recognised_and_read(name):
    chain = parse(JAVA[name])

    assert recognizes(JAVA[name])
    assert chain[-1].frames[0].function == "main"
    assert all(error.type.count(".") >= 2 for error in chain)


def test_a_cause_shares_the_outer_frames_of_what_it_caused():
    cause, last = parse(JAVA["plain"])

    assert names(last) == ["main", "grab", "lambda$main$0", "charge"]
    assert names(cause) == [*names(last), "parse", "parseInt", "parseInt", "forInputString"]
    assert places(cause)[-4:] == [
        "com.example.shop.Shop:6",
        "java.lang.Integer:786",
        "java.lang.Integer:668",
        "java.lang.NumberFormatException:67",
    ]
    assert (cause.type, cause.message) == (
        "java.lang.NumberFormatException",
        'For input string: "no"',
    )


def test_what_was_suppressed_stands_beside_with_its_own_causes():
    *_, last = parse(JAVA["suppressed"])

    assert [[(e.type, e.message) for e in chain] for chain in last.children] == [
        [("java.io.IOException", "disk"), ("java.lang.IllegalStateException", f"close {name}")]
        for name in "ba"
    ]
    assert names(last.children[0][-1]) == ["main", "grab", "lambda$main$6", "suppressed", "close"]


def test_a_circle_of_causes_ends():
    assert [error.message for error in parse(JAVA["circular"])] == ["b", "a"]


def test_an_exception_without_a_message():
    assert told(parse(JAVA["no_message"]))[0].startswith("java.lang.NullPointerException:  | ")


def test_a_message_of_several_lines_may_look_like_frames():
    message = "first\n\tat not.a.frame(Nowhere.java:1)\nlast"
    (error,) = parse(JAVA["multiline"], message)

    assert error.message == message
    assert names(error) == ["main", "grab", "lambda$main$16"]


KOTLIN = """Exception in thread "main" java.lang.IllegalStateException: no order
\tat shop.OrdersKt$charge$2.invokeSuspend(Orders.kt:7)
\tat kotlin.coroutines.jvm.internal.BaseContinuationImpl.resumeWith(ContinuationImpl.kt:33)
\tat app//shop.OrdersKt.main(Orders.kt)
\tat java.base@17.0.1/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)
\tat shop.$Proxy7.run(Unknown Source)"""
SCALA = """scala.MatchError: 7 (of class java.lang.Integer)
\tat shop.Orders$.$anonfun$charge$1(Orders.scala:7)
\tat scala.collection.immutable.List.foreach(List.scala:333)"""


def test_kotlin():
    (error,) = parse(KOTLIN)

    assert (error.type, error.message) == ("java.lang.IllegalStateException", "no order")
    assert places(error) == [
        "shop.$Proxy7",
        "jdk.internal.reflect.NativeMethodAccessorImpl",
        "shop.OrdersKt",
        "kotlin.coroutines.jvm.internal.BaseContinuationImpl:33",
        "shop.OrdersKt$charge$2:7",
    ]


def test_scala():
    (error,) = parse(SCALA)

    assert (error.type, names(error)) == ("scala.MatchError", ["foreach", "$anonfun$charge$1"])


@pytest.mark.parametrize(
    ("module", "expected"),
    [("com.example.Shop", True), ("java.util.List", False), ("org.springframework.Web", False)],
)
def test_the_platform_and_frameworks_are_not_the_application(module, expected):
    frame = Frame(module=module)
    finish(frame, CodeRules())

    assert frame.in_app is expected


@pytest.mark.parametrize(
    "text", ["", "at x", "\t\t\t", "Caused by: x", "Suppressed: y\n\tat a.b(c)"]
)
def test_what_is_no_stack_gives_nothing(text):
    assert parse(text) == []
