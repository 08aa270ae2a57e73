import pytest

from otel_bridge.convert.stacktrace.python import parse, recognizes, split_headline
from tests.unit.convert.stacktrace.stacks import captured, names, told

VERSIONS = ["python-3.11", "python-3.12", "python-3.13"]
REFUSED = "PaymentError: card refused for order"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_captured_text_is_recognised_and_read(version):
    for name, text in captured(version).items():
        chain = parse(text)
        assert recognizes(text), name
        assert all(error.is_complete and error.type for error in chain), name
        assert chain[-1].frames[0].function == "<module>", name
        assert all(f.context_line for e in chain for f in e.frames if f.abs_path != "<string>"), (
            name
        )


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("charge", ["KeyError: 9 | charge <__cause__>", f"{REFUSED} 9 | <module> > charge"]),
        (
            "during",
            [
                "KeyError: 1 | charge <__cause__>",
                f"{REFUSED} 1 | during > charge <__context__>",
                "ValueError: invalid literal for int() with base 10: 'not a number' | "
                "<module> > during",
            ],
        ),
        (
            "noted",
            [
                "KeyError: 2 | charge <__cause__>",
                f"{REFUSED} 2\ntried twice\nsecond line\nof a note | <module> > noted > charge",
            ],
        ),
        (
            "multiline",
            [
                'ValueError: first\n\nTraceback of nothing\n  File "x", line 1, in y\nlast | '
                "<module> > multiline"
            ],
        ),
        ("syntax", ["SyntaxError: invalid syntax | <module> > syntax"]),
        ("silent", ["PaymentError:  | <module> > silent"]),
        ("generated", ["LookupError: made | <module> > generated > made"]),
        ("hidden_context", ["LookupError: hidden | <module> > hidden_context"]),
        (
            "c_in_the_middle",
            [
                "KeyError: 2 | charge <__cause__>",
                f"{REFUSED} 2 | <module> > c_in_the_middle > <lambda> > charge",
            ],
        ),
        ("nested_class", ["Outer.Inner: nested | <module> > nested_class"]),
        ("local_class", ["local_class.<locals>.Local: local | <module> > local_class"]),
    ],
)
def test_a_failure_is_read_alike_from_every_version(version, name, expected):
    assert told(parse(captured(version)[name])) == expected


@pytest.mark.parametrize("version", VERSIONS)
def test_a_line_of_source_is_the_first_of_its_expression(version):
    error = parse(captured(version)["long_expression"])[-1]

    assert [f.context_line for f in error.frames[-2:]] == [
        "charge(",
        'raise PaymentError(f"card refused for order {order}") from error',
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_repeated_lines_are_put_back(version):
    texts = captured(version)

    assert names(parse(texts["recursion"])[0]) == ["<module>", "<lambda>", *["recurse"] * 61]
    assert names(parse(texts["mutual"])[0]) == ["<module>", "<lambda>", *["mutual"] * 41]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_group_keeps_its_members_and_their_chains(version):
    (group,) = parse(captured(version)["group"])

    assert (group.type, group.message, group.is_group) == (
        "ExceptionGroup",
        "parts failed (3 sub-exceptions)",
        True,
    )
    assert [told(chain) for chain in group.children] == [
        [
            "KeyError: 3 | charge <__cause__>",
            f"{REFUSED} 3 | group > <lambda> > charge",
        ],
        ["ValueError: invalid literal for int() with base 10: 'x' | group > <lambda>"],
        ["ExceptionGroup: inner (2 sub-exceptions) | group > <lambda> > inner_group"],
    ]
    assert [told(chain) for chain in group.children[2][0].children] == [
        ["ValueError: one | "],
        ["TypeError: two | "],
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_groups_and_causes_mix(version):
    texts = captured(version)

    assert [error.type for error in parse(texts["group_from"])] == [
        "KeyError",
        "PaymentError",
        "ExceptionGroup",
    ]
    chain = parse(texts["caused_by_group"])
    assert [error.type for error in chain] == ["ExceptionGroup", "RuntimeError"]
    assert [child[-1].type for child in chain[0].children] == ["ValueError", "TypeError"]


def test_python_3_14_puts_no_marks_that_confuse():
    text = (
        "Exception ignored in: <generator>\nTraceback (most recent call last):\n"
        '  File "/srv/shop/a.py", line 3, in f\n    g(\n    ~^\n        1,\n        ^^\n'
        "    ...<4 lines>...\n    )\n    ^\nshop.Error: x\n"
    )

    assert told(parse(text)) == ["shop.Error: x | f"]
    assert parse(text)[0].frames[0].context_line == "g("


def test_a_text_without_an_exception_line_is_incomplete():
    (error,) = parse('Traceback (most recent call last):\n  File "/a.py", line 3, in f\n    g()\n')

    assert not error.is_complete
    assert names(error) == ["f"]


def test_a_remote_traceback_in_a_message_is_message():
    text = (
        'concurrent.futures.process._RemoteTraceback: \n"""\nTraceback (most recent call last):\n'
        '  File "/a.py", line 1, in f\nValueError: x\n"""\n\n'
        "The above exception was the direct cause of the following exception:\n\n"
        'Traceback (most recent call last):\n  File "/b.py", line 2, in g\nValueError: x\n'
    )
    remote, local = parse(text)

    assert (remote.type, remote.frames) == ("concurrent.futures.process._RemoteTraceback", [])
    assert told([local]) == ["ValueError: x | g"]


def test_windows_line_ends_and_paths():
    text = 'Traceback (most recent call last):\r\n  File "C:\\a b.py", line 3, in f\r\nE: x\r\n'

    assert parse(text)[0].frames[0].abs_path == "C:\\a b.py"
    assert told(parse(text)) == ["E: x | f"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("E: m", ("E", "m")),
        ("E", ("E", "")),
        ("a.b.E: m: n", ("a.b.E", "m: n")),
        ("f.<locals>.E: m", ("f.<locals>.E", "m")),
        ("not a type: m", ("", "not a type: m")),
        ("E: m\nmore: n", ("E", "m\nmore: n")),
    ],
)
def test_a_headline_is_type_and_message(line, expected):
    assert split_headline(line) == expected


@pytest.mark.parametrize("text", ["", "nothing", "E: m", "  + | +-+--- 1 ---", "+---\n" * 100])
def test_what_is_no_traceback_gives_nothing(text):
    assert parse(text) == []
