"""Reads where a token is to go, and delivers it to a new private file, to a command or to standard output.

`changes.token_delivery` also serves secrets of Semaphore. The session still holds a token that could not be delivered,
so a failure here is reported and loses nothing.
"""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from semtui.system.private_files import PrivateFileError, remove, shown_path, write_private
from semtui.system.shell_command import is_plain, parse
from semtui.system.subprocesses import CommandResult, feed
from semtui.text.clean import clean
from semtui.tokens.secret_place import MARK as SECRET_MARK
from semtui.tokens.secret_place import SecretPlace, secret_place

_SECONDS = 60.0
_CHECK_SECONDS = 5.0
_MARK = "|"
_STDOUT = "-"
_SETTING = re.compile(r"\w+=")


_SH = "/bin/sh"
STILL_HERE = "The token is still here."
_LAST_PART_ONLY = "the shell here tells only how the last part of a pipeline ended"
_RUNS_ON = "something it started is still running"


class DeliveryError(Exception):
    """The token was not delivered, or may not have been; the text says why."""


class DeliveryUnknownError(DeliveryError):
    """The command read the token and ended with status 0, and whether it stored the token is not known."""


@dataclass(frozen=True)
class Destination:
    """Where a token goes: a new file, a command's standard input, a secret of Semaphore, or standard output."""

    path: Path | None = None
    command: str = ""
    secret: SecretPlace | None = None
    stdout: bool = False

    @property
    def typed(self) -> str:
        """The destination as it is typed."""
        if self.stdout:
            return _STDOUT
        if self.secret is not None:
            return self.secret.typed
        return f"{_MARK} {self.command}" if self.path is None else str(self.path)

    @property
    def words(self) -> str:
        """The destination within a sentence."""
        if self.stdout:
            return "standard output"
        if self.secret is not None:
            return self.secret.words
        return f"the command {self.program}" if self.path is None else f"the file {self.place or clean(self.typed)}"

    @property
    def place(self) -> str:
        """The full path of the file; empty for anything else, and for a name no file can have."""
        return "" if self.path is None else shown_path(self.path)

    @property
    def taker(self) -> str:
        """What is handed the token and may not have kept it."""
        return self.program if self.secret is None else self.secret.words

    @property
    def program(self) -> str:
        """The name of the command's program, as far as it can be told, without settings before it and an opening
        bracket."""
        try:
            words = shlex.split(self.command)
        except ValueError:
            words = self.command.split()
        return clean(next((word.lstrip("(") for word in words if not _SETTING.match(word)), self.command))


def destination(typed: str, *, stdout: bool = False) -> Destination | None:
    """The destination that was typed: `| command`, `secret:NAME` (see `secret_place`) or a path; None for nothing.

    With `stdout`, a hyphen alone is standard output, not a file.
    """
    typed = typed.strip()
    if stdout and typed == _STDOUT:
        return Destination(stdout=True)
    # No command begins with a bar or is called so: what follows one was typed behind a bar that stood there.
    behind = typed.lstrip(f"{_MARK} \t")
    if behind.startswith(SECRET_MARK):
        return Destination(secret=secret_place(behind.removeprefix(SECRET_MARK)))
    if typed.startswith(_MARK):
        return Destination(command=behind)
    return Destination(Path(typed)) if typed else None


def suggested_path(account_name: str) -> str:
    """A suggested file for an account's token."""
    return f"~/{plain_name(account_name)}.token"


def plain_name(account_name: str) -> str:
    """An account's name with only letters, digits, - and _, as it is safe in a path and in a command."""
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in account_name)
    return name.strip("-")[:60] or "service-account"


async def check_destination(to: Destination, environ: Mapping[str, str]) -> None:
    """Check that a token could be delivered there, before one is requested; not for secrets. Raises DeliveryError."""
    if to.stdout:
        _stdout()
        return
    if to.path is not None:
        # A file of the size of a token: unlike `check_new` this also meets a full disk.
        await _write(to.path, "-" * 64, keep=False)
        return
    shell, _ = await _shell(to, environ)
    syntax = await _run(to, (*shell, "-n", "-c", to.command), "", environ, _CHECK_SECONDS)
    if not syntax.succeeded:
        raise DeliveryError(f"The shell cannot read the command: {_last_line(syntax, '')}")
    for program in dict.fromkeys(parse(to.command).programs):
        # Also finds what the shell itself provides.
        asking = (*shell, "-c", 'command -v -- "$1" >/dev/null', "sh", program)
        if is_plain(program) and not (await _run(to, asking, "", environ, _CHECK_SECONDS)).succeeded:
            raise DeliveryError(f"There is no command {clean(program)} here, so the token could not be handed over.")


async def deliver(to: Destination, secret: str, environ: Mapping[str, str]) -> str:
    """Deliver a token, to anything but a secret; returns what happened, in words that follow “It was”.

    Raises DeliveryError.
    """
    if to.stdout:
        await asyncio.to_thread(_print, secret)
        return "written to standard output"
    if to.path is not None:
        return f"saved to {clean(str(await _write(to.path, secret)))}, mode 0600"
    shell, has_pipefail = await _shell(to, environ)
    # Without a line's end: what reads a secret from its input mostly keeps every byte.
    ending = await _run(to, (*shell, "-c", to.command), secret, environ, _SECONDS)
    command = parse(to.command)
    if ending.status is None:
        raise DeliveryError(
            f"{to.program} did not end within {_SECONDS:.0f} seconds and was stopped; check there whether it has taken "
            "the token. It is still here."
        )
    if not ending.succeeded:
        said = _last_line(ending, secret)
        who = "A part of the pipeline" if command.piped else to.program
        words = f"{who} ended with status {ending.status}{': ' if said else ''}{said}"
        raise DeliveryError(f"{words.rstrip('.')}. {STILL_HERE}")
    if ending.unread:
        raise DeliveryError(f"{to.program} ended with status 0 and did not read the token. {STILL_HERE}")
    doubt = _RUNS_ON if ending.still_running else command.doubt
    if command.piped and not has_pipefail:
        doubt = doubt or _LAST_PART_ONLY
    if doubt:
        raise DeliveryUnknownError(
            f"{to.program} read the token and ended with status 0; whether it stored the token is not known: "
            f"{clean(doubt)}. Check that the token is where it should be. {STILL_HERE}"
        )
    return f"handed to {to.program}, which read it and ended with status 0"


async def _shell(to: Destination, environ: Mapping[str, str]) -> tuple[tuple[str, ...], bool]:
    """The shell that runs a command, and whether it supports `pipefail`."""
    bash = shutil.which("bash", path=environ.get("PATH", os.defpath))
    if bash is not None:
        # As sh would be, and without functions that the environment brings.
        return (bash, "--posix", "-p", "-o", "pipefail"), True
    with_pipefail = (_SH, "-o", "pipefail")
    has_pipefail = (await _run(to, (*with_pipefail, "-c", ":"), "", environ, _CHECK_SECONDS)).succeeded
    return (with_pipefail, True) if has_pipefail else ((_SH,), False)


def _stdout() -> BinaryIO:
    """Raises DeliveryError."""
    if sys.stdout is None:
        raise DeliveryError("Standard output is closed, so the token could not be written there.")
    return sys.stdout.buffer


def _print(secret: str) -> None:
    """Write a token alone on its line. Raises DeliveryError."""
    target = _stdout()
    try:
        target.write(f"{secret}\n".encode())
        target.flush()
    except OSError as error:
        # Python flushes again at exit: what is left must not come out later, nor fail once more.
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), target.fileno())
        raise DeliveryError(f"Standard output cannot be written: {error.strerror}. {STILL_HERE}") from None


async def _write(path: Path, line: str, *, keep: bool = True) -> Path:
    try:
        return await asyncio.to_thread(_written, path, line, keep=keep)
    except PrivateFileError as error:
        raise DeliveryError(str(error)) from None


def _written(path: Path, line: str, *, keep: bool) -> Path:
    """Removed again on the same thread unless `keep`, so that nothing stays where nobody waits for it any more."""
    target = write_private(path, line + "\n")
    if not keep:
        remove(target)
    return target


async def _run(
    to: Destination, command: tuple[str, ...], text: str, environ: Mapping[str, str], patience: float
) -> CommandResult:
    if not to.command:
        raise DeliveryError("A command is needed after the |, as in: | vault kv put secret/ci token=-")
    try:
        return await feed(command, text, environ, patience, listen=True)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it holds a character no command can"
        raise DeliveryError(f"{to.program} cannot be started: {reason}.") from None


def _last_line(ending: CommandResult, secret: str) -> str:
    """The last line a program wrote, with the secret masked."""
    said = ending.said.decode(errors="replace")
    lines = (said.replace(secret, "‹token›") if secret else said).strip().splitlines()
    return clean(lines[-1], limit=200) if lines else ""
