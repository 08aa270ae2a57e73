"""The line on the terminal while a large input is read."""

import io

import pytest

from otel_bridge.cli.progress import STEP_BYTES, Progress, size_of


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_long_run_says_how_far_it_is_and_cleans_up_behind_itself():
    terminal = Terminal()

    with Progress(terminal, STEP_BYTES * 2) as progress:
        progress.add(STEP_BYTES, 2)
        told = terminal.getvalue()

    assert told == "\r8 MB (50%), 1 lines, 2 redactions\x1b[K"
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_without_a_size_there_is_no_share():
    terminal = Terminal()

    with Progress(terminal, 0) as progress:
        progress.add(STEP_BYTES, 0)

    assert "%" not in terminal.getvalue()


def test_a_short_run_shows_nothing():
    terminal = Terminal()

    with Progress(terminal, 100) as progress:
        progress.add(100, 1)

    assert terminal.getvalue() == ""


@pytest.mark.parametrize("stream", [io.StringIO(), None])
def test_where_nobody_looks_nothing_is_written(stream):
    with Progress(stream, 0) as progress:
        progress.add(STEP_BYTES * 3, 1)

    assert stream is None or stream.getvalue() == ""


def test_a_file_has_a_size_and_a_stream_in_memory_has_none(tmp_path):
    file = tmp_path / "a"
    file.write_bytes(b"abc")

    with file.open("rb") as stream:
        assert size_of(stream) == 3
    assert size_of(io.BytesIO(b"abc")) == 0
