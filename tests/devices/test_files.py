"""Files that are whole or not there at all."""

import errno
import os
from pathlib import Path

import pytest

from devices import OutputError
from devices.files import check_input, check_output, whole_file, write_error


def test_a_file_appears_only_when_whole(tmp_path: Path) -> None:
    path = tmp_path / ("한" * 80 + ".txt")  # 244 bytes: no room for a longer temporary name
    with whole_file(path) as part:
        part.write_text("new")
        assert part.parent == path.parent
        assert part.name.startswith(".")
        assert not path.exists()
    assert path.read_text() == "new"
    with pytest.raises(KeyboardInterrupt), whole_file(path) as part:
        part.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_says_how_far_it_came(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the disk is full"), whole_file(tmp_path / "a"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    message = str(write_error(tmp_path / "a", OSError(errno.ENOSPC, ""), written=2_000_000, share_done=0.25))
    assert "after 2.0 MB of about 8.0 MB" in message


def test_a_link_keeps_pointing_to_the_new_content(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    with whole_file(link) as part:
        part.write_text("new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_odd_names_are_refused_in_one_sentence(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for bad in (loop, tmp_path / ("x" * 300), Path("a\0b")):
        with pytest.raises(OutputError):
            check_output(bad)
    assert check_input(__file__) == Path(__file__).resolve()
