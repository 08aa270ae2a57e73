from otel_bridge.convert.event import Mechanism
from otel_bridge.convert.numbering import MAX_VALUES, numbered
from otel_bridge.convert.stacktrace.java import JAVA
from otel_bridge.convert.stacktrace.parsed import ParsedError
from otel_bridge.convert.stacktrace.python import PYTHON


def error(name, source=None, *children, is_group=False):
    return ParsedError(name, source=source, children=list(children), is_group=is_group)


def told(chain, language):
    return [
        (error.type, own.exception_id, own.parent_id, own.source)
        for error, own in numbered(chain, Mechanism("m"), language)
    ]


def test_a_python_chain_has_no_numbers():
    chain = [error("Cause", "__cause__"), error("Thrown")]

    assert told(chain, PYTHON) == [("Thrown", None, None, None), ("Cause", None, None, None)]


def test_chains_of_other_languages_are_numbered_from_the_thrown():
    chain = [error("Root", "cause"), error("Cause", "cause"), error("Thrown")]

    assert told(chain, JAVA) == [
        ("Thrown", 0, None, None),
        ("Cause", 1, 0, "cause"),
        ("Root", 2, 1, "cause"),
    ]


def test_one_exception_alone_needs_no_number():
    assert told([error("Thrown")], JAVA) == [("Thrown", None, None, None)]


def test_what_was_suppressed_belongs_to_whom_it_was_suppressed_for():
    chain = [error("Cause", "cause"), error("Thrown", None, [error("Closing")])]

    assert told(chain, JAVA) == [
        ("Thrown", 0, None, None),
        ("Cause", 1, 0, "cause"),
        ("Closing", 2, 0, "suppressed[0]"),
    ]


def test_in_python_groups_every_cause_is_held_by_the_top():
    member = [error("Reason", "__context__"), error("Member")]
    group = error("Group", None, member, is_group=True)

    assert told([error("Before", "__cause__"), group], PYTHON) == [
        ("Group", 0, None, None),
        ("Before", 1, 0, "__cause__"),
        ("Member", 2, 0, "exceptions[0]"),
        ("Reason", 3, 0, "__context__"),
    ]


def test_the_number_of_exceptions_is_bounded():
    chain = [error(str(n), "cause") for n in range(500)]

    for language in (PYTHON, JAVA):
        found = told(chain, language)
        assert len(found) == MAX_VALUES
        assert found[0][0] == "499"
