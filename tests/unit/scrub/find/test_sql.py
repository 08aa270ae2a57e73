"""Statements without their literals."""

import pytest

from otel_bridge.scrub.find.sql import MAX_CACHED_STATEMENTS, Statements, parameterise
from otel_bridge.scrub.find.value_gate import text_value


@pytest.mark.parametrize(
    ("statement", "clean"),
    [
        ("SELECT a FROM t WHERE b = 'x' AND c = 17", "SELECT a FROM t WHERE b = ? AND c = ?"),
        ("select a from t where b = 'it''s' or c = 'a\\'b'",
         "select a from t where b = ? or c = ?"),
        ("INSERT INTO t VALUES ('a', 1.5, -2e9, 0xFF, NULL)",
         "INSERT INTO t VALUES (?, ?, -?, ?, NULL)"),
        ("UPDATE t SET a = $$x 'y' z$$ WHERE b = $1", "UPDATE t SET a = ? WHERE b = $1"),
        ("SELECT a FROM t WHERE b = :name AND c = @p AND d = %s AND e = ?",
         "SELECT a FROM t WHERE b = :name AND c = @p AND d = %s AND e = ?"),
        ("SELECT a FROM t LIMIT 10 OFFSET 20", "SELECT a FROM t LIMIT 10 OFFSET 20"),
        ('SELECT "a" FROM "t" WHERE "b" = "x"', 'SELECT "a" FROM "t" WHERE "b" = ?'),
        ("SELECT `a1` FROM `t2`", "SELECT `a1` FROM `t2`"),
        ("SELECT N'x', E'y', b'01', U&'z'", "SELECT ?, ?, ?, ?"),
        ("SELECT a FROM t1 WHERE b2 = c3", "SELECT a FROM t1 WHERE b2 = c3"),
        ("WITH x AS (SELECT 1) SELECT * FROM x", "WITH x AS (SELECT ?) SELECT * FROM x"),
        ("SELECT 'unclosed", "SELECT ?"),
        ('{"find": "users", "filter": {"a": 17}}', '{"find": "?", "filter": {"a": "?"}}'),
    ],
)  # fmt: skip
def test_literals_become_question_marks_and_all_else_stays(statement, clean):
    assert parameterise(statement.encode()).decode() == clean
    assert parameterise(clean.encode()).decode() == clean


def test_the_rest_of_a_bulk_insert_is_left_out():
    clean = parameterise(b"INSERT INTO t VALUES " + b"('x'), " * 10_000)

    assert clean.endswith(b" ...")
    assert b"x" not in clean


def test_what_is_remembered_is_bounded():
    statements = Statements()
    for number in range(MAX_CACHED_STATEMENTS + 5):
        statements.parameterised(b"SELECT a%d" % number)

    assert len(statements._seen) <= MAX_CACHED_STATEMENTS


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"\x05\x0a\x03abc", b"abc"),
        (b"\x05\x18\x03abc", None),
        (b"\x05\x0a\x09abc", None),
        (b"\x83\x01\x0a\x80\x01" + b"x" * 128, b"x" * 128),
        (b"", None),
    ],
)
def test_a_text_is_read_out_of_a_serialized_value_or_not_at_all(raw, value):
    assert text_value(raw, 0) == value
