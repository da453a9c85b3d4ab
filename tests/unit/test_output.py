from __future__ import annotations

import errno
import os
import stat

import pytest

from geomap.errors import OutputError
from geomap.output import replacing, require_folder


def test_the_file_gets_its_content_and_no_other_stays(tmp_path):
    with replacing(tmp_path / "a.txt") as file:
        file.write(b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_failure_in_the_block_keeps_the_old_file(tmp_path):
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), replacing(target) as file:
        file.write(b"half of the new" * (1 // 0))
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_new_file_has_the_usual_permissions_and_an_old_one_keeps_its_own(tmp_path):
    old = os.umask(0o027)
    try:
        with replacing(tmp_path / "new"):
            pass
        (tmp_path / "old").touch()
        (tmp_path / "old").chmod(0o600)
        with replacing(tmp_path / "old"):
            pass
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "old").stat().st_mode) == 0o600


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(OutputError, match=r"no folder .*missing, create it"):
        require_folder(tmp_path / "missing" / "map.html")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(OutputError, match="is a folder"), replacing(tmp_path):
        pass


def test_a_full_disk_is_told_and_the_old_file_stays(tmp_path, monkeypatch):
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="no space left"), replacing(tmp_path / "a"):
        pass
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_link_stays_and_its_target_is_replaced(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    with replacing(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_link_into_a_missing_folder_is_named(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "missing" / "file")
    with pytest.raises(OutputError, match=r"no folder .*missing"), replacing(tmp_path / "link"):
        pass


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with replacing(pipe) as file:
        file.write(b"new")
    assert os.read(reader, 10) == b"new"
    os.close(reader)
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_full_device_is_told():
    with (
        pytest.raises(OutputError, match=r"/dev/full: .*no space left"),
        replacing("/dev/full") as file,
    ):
        file.write(b"new")


def test_a_write_protected_file_is_left_alone(tmp_path, monkeypatch):
    # The tests may run as root, who may write to everything.
    monkeypatch.setattr(os, "access", lambda path, _mode: path != tmp_path / "a")
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(OutputError, match="a: is write-protected"), replacing(tmp_path / "a"):
        pass
    with replacing(tmp_path / "b"):
        pass


def test_the_longest_name_can_be_written(tmp_path):
    target = tmp_path / ("\N{GREEK SMALL LETTER ALPHA}" * 127)
    with replacing(target):
        pass
    assert list(tmp_path.iterdir()) == [target]
