"""What the terminal can do, according to the environment: colors, character set, and whether it is remote."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from semtui.text.counting import count

MOST_COLUMNS, MOST_LINES = 1000, 500
"""The largest size that is drawn: a larger one is an error somewhere, and drawing it would take minutes."""
LEAST_COLUMNS, LEAST_LINES = 60, 15
"""The smallest size: a smaller screen shows too little to decide anything."""


@dataclass(frozen=True)
class Terminal:
    """One terminal; the defaults describe the most capable one."""

    own_colors: bool = False
    """True if only the terminal's own 16 colors can be used, or none with NO_COLOR."""
    ascii_only: bool = False
    """True if only ASCII characters are displayed."""
    remote: bool = False
    """True over an SSH connection."""


def terminal_of(environ: Mapping[str, str], *, utf8: bool) -> Terminal:
    """The terminal of a program with this environment; `utf8` says whether its locale is UTF-8."""
    return Terminal(
        own_colors="NO_COLOR" in environ or not _many_colors(environ),
        ascii_only=not utf8,
        remote=bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")),
    )


def utf8_locale(environ: Mapping[str, str], encoding: str, utf8_mode: int) -> bool:
    """Whether the locale is UTF-8. In the C locale Python writes UTF-8 anyway (`utf8_mode`), which such a terminal does
    not display, unless PYTHONUTF8 asked for it."""
    coerced = utf8_mode and environ.get("PYTHONUTF8") != "1"
    return not coerced and encoding.lower().replace("-", "") == "utf8"


def _many_colors(environ: Mapping[str, str]) -> bool:
    # The same rules by which Rich, and so Textual, chooses what it sends.
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return True
    return environ.get("TERM", "").lower().rpartition("-")[2] in ("256color", "kitty")


def erases_in_color(environ: Mapping[str, str]) -> bool:
    """Whether the terminal erases to the background color, by its terminfo entry (`bce`) and unless SEMTUI_NO_BCE is
    set. tmux does, but its entry does not say so, and neither does that of `screen`, which may not."""
    if environ.get("SEMTUI_NO_BCE"):
        return False
    try:
        import curses
    except ImportError:
        # A Python without curses. Every terminal draws blanks.
        return False
    try:
        # Reads the entry only the first time it is called in a process.
        curses.setupterm(environ.get("TERM", ""), 0)
    except curses.error:
        return False
    return curses.tigetflag("bce") > 0


def obstacle(environ: Mapping[str, str], columns: int, lines: int) -> str:
    """Why no screen can be drawn here, and what to do instead; "" if one can. A size of 0 means unknown."""
    if environ.get("TERM", "").lower() in ("dumb", "unknown", ""):
        name = environ.get("TERM") or "not set"
        return (
            f"This terminal (TERM is {name}) cannot draw a screen. `semtui --plain` needs none: it offers the same as "
            "menus and lines. If it can draw, set TERM to what it is, as in TERM=xterm. "
            "`semtui export` needs no screen either."
        )
    if 0 < columns < LEAST_COLUMNS or 0 < lines < LEAST_LINES:
        return (
            f"This window has {count(columns, 'column')} and {count(lines, 'line')}; the screen needs {LEAST_COLUMNS} "
            f"and {LEAST_LINES}. "
            "Make it larger and start semtui again, or use `semtui --plain`, which offers the same as menus and lines; "
            "`semtui export` needs no screen either."
        )
    return ""


def window_size(descriptor: int, environ: Mapping[str, str]) -> tuple[int, int]:
    """Columns and lines as the terminal reports them, else COLUMNS and LINES: where a shell has exported these, they do
    not follow the window."""
    columns = lines = 0
    with suppress(OSError):
        columns, lines = os.get_terminal_size(descriptor)
    columns, lines = columns or _number(environ, "COLUMNS", 80), lines or _number(environ, "LINES", 24)
    return min(columns, MOST_COLUMNS), min(lines, MOST_LINES)


def _number(environ: Mapping[str, str], name: str, otherwise: int) -> int:
    written = environ.get(name, "")
    return (int(written) if written.isascii() and written.isdecimal() and len(written) < 5 else 0) or otherwise


def no_way_back() -> str:
    """Why nothing would resume this program if it were suspended, in a sentence; "" if a shell would."""
    if signal.getsignal(signal.SIGTSTP) is signal.SIG_IGN:
        return "ctrl+z stops nothing here: whatever started semtui has switched that off."
    # A shell with job control gives each program a process group of its own.
    session = os.getsid(0)
    if os.getpgrp() == session or _session_of(os.getppid()) != session:
        return "ctrl+z stops nothing here: no shell started semtui that could bring it back with fg."
    return ""


def _session_of(process_id: int) -> int:
    try:
        return os.getsid(process_id)
    except OSError:
        return 0
