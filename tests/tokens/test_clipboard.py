"""Copying, with real tools that are small shell scripts on a PATH of their own."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from semtui.tokens.clipboard import CopyReport, copy_text

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(sys.platform != "linux", reason="macOS and Windows have clipboards of their own"),
]

SECRET = "dGhpcy1pcy1hLXNlY3JldA"
PATIENT = 30.0
"""Long enough for a shell script on a busy computer."""

AT_WAYLAND = {"WAYLAND_DISPLAY": "wayland-0"}
AT_X11 = {"DISPLAY": ":0"}
ON_WSL = {"WSL_DISTRO_NAME": "Debian"}
IN_TMUX = {"TMUX": "/tmp/tmux-1000/default,1,0"}

SENT = "Sent to your terminal's clipboard (it gives no answer). Paste it once to be sure."
RECORD = "cat > {place}/{name}.stdin; printf '%s\\n' \"$@\" > {place}/{name}.argv; env > {place}/{name}.env"


class Desk:
    """A PATH with pretend tools, and a terminal that notes what it is sent."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.bin = place / "bin"
        self.bin.mkdir()
        self.sent: list[str] = []

    def add_tool(self, name: str, script: str = RECORD) -> None:
        program = self.bin / name
        body = script.format(place=self.place, name=name)
        program.write_text(f"#!/bin/sh\nPATH=/usr/local/bin:/usr/bin:/bin\n{body}\n")
        program.chmod(0o755)

    def record(self, name: str, stream: str = "stdin") -> str:
        return (self.place / f"{name}.{stream}").read_text()

    def ran(self, name: str) -> bool:
        return (self.place / f"{name}.stdin").exists()

    def is_running(self, note: Path) -> bool:
        """Whether the process of that note exists; one that ended without being reaped does."""
        try:
            os.kill(int(note.read_text()), 0)
        except ProcessLookupError:
            return False
        return True

    async def copy(self, environ: dict[str, str], text: str = SECRET, patience: float = PATIENT) -> CopyReport:
        report = await copy_text(
            text, environ={"PATH": str(self.bin), **environ}, send_osc52=self.sent.append, timeout=patience
        )
        assert SECRET not in report.words
        assert SECRET not in repr(report)
        return report


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def left_behind(tmp_path: Path) -> Iterator[Path]:
    """Where a tool notes the id of what it leaves running, which is ended after the test."""
    note = tmp_path / "left_behind"
    yield note
    os.kill(int(note.read_text()), signal.SIGKILL)


@pytest.mark.parametrize(
    ("variable", "tool"), [("WAYLAND_DISPLAY", "wl-copy"), ("DISPLAY", "xclip"), ("DISPLAY", "xsel")]
)
async def test_at_this_computer_a_tool_takes_the_text_and_says_so(desk: Desk, variable: str, tool: str) -> None:
    desk.add_tool(tool)
    report = await desk.copy({variable: ":0"})
    assert report == CopyReport(True, f"Copied to this computer's clipboard with {tool}.")
    assert desk.record(tool) == SECRET
    assert desk.sent == []


async def test_wayland_is_asked_before_x11(desk: Desk) -> None:
    for tool in ("wl-copy", "xclip", "xsel"):
        desk.add_tool(tool)
    report = await desk.copy(AT_WAYLAND | AT_X11)
    assert "with wl-copy" in report.words
    assert not desk.ran("xclip")


async def test_a_tool_that_fails_gives_way_to_the_next(desk: Desk) -> None:
    desk.add_tool("wl-copy", "exit 1")
    desk.add_tool("xclip", RECORD + "; exit 1")
    desk.add_tool("xsel")
    report = await desk.copy(AT_WAYLAND | AT_X11)
    assert report == CopyReport(True, "Copied to this computer's clipboard with xsel.")


async def test_a_tool_that_cannot_be_run_gives_way_to_the_terminal(desk: Desk) -> None:
    (desk.bin / "xclip").write_bytes(b"\x7fELF, but not really")
    (desk.bin / "xclip").chmod(0o755)
    assert await desk.copy(AT_X11) == CopyReport(False, SENT)
    assert desk.sent == [SECRET]


async def test_a_tool_sees_neither_the_text_nor_the_token_but_on_its_standard_input(desk: Desk) -> None:
    desk.add_tool("xclip")
    await desk.copy(AT_X11 | {"SEMAPHORE_API_TOKEN": "token-of-semtui", "LANG": "C.UTF-8"})
    assert desk.record("xclip", "argv").split() == ["-selection", "clipboard"]
    environ = desk.record("xclip", "env")
    assert "LANG=C.UTF-8" in environ
    assert "token-of-semtui" not in environ
    assert SECRET not in environ


async def test_a_tool_that_stays_behind_is_not_waited_for(desk: Desk, left_behind: Path) -> None:
    # Without the redirection sh would give the job /dev/null; xclip keeps what it was started with.
    desk.add_tool("xclip", RECORD + f"; sleep 300 <&0 & echo $! > {left_behind}")
    report = await desk.copy(AT_X11)
    assert report.known
    assert desk.is_running(left_behind)


@pytest.mark.parametrize("text", [SECRET, "x" * 1_000_000], ids=["short", "larger than a pipe"])
async def test_a_tool_that_hangs_is_ended_and_gives_way_to_the_terminal(desk: Desk, text: str) -> None:
    desk.add_tool("xclip", "echo $$ > {place}/pid; exec sleep 300")
    assert await desk.copy(AT_X11, text, patience=1.0) == CopyReport(False, SENT)
    assert desk.sent == [text]
    assert not desk.is_running(desk.place / "pid")


async def test_calling_the_copy_off_ends_the_tool(desk: Desk) -> None:
    started = desk.place / "started"
    os.mkfifo(started)
    desk.add_tool("xclip", "echo $$ > {place}/started; exec sleep 300")
    copying = asyncio.create_task(desk.copy(AT_X11))
    pid = int(await asyncio.to_thread(started.read_text))
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_what_a_tool_prints_never_reaches_the_screen(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.add_tool("xclip", RECORD + "; echo Error: cannot open display >&2; cat {place}/xclip.stdin")
    assert (await desk.copy(AT_X11)).known
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("variable", ["SSH_CONNECTION", "SSH_TTY"])
async def test_over_ssh_the_clipboard_of_the_server_is_left_alone(desk: Desk, variable: str) -> None:
    for tool in ("wl-copy", "xclip", "xsel", "pbcopy"):
        desk.add_tool(tool)
    report = await desk.copy(AT_WAYLAND | AT_X11 | ON_WSL | {variable: "somewhere"})
    assert report == CopyReport(False, SENT)
    assert desk.sent == [SECRET]
    assert not any(map(desk.ran, ("wl-copy", "xclip", "xsel", "pbcopy")))


async def test_without_a_display_the_terminal_is_asked(desk: Desk) -> None:
    desk.add_tool("xclip")
    assert await desk.copy({}) == CopyReport(False, SENT)
    assert desk.sent == [SECRET]


async def test_where_pyperclip_finds_no_clipboard_the_terminal_is_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    if os.environ.get("WSL_DISTRO_NAME"):
        pytest.skip("here it does find one")
    assert await desk.copy(ON_WSL) == CopyReport(False, SENT)
    assert desk.sent == [SECRET]


async def test_tmux_is_given_the_text_on_its_standard_input(desk: Desk) -> None:
    desk.add_tool("tmux", f"[ $1 = load-buffer ] || exit 0\n{RECORD}")
    report = await desk.copy(IN_TMUX | {"SSH_TTY": "/dev/pts/0"})
    assert report.known
    assert "whether it also went on to your terminal is not known" in report.words
    assert "Paste it once to be sure" in report.words
    assert "tmux delete-buffer" in report.words
    assert desk.record("tmux") == SECRET
    assert desk.record("tmux", "argv").split() == ["load-buffer", "-w", "-"]
    assert f"TMUX={IN_TMUX['TMUX']}" in desk.record("tmux", "env")
    assert desk.sent == []


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("echo external; echo bpaste,clipboard,title", "and sent on to your terminal."),
        ("echo on; echo clipboard", "and sent on to your terminal."),
        ("echo off; echo bpaste,clipboard", "set-clipboard is off, so do not count on finding it in your terminal's"),
        ("echo external; echo bpaste,title", "whether it also went on to your terminal is not known."),
        ("echo external; echo", "is not known."),
        ("exit 1", "is not known."),
        ("exec sleep 300", "is not known."),
        ("echo clipboard; exit 1", "is not known."),
    ],
)
async def test_tmux_is_asked_whether_it_sends_on_what_it_is_given(desk: Desk, told: str, words: str) -> None:
    desk.add_tool("tmux", f"if [ $1 = load-buffer ]; then {RECORD}; else {told}; fi")
    report = await desk.copy(IN_TMUX, patience=1 if "sleep" in told else PATIENT)
    assert report.known
    assert words in report.words
    assert desk.record("tmux") == SECRET


@pytest.mark.parametrize("script", [None, "exit 1", "exec sleep 300"])
async def test_where_tmux_does_not_take_it_the_words_doubt_that_it_arrives(desk: Desk, script: str | None) -> None:
    if script is not None:
        desk.add_tool("tmux", script)
    report = await desk.copy(IN_TMUX, patience=0.5 if script and "sleep" in script else PATIENT)
    assert not report.known
    assert "tmux may not" in report.words
    assert desk.sent == [SECRET]


async def test_inside_screen_the_words_doubt_that_it_arrives(desk: Desk) -> None:
    report = await desk.copy({"STY": "1234.pts-0.here"})
    assert not report.known
    assert "GNU screen may" in report.words
    assert desk.sent == [SECRET]


async def test_half_a_character_does_not_stop_the_copy(desk: Desk) -> None:
    desk.add_tool("xclip")
    assert (await desk.copy(AT_X11, "a\ud800b")).known
    assert desk.record("xclip") == "a?b"


def test_importing_it_loads_neither_asyncio_nor_pyperclip() -> None:
    code = (
        "import sys, semtui.tokens.clipboard; sys.exit(any(name in sys.modules for name in ('asyncio', 'pyperclip')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
