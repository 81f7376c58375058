"""Whether the exit status of a shell command covers every part of it."""

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
_STANDARD_PLACES = ("", "/bin", "/usr/bin", "/usr/local/bin")
_ANYTHING = frozenset[str]()
_MOVERS = (
    *("age", "base64", "cat", "chmod", "cp", "cut", "dd", "gpg", "grep", "head", "install", "mkdir", "mv", "openssl"),
    *("pass", "sort", "sponge", "tail", "tee", "test", "tr", "true", "umask", "wc"),
)
_KNOWN: dict[str, frozenset[str]] = {
    # What moves bytes, and fails where it cannot.
    **dict.fromkeys(_MOVERS, _ANYTHING),
    # What keeps secrets, by what it is told to do.
    "aws": frozenset({"secretsmanager", "ssm"}),
    "az": frozenset({"keyvault"}),
    "bw": frozenset({"create", "edit"}),
    "curl": frozenset({"-f", "--fail", "--fail-with-body", "-fs", "-sf", "-fsS", "-sSf", "-fsSL"}),
    "docker": frozenset({"secret"}),
    "doppler": frozenset({"secrets"}),
    "gcloud": frozenset({"secrets"}),
    "gh": frozenset({"secret"}),
    "glab": frozenset({"variable"}),
    "gopass": frozenset({"insert"}),
    "kubectl": frozenset({"apply", "create", "patch", "replace"}),
    "oc": frozenset({"apply", "create", "patch", "replace"}),
    "op": frozenset({"document", "item"}),
    "podman": frozenset({"secret"}),
    "secret-tool": frozenset({"store"}),
    "sem": frozenset({"apply", "create", "edit"}),
    "systemd-creds": frozenset({"encrypt"}),
    "vault": frozenset({"kv", "write"}),
}
"""Programs whose status 0 says that all they were asked for is done, where one of these words is among their
arguments. Whatever else may run other programs, go on behind our back, or call an error a success."""
_AS_SOMEBODY_ELSE = frozenset({"doas", "sudo"})

_BACKGROUND = "it runs a part of it in the background"
_LIST = "a shell does not pass on the status of what stands before ; or ||"
_HIDDEN = "brackets and substitutions hide the status of what is in them"
_NOT_KNOWN = "what status 0 means is known of a few programs only, and {} is none of them"
_NOT_SO_CALLED = "what status 0 of {} means with these arguments is not known"


class ShellCommand(NamedTuple):
    """A command line, as far as it needs to be understood."""

    programs: tuple[str, ...]
    """The first word of every part."""
    piped: bool
    """A part hands its output to another, so the shell has to be told to heed the status of both."""
    doubt: str
    """Why its status does not cover every part, in words that follow “because”; empty if it does."""


def parse(command: str) -> ShellCommand:
    """Parse a command line. Anything not understood counts as doubtful."""
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
        doubt = doubt or _status_doubt(name, words)
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


def _status_doubt(name: str, words: list[str]) -> str:
    """Why the status of one part says too little; empty where it says enough."""
    arguments = [_unquoted(word) for word in words]
    if name:
        arguments = arguments[arguments.index(name) + 1 :]
    if name in _AS_SOMEBODY_ELSE and arguments and not arguments[0].startswith("-"):
        name, arguments = arguments[0], arguments[1:]
    if not name:
        return ""
    place, _, program = name.rpartition("/")
    if program not in _KNOWN or place not in _STANDARD_PLACES:
        return _NOT_KNOWN.format(program or name)
    asked_for = _KNOWN[program]
    # Behind -- stands a command to run elsewhere.
    if asked_for and ("--" in arguments or asked_for.isdisjoint(arguments)):
        return _NOT_SO_CALLED.format(program)
    return ""
