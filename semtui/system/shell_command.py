"""What the exit status of a shell command says: whether it speaks for every part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_PIECE = re.compile(
    r"""(?P<quoted>'[^']*'|"(?:\\.|[^"\\])*"|\\.)"""
    r"""|(?P<blank>[ \t]+)"""
    r"""|(?P<redirection>[<>]&|>>|>\||<>|<<<|<<-?|[<>](?!\())"""
    r"""|(?P<operator>&&|\|\||[|;&()\n]|[<>](?=\())"""
    r"""|(?P<other>.)""",
    re.DOTALL,
)
_SETTING = re.compile(r"\w+=")
_PLAIN = re.compile(r"[\w./+:@%{}!\[\]-]+")
_RUNS_LINES = re.compile(
    r"(?:r?ba|da|a|k|mk|z|c|tc|fi|ya)?sh[\d.]*|busybox|su|sudo|doas|env|xargs|flock|script|watch|find|timeout|nice"
)
"""Programs that run what is written in their arguments, or may do so."""
_DETACHING = frozenset(
    ("setsid", "nohup", "ssh", "systemd-run", "tmux", "screen", "at", "batch", "daemonize", "parallel")
)
"""What they start may go on when they have ended."""
_SYNTAX = ("!", "{", "}", "if", "while", "until", "for", "case", "select", "function", "time", "coproc")
_BUILT_IN = ("set", "shopt", "trap", "eval", ".", "source", "alias", "exit", "return", "exec", "command", "builtin")
_ODD = frozenset(_SYNTAX + _BUILT_IN)

_BACKGROUND = "it runs a part of it in the background"
_LIST = "a shell does not pass on the status of what stands before ; or ||"
_HIDDEN = "brackets and substitutions hide the status of what is in them"
_NESTED = "a shell inside it runs several commands"
_CHANGED = "it changes what its status means"


class ShellCommand(NamedTuple):
    """A command line, as far as it needs to be understood."""

    programs: tuple[str, ...]
    """The first word of every part."""
    piped: bool
    """A part hands its output to another, so the shell has to be told to heed the status of both."""
    doubt: str
    """Why its status does not speak for every part, to follow “because”; empty where it does."""


def parse(command: str) -> ShellCommand:
    """Read a command line. What is not understood is doubted."""
    parts: list[list[str]] = [[]]
    doubt, piped, target = "", False, False
    for kind, text in _tokens(command.strip()):
        if kind == "operator":
            doubt = doubt or {"&": _BACKGROUND, "|": "", "&&": ""}.get(
                text, _LIST if text in (";", "\n", "||") else _HIDDEN
            )
            piped = piped or text == "|"
            parts.append([])
        elif kind == "word" and not target:
            parts[-1].append(text)
        if kind == "word" and ("`" in text or "$(" in text) and not text.startswith("'"):
            doubt = doubt or _HIDDEN
        target = kind == "redirection"
    names = []
    for words in parts:
        name = next((_unquoted(word) for word in words if not _SETTING.match(word)), "")
        names.append(name)
        doubt = doubt or _doubt(name, words)
    return ShellCommand(tuple(name for name in names if name), piped, doubt)


def is_plain(name: str) -> bool:
    """Nothing about it has yet to be worked out by the shell."""
    return _PLAIN.fullmatch(name) is not None


def _tokens(command: str) -> Iterator[tuple[str, str]]:
    """Words, operators and redirections, without comments."""
    word, comment = "", False
    for piece in _PIECE.finditer(command):
        kind, text = piece.lastgroup or "", piece[0]
        comment = (comment or (text == "#" and not word)) and text != "\n"
        if comment:
            continue
        if kind in ("quoted", "other"):
            word += text
            continue
        # The number in `2>&1` is no word of the command.
        if word and not (kind == "redirection" and word.isdigit()):
            yield "word", word
        word = ""
        if kind != "blank":
            yield kind, text
    if word:
        yield "word", word


def _unquoted(word: str) -> str:
    return re.sub(r"\\(.)|['\"]", r"\1", word)


def _doubt(name: str, words: list[str]) -> str:
    programs = [_unquoted(word).rpartition("/")[2] for word in words]
    if name in _ODD:
        return _CHANGED
    if _DETACHING.intersection(programs):
        return _BACKGROUND
    # A name the shell has yet to work out may be that of a shell.
    runs_lines = bool(name and not is_plain(name)) or any(map(_RUNS_LINES.fullmatch, programs))
    return _NESTED if runs_lines and any(re.search(r"[;&|\n]", word) for word in words) else ""
