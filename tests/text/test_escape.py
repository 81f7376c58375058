"""What may pass to the terminal: everything that draws, and nothing that acts."""

from __future__ import annotations

import base64

import pytest

from semtui.text.escape import escape_output

DRAWING = [
    "plain é 漢 text",
    "\x1b[1;38;2;10;20;30mbold\x1b[0m",
    "\x1b[12;40H\x1b[2J\x1b[K",
    "\x1b[?1049h\x1b[?25l\x1b[?2026$p\x1b[>1u\x1b[<u\x1b[?2004h",
    "line\r\n",
    "\x1b]22;pointer\x07",
    f"\x1b]52;c;{base64.b64encode(b'copied').decode()}\x07",
]
ACTING = [
    "\x1b]0;title\x07",
    "\x1b]52;c;eA==\x1b\\",
    "x\x1b]52;c;eA==\x07",
    "\x1b]8;;https://evil.example\x07link",
    "\x1bPq#0\x1b\\",
    "\x1b_apc\x1b\\",
    "\x1bc",
    "\x1b[6n",
    "\x1b[c",
    "\x1b[8;1;1t",
    "\x1b[?1048h",
    "\x1b[?47h",
    "\x1b",
    "\x9b6n",
    "\x9d0;title\x9c",
    "bell\x07",
    "back\x08space",
    "tab\t",
    "del\x7f",
    "turn\u202eed",
    "\u2066isolated",
    "zero\u200bwidth",
]


@pytest.mark.parametrize("data", DRAWING)
def test_what_draws_passes_unchanged(data: str) -> None:
    assert escape_output(data) == data


@pytest.mark.parametrize("data", ACTING)
@pytest.mark.parametrize("frame", ["{}", "\x1b[1;1H\x1b[31m{}\x1b[0m"])
def test_what_acts_is_shown_instead(data: str, frame: str) -> None:
    passed = escape_output(frame.format(data))
    rest = passed.replace("\x1b[1;1H", "").replace("\x1b[31m", "").replace("\x1b[0m", "")
    assert rest.isprintable()
    assert len(rest) == len(data)
