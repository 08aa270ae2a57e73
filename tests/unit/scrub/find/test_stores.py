"""Statements of stores that are not quite SQL."""

import pytest

from otel_bridge.scrub.find.sql import parameterise
from otel_bridge.scrub.scrubber import Scrubber


@pytest.mark.parametrize(
    ("statement", "clean"),
    [
        ("SET user:1 hunter22", "SET user:1 ?"),
        ("SET user:1 hunter22 EX 60", "SET user:1 ? ? ?"),
        ("AUTH hunter22", "AUTH ?"),
        ("auth bob hunter22", "auth ? ?"),
        ("HELLO 3 AUTH bob hunter22", "HELLO ? ? ? ?"),
        ("GET user:1", "GET user:1"),
        ("HMSET h a 1", "HMSET h ? ?"),
        ("CONFIG SET requirepass hunter22", "CONFIG SET ? ?"),
        ("db.users.find({name: 'Bob', age: {$gt: 17}})",
         'db.users.find({name: "?", age: {$gt: "?"}})'),
        ('find users {"email": "bob@example.org"}', 'find users {"email": "?"}'),
        ("db.users.find({a: /^secret/i})", 'db.users.find({a: "?"})'),
        ('POST /idx/_search {"query": {"match": {"a": "x"}}}',
         'POST /idx/_search {"query": {"match": {"a": "?"}}}'),
        ("db.users.find({a: 'unclosed", 'db.users.find({a: "?"'),
        ("find users", "find users"),
        ("SELECT 1 -- hunter22", "SELECT ? -- ?"),
        ("/* hunter22 */ SELECT a FROM t", "/* ? */ SELECT a FROM t"),
        ("SELECT /*+ INDEX(t i) */ a FROM t", "SELECT /*+ INDEX(t i) */ a FROM t"),
        ("SELECT a FROM t /*route='%2Fitems',traceparent='00-0-0-01'*/",
         "SELECT a FROM t /*route='%2Fitems',traceparent='00-0-0-01'*/"),
        ("SELECT a /* unclosed hunter22", "SELECT a /* ? */"),
        ("SET search_path = 'x'", "SET search_path = ?"),
        ("SET statement_timeout TO 'x'", "SET statement_timeout TO ?"),
        ("SET PASSWORD FOR bob = 'hunter22'", "SET PASSWORD FOR bob = ?"),
        ("", ""),
    ],
)  # fmt: skip
def test_literals_go_and_names_stay(statement, clean):
    assert parameterise(statement.encode()).decode() == clean
    assert parameterise(clean.encode()).decode() == clean


def test_a_call_with_very_many_literals_is_cut_off():
    clean = parameterise(b"db.t.insert([" + b"'x'," * 5_000 + b"'hunter22'])")

    assert clean.endswith(b" ...")
    assert len(clean) < 15_000


@pytest.mark.parametrize("key", ["db.statement", "db.query.text"])
def test_a_password_in_double_quotes_goes_from_a_statement(key):
    text = 'CREATE USER bob IDENTIFIED BY "hunter22x"'

    assert Scrubber().value({key: text})[0] == {
        key: 'CREATE USER bob IDENTIFIED BY "[Filtered:identified-by]"'
    }
