"""Secrets on disk."""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from semtui.system.private_directories import state_directory
from semtui.system.private_files import PrivateFileError, check_new, write_new, write_private

SECRET = "dGhpcy1pcy1hLXNlY3JldA"
UMASKS = [0o000, 0o022, 0o077, 0o700, 0o777]


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refusal(path: Path, text: str = SECRET) -> str:
    """The sentence for a path that is refused, which never holds the secret."""
    with pytest.raises(PrivateFileError) as caught:
        write_private(path, text)
    sentence = str(caught.value)
    assert SECRET not in sentence
    assert sentence.endswith(".")
    return sentence


@pytest.mark.parametrize("mask", UMASKS)
def test_a_new_file_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    with umask(mask):
        written = write_private(tmp_path / "token", SECRET + "\n")
    assert written == tmp_path / "token"
    assert mode_of(written) == 0o600
    assert written.read_text() == SECRET + "\n"


def test_a_relative_path_is_answered_with_the_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert write_private(Path("token"), SECRET) == tmp_path / "token"


def test_a_tilde_is_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert write_private(Path("~/token"), SECRET) == tmp_path / "token"
    assert (tmp_path / "token").read_text() == SECRET


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("older")
    assert "exists already" in refusal(path)
    assert path.read_text() == "older"


@pytest.mark.parametrize("exists", [True, False])
def test_a_symbolic_link_is_never_followed(tmp_path: Path, exists: bool) -> None:
    elsewhere = tmp_path / "elsewhere"
    if exists:
        elsewhere.write_text("older")
    link = tmp_path / "token"
    link.symlink_to(elsewhere)
    assert "symbolic link" in refusal(link)
    assert link.is_symlink()
    assert (elsewhere.read_text() if exists else not elsewhere.exists()) == ("older" if exists else True)


def test_a_directory_asks_for_a_file_name(tmp_path: Path) -> None:
    assert "is a directory" in refusal(tmp_path)


def test_a_missing_directory_is_named_and_not_created(tmp_path: Path) -> None:
    sentence = refusal(tmp_path / "new" / "token")
    assert f"no directory {tmp_path / 'new'}" in sentence
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_directory_that_takes_no_file_is_not_said_to_be_missing() -> None:
    assert refusal(Path("/proc/token")).startswith("/proc/token cannot be written: ")


def test_a_file_taken_for_a_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert f"{tmp_path / 'file'} is not a directory" in refusal(tmp_path / "file" / "token")


@pytest.mark.parametrize("path", ["", ".", "/", ".."])
def test_a_file_name_is_asked_for_when_there_is_none(path: str) -> None:
    assert "file name is missing" in refusal(Path(path))


@pytest.mark.parametrize("name", ["to\0ken", "to\x1b]0;ken", "to\nken", "to\u202eken"])
def test_a_name_that_cannot_be_printed_is_refused_in_printable_words(tmp_path: Path, name: str) -> None:
    sentence = refusal(tmp_path / name)
    assert "cannot be printed" in sentence
    assert sentence.isprintable()
    assert list(tmp_path.iterdir()) == []


def test_a_name_like_an_option_is_refused(tmp_path: Path) -> None:
    assert "begins with a dash" in refusal(tmp_path / "-rf")


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    assert "too long" in refusal(tmp_path / ("n" * 300))


def test_the_secret_is_refused_as_a_file_name(tmp_path: Path) -> None:
    refusal(tmp_path / SECRET, SECRET + "\n")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_home_directory_is_refused() -> None:
    assert "home directory" in refusal(Path("~nobody-of-this-name/token"))


def test_half_a_character_is_refused_without_the_text_in_the_cause(tmp_path: Path) -> None:
    with pytest.raises(PrivateFileError) as caught:
        write_private(tmp_path / "token", SECRET + "\ud800")
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert "does not permit it" in refusal(tmp_path / "token")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EDQUOT, "quota"),
        (errno.EACCES, "does not permit it"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
@pytest.mark.parametrize("call", ["open", "write", "fsync", "fchmod"])
def test_a_disk_that_fails_leaves_no_file_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, words: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, fail)
        sentence = refusal(tmp_path / "token")
    assert words in sentence
    assert str(tmp_path / "token") in sentence
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_a_few_bytes_at_a_time_gets_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data[:3])))
        path = write_private(tmp_path / "token", SECRET)
    assert path.read_text() == SECRET


def test_a_disk_that_cannot_keep_a_file_private_gets_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fchmod = os.fchmod
    with monkeypatch.context() as patched:
        patched.setattr(os, "fchmod", lambda descriptor, _: fchmod(descriptor, 0o644))
        assert "open to others" in refusal(tmp_path / "token")
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write_private(tmp_path / "token", SECRET)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mask", UMASKS)
def test_the_state_directory_and_its_parents_are_private_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    with umask(mask):
        directory = state_directory({}, tmp_path)
    assert directory == tmp_path / ".local/state/semtui"
    for made in (directory, directory.parent, directory.parent.parent):
        assert mode_of(made) == 0o700


def test_the_state_directory_goes_where_xdg_says(tmp_path: Path) -> None:
    assert state_directory({"XDG_STATE_HOME": str(tmp_path / "xdg")}, tmp_path) == tmp_path / "xdg/semtui"


@pytest.mark.parametrize("value", ["", "relative/state", "./state"])
def test_a_relative_xdg_directory_is_ignored(tmp_path: Path, value: str) -> None:
    assert state_directory({"XDG_STATE_HOME": value}, tmp_path) == tmp_path / ".local/state/semtui"


def test_an_open_state_directory_is_closed_to_others_and_keeps_what_it_holds(tmp_path: Path) -> None:
    directory = tmp_path / ".local/state/semtui"
    directory.mkdir(parents=True)
    directory.chmod(0o755)
    (directory / "kept").write_text("")
    parent_mode = mode_of(directory.parent)
    assert state_directory({}, tmp_path) == directory
    assert mode_of(directory) == 0o700
    assert mode_of(directory.parent) == parent_mode
    assert (directory / "kept").exists()


def test_a_state_directory_that_is_a_link_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "semtui").symlink_to(elsewhere)
    with pytest.raises(PrivateFileError, match="symbolic link"):
        state_directory({"XDG_STATE_HOME": str(tmp_path)}, tmp_path)


def test_a_state_directory_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = state_directory({}, tmp_path)
    stranger = directory.stat().st_uid + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    with pytest.raises(PrivateFileError, match="another user"):
        state_directory({}, tmp_path)


def test_a_file_in_place_of_the_state_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "semtui").write_text("")
    with pytest.raises(PrivateFileError, match=r"\.$"):
        state_directory({"XDG_STATE_HOME": str(tmp_path)}, tmp_path)


# Files that are no secret


def refusal_of_new(path: Path) -> str:
    """The sentence in which both the question and the writing refuse a path."""
    with pytest.raises(PrivateFileError) as asked:
        check_new(path)
    with pytest.raises(PrivateFileError) as written:
        write_new(path, "text")
    assert str(asked.value) == str(written.value)
    return str(written.value)


@pytest.mark.parametrize(("mask", "mode"), [(0o000, 0o666), (0o022, 0o644), (0o077, 0o600)])
def test_a_file_that_is_no_secret_is_open_as_the_umask_says(tmp_path: Path, mask: int, mode: int) -> None:
    path = tmp_path / "all.csv"
    assert check_new(path) == path
    with umask(mask):
        assert write_new(path, "Zoë\r\n") == path
    assert mode_of(path) == mode
    assert path.read_bytes() == b"Zo\xc3\xab\r\n"
    assert list(tmp_path.iterdir()) == [path]


def test_asking_writes_nothing(tmp_path: Path) -> None:
    check_new(tmp_path / "all.csv")
    assert list(tmp_path.iterdir()) == []


def test_paths_are_refused_alike_when_asked_and_when_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("older")
    (tmp_path / "link").symlink_to("nowhere")
    assert "exists already" in refusal_of_new(tmp_path / "file")
    assert "symbolic link" in refusal_of_new(tmp_path / "link")
    assert "is a directory" in refusal_of_new(tmp_path)
    assert "no directory" in refusal_of_new(tmp_path / "new" / "all.csv")
    assert "not a directory" in refusal_of_new(tmp_path / "file" / "all.csv")
    assert "too long" in refusal_of_new(tmp_path / ("n" * 300))
    assert (tmp_path / "file").read_text() == "older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link"]


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP])
def test_a_disk_without_links_gets_the_file_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", fail)
        path = write_new(tmp_path / "all.csv", "text")
        with pytest.raises(PrivateFileError, match="exists already"):
            write_new(path, "other")
    assert path.read_text() == "text"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("call", ["open", "write", "fsync", "link"])
def test_a_full_disk_leaves_no_piece_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, fail)
        with pytest.raises(PrivateFileError, match="disk is full"):
            write_new(tmp_path / "all.csv", "text")
    assert list(tmp_path.iterdir()) == []
