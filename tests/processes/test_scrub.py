import json
import os
import subprocess
import sys

import pytest

SECRET = "hunter2-" + "z" * 10


def scrub(*arguments, stdin):
    return subprocess.run(
        [sys.executable, "-m", "otel_bridge", "scrub", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=30,
    )


LINES = [
    {"id": 1, "user": {"password": SECRET, "name": "ann"}},
    {"id": 2, "note": "nothing here", "pi": 3.10},
    ["list", None, True],
]
INPUT = "".join(json.dumps(line) + "\n" for line in LINES).encode()


def test_the_same_objects_come_out_in_the_same_order_without_the_secret():
    done = scrub(stdin=INPUT)

    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert out[1:] == LINES[1:]
    assert out[0]["user"]["name"] == "ann"
    assert SECRET.encode() not in done.stdout


def test_findings_name_rule_path_and_range_and_never_the_value(tmp_path):
    findings = tmp_path / "findings.jsonl"
    scrub("--findings", findings, stdin=INPUT)

    (found,) = [json.loads(line) for line in findings.read_text().splitlines()]
    assert set(found) == {"line", "rule", "path", "start", "end"}
    assert (found["line"], found["path"]) == (1, "user.password")
    assert SECRET not in findings.read_text()


def test_a_dry_run_changes_nothing_and_still_reports(tmp_path):
    findings = tmp_path / "findings.jsonl"
    done = scrub("--dry-run", "--findings", findings, stdin=INPUT)

    assert done.stdout == INPUT
    assert findings.read_text().count("\n") == 1


@pytest.mark.parametrize("bad", [b"{broken", b"\xff\xfe", b"{} {}"])
def test_a_line_that_is_no_json_ends_the_run_with_its_number(bad):
    done = scrub(stdin=b'{"a": 1}\n' + bad + b"\n")

    assert (done.returncode, done.stdout) == (2, b'{"a": 1}\n')
    assert done.stderr.startswith(b"otel-bridge: standard input, line 2: ")
    assert done.stderr.count(b"\n") == 1


def test_a_findings_file_that_cannot_be_written_is_noticed_before_any_output(tmp_path):
    done = scrub("--findings", tmp_path / "no" / "folder", stdin=INPUT)

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"No such file or directory" in done.stderr


def test_half_a_surrogate_pair_does_not_end_the_run(tmp_path):
    findings = tmp_path / "findings.jsonl"
    lines = b'{"a": "\\ud800", "\\udc00": {"password": "hunter22"}}\n{"a": 1}\n'

    done = scrub("--findings", findings, stdin=lines)

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.splitlines() == [
        b'{"a":"\\ud800","\\udc00":{"password":"[Filtered:password]"}}',
        b'{"a": 1}',
    ]
    (found,) = [json.loads(line) for line in findings.read_text().splitlines()]
    assert found["path"] == "\\udc00.password"


def test_a_large_file_shows_progress_on_a_terminal_and_only_there(tmp_path):
    file = tmp_path / "large.jsonl"
    file.write_bytes(b'{"note": "%b"}\n' % (b"nothing here " * 80) * 17_000)
    ours, theirs = os.openpty()

    with file.open("rb") as stdin:
        done = subprocess.run(
            [sys.executable, "-m", "otel_bridge", "scrub"],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=theirs,
            check=True,
            timeout=60,
        )

    os.close(theirs)
    told = os.read(ours, 10_000).decode()
    os.close(ours)
    assert done.stdout == file.read_bytes()
    assert "8 MB (4" in told
    assert told.endswith("\r\x1b[K")
