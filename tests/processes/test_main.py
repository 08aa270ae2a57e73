import subprocess
import sys

import pytest

from otel_bridge.cli.main import main
from otel_bridge.version import __version__


def run(*arguments, stdin=b"", env=None):
    return subprocess.run(
        [sys.executable, "-m", "otel_bridge", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=30,
        env=env,
    )


def test_the_module_is_the_console_script():
    assert run("--version").stdout.decode() == f"otel-bridge {__version__}\n"


def test_no_command_is_a_usage_error(capsys):
    with pytest.raises(SystemExit) as exit_:
        main([])

    assert exit_.value.code == 2
    assert "usage: otel-bridge" in capsys.readouterr().err


def test_a_missing_file_is_one_line_and_status_2(capsys, tmp_path):
    assert main(["convert", str(tmp_path / "none.bin")]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"otel-bridge: {tmp_path}/none.bin: No such file or directory\n"


def test_a_reader_that_leaves_early_is_no_error():
    script = "head -c 1 >/dev/null"
    lines = b'{"a": "' + b"x" * 4000 + b'"}\n'
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m otel_bridge scrub | {script}"],
        input=lines * 400,
        capture_output=True,
        check=False,
        timeout=30,
    )

    assert done.stderr == b""
