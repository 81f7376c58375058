"""Copies text to where the user can paste it, and reports how far that is known to have worked."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_LOCAL_TOOLS = (
    ("WAYLAND_DISPLAY", ("wl-copy", "--type", "text/plain")),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
)
_TMUX = ("tmux", "load-buffer", "-w", "-")

_ABOUT_TMUX = ("tmux", "show-options", "-sv", "set-clipboard", ";", "display-message", "-p", "#{client_termfeatures}")

_IN_TMUX = "Put into tmux's paste buffer{}. Paste it once to be sure; tmux keeps a copy until `tmux delete-buffer`."
_SENT_ON = " and sent on to your terminal"
_KEPT_THERE = "; tmux's option set-clipboard is off, so do not count on finding it in your terminal's own clipboard"
_PERHAPS_SENT_ON = "; whether it also went on to your terminal is not known"
_PAST_TMUX = "Sent towards your terminal's clipboard, but tmux may not have let it through. Paste it once to be sure."
_PAST_SCREEN = "Sent towards your terminal's clipboard, but GNU screen may hold it back. Paste it once to be sure."
_SENT = "Sent to your terminal's clipboard (it gives no answer). Paste it once to be sure."
_HANDED_OVER = "Handed to this computer's clipboard (it gives no answer). Paste it once to be sure."


@dataclass(frozen=True, slots=True)
class CopyReport:
    """The result of a copy, without the copied text."""

    known: bool
    """True if a program confirmed that it holds the text; otherwise the text was only sent."""
    words: str
    """The result in sentences, for the person who copied."""


async def copy_text(
    text: str,
    *,
    environ: Mapping[str, str],
    send_osc52: Callable[[str], None],
    timeout: float = 2.0,  # noqa: ASYNC109 - per tool; a caller's own time limit would leave out the terminal
) -> CopyReport:
    """Copy to this computer's clipboard, or through the terminal when the person sits at another computer."""
    # Half a character cannot be encoded, and the error about it would carry the text.
    text = text.encode(errors="replace").decode()
    # Over SSH a clipboard found here would be the server's, open to whoever sits there.
    if not (environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")):
        report = await _copy_locally(text, environ, timeout)
        if report is not None:
            return report
    return await _copy_through_terminal(text, environ, send_osc52, timeout)


async def _copy_locally(text: str, environ: Mapping[str, str], patience: float) -> CopyReport | None:
    tools = [command for variable, command in _LOCAL_TOOLS if environ.get(variable)]
    if sys.platform == "darwin":
        tools.append(("pbcopy",))
    for command in tools:
        if await _pipe_to(command, text, environ, patience):
            return CopyReport(True, f"Copied to this computer's clipboard with {command[0]}.")
    # Elsewhere pyperclip would only start the same tools again, without looking at their exit code.
    if (sys.platform == "win32" or environ.get("WSL_DISTRO_NAME")) and await _copy_with_pyperclip(text, patience):
        return CopyReport(False, _HANDED_OVER)
    return None


async def _copy_through_terminal(
    text: str, environ: Mapping[str, str], send_osc52: Callable[[str], None], patience: float
) -> CopyReport:
    # By default tmux swallows an application's OSC 52 but forwards what its own command is given.
    if environ.get("TMUX") and await _pipe_to(_TMUX, text, environ, patience):
        return CopyReport(True, _IN_TMUX.format(await _sent_on(environ, patience)))
    send_osc52(text)
    if environ.get("TMUX"):
        return CopyReport(False, _PAST_TMUX)
    return CopyReport(False, _PAST_SCREEN if environ.get("STY") else _SENT)


async def _sent_on(environ: Mapping[str, str], patience: float) -> str:
    """Whether tmux passes the text on to the terminal, as far as that can be known."""
    import shutil

    from semtui.system.subprocesses import output_of

    program = shutil.which(_ABOUT_TMUX[0], path=environ.get("PATH", os.defpath))
    try:
        told = await output_of((program, *_ABOUT_TMUX[1:]), environ, patience) if program else ""
    except OSError:
        told = ""
    setting, _, features = told.partition("\n")
    if setting == "off":
        return _KEPT_THERE
    # A terminal that takes no OSC 52 is sent none.
    return _SENT_ON if setting and "clipboard" in features.strip().split(",") else _PERHAPS_SENT_ON


async def _pipe_to(command: tuple[str, ...], text: str, environ: Mapping[str, str], patience: float) -> bool:
    """Run a tool with the text on its standard input; True if it reported success in time."""
    import shutil

    from semtui.system.subprocesses import feed

    program = shutil.which(command[0], path=environ.get("PATH", os.defpath))
    if program is None:
        return False
    try:
        # xclip and wl-copy stay behind to serve the clipboard, and must outlive the terminal.
        return (await feed((program, *command[1:]), text, environ, patience)).succeeded
    except OSError:
        return False


async def _copy_with_pyperclip(text: str, patience: float) -> bool:
    import asyncio

    import pyperclip

    try:
        async with asyncio.timeout(patience):
            await asyncio.to_thread(pyperclip.copy, text)
    except (pyperclip.PyperclipException, OSError):
        return False
    return True
