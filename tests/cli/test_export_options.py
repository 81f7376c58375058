"""`semtui export`: its options, the files it writes, and pipes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.export.contents import (
    COLUMNS,
    WHATS,
)
from tests.support.commands import TOKEN, Run, program, shell
from tests.support.terminal import SEMTUI, clean_environment

# Options


def test_options_may_stand_before_or_after_the_word(tmp_path: Path) -> None:
    for arguments in (["--demo", "export"], ["export", "--demo"], ["--demo", "--read-only", "export", "--read-only"]):
        ended = program(tmp_path, *arguments, "--what", "groups")
        assert ended.returncode == 0, ended.stderr
        assert ended.stdout.startswith(b"name,description,members,")


def test_a_host_given_before_the_word_is_not_forgotten(tmp_path: Path) -> None:
    ended = program(tmp_path, "--host", "me.semaphoreci.com", "export", SEMAPHORE_API_TOKEN=TOKEN)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert b"not an organization" in ended.stderr


def test_export_needs_no_terminal_and_loads_no_textual(tmp_path: Path) -> None:
    # httpx's command line needs click and, once it has found it, loads Rich: as where click is installed.
    (tmp_path / "click.py").write_text("import rich\nraise ImportError\n")
    code = (
        "import sys\nfrom semtui.__main__ import main\nstatus = main(['export', '--demo', '--output', sys.argv[1]])\n"
    )
    code += "print(status, sorted({name.partition('.')[0] for name in sys.modules} & {'textual', 'rich', 'httpx'}))"
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "all.csv")],
        env=clean_environment(tmp_path, PYTHONPATH=str(tmp_path)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stdout == "0 ['httpx']\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--what", TOKEN], "--what takes people, service-accounts, groups, roles, projects or all"),
        (["--format", TOKEN], "--format takes csv or json"),
        (["--format", "json", "--bom"], "--bom is for CSV"),
        (["--what", ""], "--what takes"),
        (["--format", "CSV"], "--format takes csv or json"),
        (["--demo", "--host", "acme.semaphoreci.com"], "--demo opens the built-in organization"),
        (["--host", f"acme.semaphoreci.com/{TOKEN}"], "is not a host"),
    ],
)
def test_a_wrong_option_is_one_sentence_that_does_not_repeat_it(
    export: Run, server: DemoServer, arguments: list[str], said: str
) -> None:
    ended = export(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert len(ended.err.splitlines()) == 1
    assert "canary" not in ended.err
    assert server.requests == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", TOKEN],
        [TOKEN],
        [TOKEN, "export"],
        ["export", "--token", TOKEN],
        ["export", f"--token={TOKEN}"],
        ["export", f"--demo={TOKEN}"],
        [f"--demo={TOKEN}"],
        ["export", "--out", TOKEN],
    ],
)
def test_an_unknown_argument_is_refused_and_not_repeated(tmp_path: Path, arguments: list[str]) -> None:
    ended = program(tmp_path, *arguments)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert b"unknown argument" in ended.stderr
    assert b"canary" not in ended.stderr


def test_help_tells_the_options_and_every_column(tmp_path: Path) -> None:
    ended = program(tmp_path, "export", "--help")
    assert (ended.returncode, ended.stderr) == (0, b"")
    words = ended.stdout.decode()
    options = set(re.findall(r"^  (?:-\w, )?(--[\w-]+)", words, re.MULTILINE))
    connection = {"--help", "--demo", "--context", "--host", "--read-only", "--ca-file"}
    assert options == connection | {"--what", "--format", "--output", "--bom", "--filter"}
    for what in WHATS:
        told = re.search(rf"^  {what}: +((?:.|\n {{20}})+)", words, re.MULTILINE)
        assert told is not None
        assert re.sub(r"\s", "", told[1]) == ",".join(COLUMNS[what])


# Files


def test_a_file_is_written_whole_and_by_the_umask(export: Run, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    before = os.umask(0o027)
    try:
        ended = export("--output", str(path))
    finally:
        os.umask(before)
    assert (ended.status, ended.out) == (0, "")
    assert ended.err.endswith(f"semtui: Exported to {path}.\n")
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.stat().st_nlink == 1
    assert path.read_bytes().decode() == export().out
    assert list(tmp_path.iterdir()) == [path]


def test_an_existing_file_is_neither_overwritten_nor_anything_read(
    export: Run, server: DemoServer, tmp_path: Path
) -> None:
    path = tmp_path / "all.csv"
    path.write_text("older")
    ended = export("--output", str(path))
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == f"semtui: {path} exists already and is never overwritten; choose another name, or remove it.\n"
    assert path.read_text() == "older"
    assert server.requests == []


def test_a_file_that_appears_meanwhile_is_not_overwritten(export: Run, server: DemoServer, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    server.inject(Fault(path="/groups", kind="hold"))

    def write_meanwhile() -> None:
        assert server.wait_until_held(timeout=30)
        path.write_text("somebody else's")
        server.release()

    meanwhile = threading.Thread(target=write_meanwhile)
    meanwhile.start()
    ended = export("--output", str(path))
    meanwhile.join()
    assert (ended.status, ended.out) == (1, "")
    assert "exists already and is never overwritten" in ended.err
    assert "Exported" not in ended.err
    assert path.read_text() == "somebody else's"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("dangling", [True, False])
def test_a_link_is_never_followed(export: Run, tmp_path: Path, dangling: bool) -> None:
    elsewhere = tmp_path / "elsewhere"
    if not dangling:
        elsewhere.write_text("older")
    link = tmp_path / "all.csv"
    link.symlink_to(elsewhere)
    ended = export("--output", str(link))
    assert (ended.status, ended.out) == (2, "")
    assert "is a symbolic link, which is never written through" in ended.err
    assert elsewhere.exists() != dangling
    assert dangling or elsewhere.read_text() == "older"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param("", "A file name is missing", id="empty"),
        pytest.param(".", "A file name is missing", id="here"),
        pytest.param("directory", "is a directory; add a file name", id="directory"),
        pytest.param("directory/..", "A file name is missing", id="dots"),
        pytest.param("none/all.csv", "There is no directory", id="missing directory"),
        pytest.param("file/all.csv", "is not a directory", id="file for a directory"),
        pytest.param("n" * 300, "is too long", id="too long"),
        pytest.param("./-rf", "begins with a dash", id="dash"),
        pytest.param("a\nb", "cannot be printed", id="line break"),
        pytest.param("\x1b]0;x\x07", "cannot be printed", id="escape sequence"),
        pytest.param("a\0b", "cannot be printed", id="NUL"),
        pytest.param("loop/all.csv", "too many symbolic links", id="loop"),
        pytest.param("~nobody-of-this-name/all.csv", "home directory", id="unknown home"),
    ],
)
def test_a_bad_path_is_a_sentence_before_anything_is_read(
    export: Run, server: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "directory").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    before = sorted(tmp_path.rglob("*"))
    ended = export("--output", path)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert ended.err.rstrip("\n").isprintable()
    assert len(ended.err.splitlines()) == 1
    assert server.requests == []
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_may_not_be_written_is_named(export: Run, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(0o500)
    ended = export("--output", str(closed / "all.csv"))
    assert (ended.status, ended.out) == (2, "")
    assert "does not permit it" in ended.err


# Pipes


def test_whoever_stops_reading_ends_it_quietly(tmp_path: Path) -> None:
    # More than a pipe holds, so that head is gone before all is written.
    with DemoServer(size=1000) as large:
        ended = shell(
            tmp_path,
            '"$SEMTUI" export --format json | head -c 10; echo "${PIPESTATUS[0]}" >&2',
            SEMAPHORE_HOST=large.address,
            SEMAPHORE_API_TOKEN=large.tokens["owner"],
        )
    assert ended.stdout == b'{\n  "peopl'
    first, last = ended.stderr.decode().splitlines()
    assert first.startswith("semtui: Reading ")
    assert last == "1"


def test_a_pipe_that_is_already_closed_ends_it_quietly(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ran = subprocess.run(
            [SEMTUI, "export", "--demo", "--what", "roles"],
            env=clean_environment(tmp_path),
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writer)
    assert ran.returncode == 1
    assert re.fullmatch(rb"semtui: Reading [\d.:]+\.\n", ran.stderr)


def test_a_full_disk_behind_standard_output_is_told(tmp_path: Path) -> None:
    ended = shell(tmp_path, '"$SEMTUI" export --demo >/dev/full')
    assert ended.returncode == 1
    assert ended.stderr.decode().splitlines()[1:] == [
        "semtui: Standard output cannot be written: No space left on device."
    ]


def test_a_closed_standard_output_is_a_sentence(tmp_path: Path) -> None:
    ended = shell(tmp_path, '"$SEMTUI" export --demo >&-')
    assert ended.returncode == 2
    assert ended.stderr == b"semtui: Standard output is closed; give a file with --output.\n"
    assert shell(tmp_path, '"$SEMTUI" export --demo --output all.csv >&-').returncode == 0


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(("where", "reason"), [(">/dev/full", "cannot be written"), (">&-", "is closed.")])
def test_what_was_done_is_told_where_standard_output_takes_nothing(
    tmp_path: Path, where: str, reason: str, form: str
) -> None:
    line = f'"$SEMTUI" account edit --demo terraform --description x --format {form}'
    ended = shell(tmp_path, f"{line} {where}")
    assert ended.returncode == 0
    assert f"semtui: Standard output {reason}" in ended.stderr.decode()
    assert "semtui: Saved terraform." in ended.stderr.decode()
    assert shell(tmp_path, f"{line} --dry-run {where}").returncode == 1


def test_a_closed_standard_error_leaves_the_export_clean(tmp_path: Path) -> None:
    ended = shell(tmp_path, '"$SEMTUI" export --demo --what roles 2>&-')
    assert ended.returncode == 0
    assert ended.stdout.startswith(b"name,description,scope,")
    assert b"semtui:" not in ended.stdout


def test_the_file_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    ended = program(tmp_path, "export", "--demo", "--what", "people", LANG="C", LC_ALL="C", PYTHONUTF8="0")
    assert ended.returncode == 0
    assert "王秀英" in ended.stdout.decode()
