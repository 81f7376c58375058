"""Settings files are replaced whole or not at all."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from semtui.system.private_files import PrivateFileError
from semtui.system.settings_files import replace_settings


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_new_file_is_for_its_owner_alone(tmp_path: Path, mask: int) -> None:
    path, before = tmp_path / "a.toml", os.umask(mask)
    try:
        assert replace_settings(path, "new\n", None) == path
    finally:
        os.umask(before)
    assert (path.read_text(), mode_of(path)) == ("new\n", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_another_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old\n")
    path.chmod(0o640)
    replace_settings(path, "new\n", b"old\n")
    assert (path.read_text(), mode_of(path)) == ("new\n", 0o640)


def test_through_a_link_the_file_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    path, link = tmp_path / "team" / "a.toml", tmp_path / "a.toml"
    path.write_text("old\n")
    link.symlink_to(path)
    assert replace_settings(link, "new\n", b"old\n") == path
    assert link.is_symlink()
    assert path.read_text() == "new\n"


@pytest.mark.parametrize("before", [None, b"", b"older\n"])
def test_what_was_changed_meanwhile_is_left_as_it_is(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old\n")
    with pytest.raises(PrivateFileError, match="has just been changed"):
        replace_settings(path, "new\n", before)
    assert path.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(PrivateFileError, match="has just been changed"):
        replace_settings(tmp_path / "a.toml", "new\n", b"old\n")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(PrivateFileError, match=f"There is no directory {tmp_path / 'none'}"):
        replace_settings(tmp_path / "none" / "a.toml", "new\n", None)


def test_of_many_at_once_none_undoes_another(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("")

    def add(number: int) -> bool:
        before = path.read_bytes()
        try:
            replace_settings(path, f"{before.decode()}{number}\n", before)
        except PrivateFileError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        added = [number for number, done in enumerate(pool.map(add, range(40))) if done]
    assert added
    assert sorted(map(int, path.read_text().split())) == added
    assert list(tmp_path.iterdir()) == [path]
