import linecache
import os

from otel_bridge.instrument import source
from otel_bridge.instrument.source import DiskSource


def test_a_file_is_read_by_lines(tmp_path):
    file = tmp_path / "a.py"
    file.write_bytes(b"# -*- coding: latin-1 -*-\r\nname = '\xe9'\x0cx\n")

    assert DiskSource().lines(str(file)) == ["# -*- coding: latin-1 -*-", "name = 'é'\x0cx", ""]


def test_what_is_no_source_is_not_opened(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "broken.py").write_bytes(b"# coding: no-such-codec\n")
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe\x00")
    names = ("a.txt", "folder.py", "pipe.py", "broken.py", "binary.py", "missing.py", "nul\0.py")

    assert [DiskSource().lines(str(tmp_path / name)) for name in names] == [None] * 7


def test_a_file_is_read_once(tmp_path):
    file = tmp_path / "a.py"
    file.write_text("first")
    disk = DiskSource()
    disk.lines(str(file))
    file.write_text("second")

    assert disk.lines(str(file)) == ["first"]


def test_the_cache_is_bounded(tmp_path):
    disk = DiskSource()
    for number in range(200):
        file = tmp_path / f"{number}.py"
        file.write_text("x" * 1_000)
        disk.lines(str(file))

    assert len(disk._files) <= 128
    assert disk._bytes == 1_000 * len(disk._files)


def test_generated_code_is_shown_where_it_was_registered():
    linecache.cache["<made here>"] = (4, None, ["x = 1\n"], "<made here>")
    try:
        assert DiskSource().lines("<made here>") == ["x = 1\n"]
        assert DiskSource().lines("<string>") is None
    finally:
        del linecache.cache["<made here>"]


def test_a_file_has_the_name_it_was_imported_under():
    disk = DiskSource()

    assert disk.module_name(source.__file__) == "otel_bridge.instrument.source"
    assert disk.module_name("/nowhere.py") is None
    assert disk.has_module("otel_bridge.instrument")
    assert not disk.has_module("otel_bridge.nowhere")


def test_installed_packages_are_known_by_name():
    installed = DiskSource().installed()

    assert installed["msgspec"]
    assert len(installed) <= 300
