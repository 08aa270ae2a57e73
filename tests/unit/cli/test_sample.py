import json

import pytest

from otel_bridge.cli.main import main
from tests.simulation.spans import ERROR, batch_of, make_span, trace_id

A, B = trace_id(1, randomness=0.5), trace_id(2, randomness=0.99)
CONFIG = """
[[sampling.tail.policies]]
name = "errors"
type = "error"

[[sampling.tail.policies]]
name = "rest"
rate = 0.05
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "bridge.toml").write_text(CONFIG)
    one = batch_of(make_span(A, 2, parent=1), make_span(B, 1, http__route="/b\x1b[31m"))
    (tmp_path / "one.bin").write_bytes(one.to_request())
    (tmp_path / "two.bin").write_bytes(batch_of(make_span(A, 1, status=ERROR)).to_request())
    return tmp_path


def sample(files, *arguments, bodies=("one.bin", "two.bin")):
    config = ["--config", str(files / "bridge.toml")]
    return main(["sample", *arguments, *config, *(str(files / name) for name in bodies)])


def test_the_sums_by_policy_are_printed(files, capsys):
    assert sample(files) == 0

    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["reason", "decision", "traces", "spans"],
        ["errors", "kept", "1", "2"],
        ["rest", "kept", "1", "1"],
    ]


def test_every_trace_is_explained(files, capsys):
    assert sample(files, "--explain") == 0

    printed = capsys.readouterr().out
    assert f"{A.hex()}  kept     errors  100 %  2 spans  10 ms  shop GET /orders/{{id}}" in printed
    assert "asked: errors no, rest 5 %; at 99 %" in printed
    assert "\x1b" not in printed


def test_explanations_can_be_read_by_programs(files, capsys):
    assert sample(files, "--json", bodies=["one.bin"]) == 0

    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["trace_id"], first["kept"], first["reason"]) == (A.hex(), False, "rest")
    assert second["steps"] == [
        {"policy": "errors", "rate": None},
        {"policy": "rest", "rate": pytest.approx(0.05, rel=1e-4)},
    ]


def test_without_policies_there_is_nothing_to_judge_by(files, capsys):
    (files / "bridge.toml").write_text("")

    assert sample(files) == 2
    assert "sampling.tail: missing" in capsys.readouterr().err


def test_a_file_that_is_no_telemetry_is_named(files, capsys):
    (files / "one.bin").write_bytes(b"<html>")

    assert sample(files) == 2
    captured = capsys.readouterr()
    assert "one.bin" in captured.err
    assert captured.out == ""
