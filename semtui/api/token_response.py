"""Finds API tokens in answers: as the bytes arrive, and in damaged answers too.

Semaphore shows a token once. So the bytes from the connection are kept and searched before HTTP, JSON, limits, checks
or the log get a chance to fail.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from semtui.api.unpacking import readable_part
from semtui.text.clean import clean

if TYPE_CHECKING:
    from semtui.api.models import NewToken

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{8,200}")
"""What may appear in an Authorization header."""
_BARE = re.compile(r"[A-Za-z0-9_-]{20}")
"""The form of Semaphore's tokens: specific enough to recognize one without a field name."""
_FIELD = re.compile(
    r"""["']api_token\\{0,8}["']\s{0,99}:\s{0,99}\\{0,8}["'](?:\s|\\{1,8}[nrt]){0,99}"""
    r"""((?:[A-Za-z0-9._~+=/-]|\\{1,8}/|\\{1,8}u00[0-9A-Fa-f]{2}){8,400})(?:\s|\\{1,8}[nrt]){0,99}\\{0,8}["']"""
)
_FIRST_LOOK = re.compile(rb'"api_token"\s*:\s*"([A-Za-z0-9._~+/=-]{8,200})"')
_MOST = 1_200_000
"""The most bytes kept of an answer."""
_MOST_TOKENS = 8
_DEEPEST = 20
_REFUSED = re.compile(rb"HTTP/1\.[01] 4")


class _Object(dict[str, Any]):
    """A JSON object that also keeps the earlier values of duplicate keys."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in an answer that should contain a token."""

    tokens: tuple[str, ...] = field(default=(), repr=False)
    """Without duplicates; the last one is the one a JSON parser would take."""
    account_id: str = ""
    """Empty unless exactly one was given."""
    creator_id: str = ""
    """Who created the account; "" if not given."""
    whole: bool = False
    """True if the answer is well-formed and as expected."""


class TokenCapture:
    """Receives one answer as it arrives. `hold` is called at once with every token found, and again, with the same
    secret, when more is known about it."""

    def __init__(self, hold: Callable[[NewToken], None], account_id: str, account_name: str) -> None:
        self._hold = hold
        self._account_id = account_id
        self._account_name = account_name
        self.creator_id = ""
        """Who created the account, from an undamaged answer."""
        self._held: set[str] = set()
        self.received = bytearray()
        """The bytes from the connection, head included."""
        self._fault: Exception | None = None

    def add(self, part: bytes) -> None:
        """Keep the next bytes. An internal error is raised later, by `conclude`, so that the rest is still read."""
        self.received += part[: _MOST - len(self.received)]
        try:
            for found in _FIRST_LOOK.findall(self.received):
                if (token := found.decode()) not in self._held:
                    self._hold_secret(token)
        except Exception as error:
            self._fault = error

    @property
    def incomplete(self) -> bool:
        """Whether a token may still arrive: an answer has begun, is not a refusal, and has no token yet."""
        return 0 < len(self.received) < _MOST and not self._held and not _REFUSED.match(self.received)

    def conclude(self, body: bytes, *, good: bool) -> NewToken | None:
        """Hold and return the token in the answer; None if there is none. `good` says that status and head are as they
        should be."""
        found = read_answer(body, bare=good)
        if not found.tokens:
            found = search(bytes(self.received))
        new = None
        self.creator_id = found.creator_id if good and found.whole else ""
        for token in found.tokens:
            new = self._hold_secret(token, found.account_id, salvaged=not (good and found.whole))
        if self._fault is not None:
            raise self._fault
        return new

    def rescue(self) -> None:
        """Hold what there is after everything else has failed: a token, or an unreadable answer."""
        try:
            for token in search(bytes(self.received)).tokens:
                if token not in self._held:
                    self._hold_secret(token)
        except Exception:
            self._hold_secret(self.received.decode(errors="replace"))
            raise

    def _hold_secret(self, token: str, account_id: str = "", *, salvaged: bool = True) -> NewToken:
        from semtui.api import models

        account_id = self._account_id or account_id
        new = models.NewToken(
            account_id=account_id,
            account_name=self._account_name,
            secret=models.secret(token),
            salvaged=salvaged or not account_id,
        )
        self._hold(new)
        self._held.add(token)
        return new


def read_answer(body: bytes, *, bare: bool) -> Found:
    """What a body contains, parsed as JSON or, failing that, searched. `bare`: the body may be just a token."""
    try:
        data = json.loads(body, object_pairs_hook=_Object, parse_constant=_refused)
    except (ValueError, RecursionError):
        alone = body.strip().decode(errors="replace")
        return Found((alone,)) if bare and _BARE.fullmatch(alone) else search(body)
    tokens: list[str] = []
    ids: list[str] = []
    creator = ""
    for key, value in _fields(data):
        if key == "api_token" and isinstance(value, str) and _TOKEN.fullmatch(value.strip()):
            tokens.append(value.strip())
        elif key == "service_account" and isinstance(value, _Object):
            ids += [one for name, one in value.pairs if name == "id" and isinstance(one, str) and one]
            creator = maker if isinstance(maker := value.get("creator_id"), str) else ""
    if bare and not tokens:
        alone = data[0] if isinstance(data, list) and len(data) == 1 else data
        if isinstance(alone, str) and _BARE.fullmatch(alone.strip()):
            tokens.append(alone.strip())
    names = [key for key, _ in data.pairs] if isinstance(data, _Object) else []
    return Found(
        _distinct(tokens),
        clean(ids[0]) if len(set(ids)) == 1 else "",
        clean(creator),
        whole=len(tokens) == 1 and names.count("api_token") == 1 and len(set(names)) == len(names) and len(ids) < 2,
    )


def _refused(word: str) -> None:
    raise ValueError(word)


def _fields(value: object, depth: int = 0) -> Iterator[tuple[str, object]]:
    """Every field of every object, also within lists and within JSON inside a string."""
    if depth > _DEEPEST:
        return
    if isinstance(value, _Object):
        for key, each in value.pairs:
            yield key, each
            yield from _fields(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _fields(each, depth + 1)
    elif isinstance(value, str) and "api_token" in value:
        try:
            inner = json.loads(value, object_pairs_hook=_Object)
        except (ValueError, RecursionError):
            return
        yield from _fields(inner, depth + 1)


def search(data: bytes) -> Found:
    """Find tokens in bytes of any form: cut off, badly encoded, quoted, compressed, with a head in front."""
    tokens: list[str] = []
    for text in _texts(data):
        for found in _FIELD.findall(text):
            plain = re.sub(r"\\+u00(..)", lambda match: chr(int(match[1], 16)), found).replace("\\", "")
            if _TOKEN.fullmatch(plain):
                tokens.append(plain)
        if tokens:
            break
    return Found(_distinct(tokens))


def _texts(data: bytes) -> Iterator[str]:
    """The bytes decoded in each plausible way, the most likely first."""
    yield data.decode(errors="replace")
    body = data.partition(b"\r\n\r\n")[2] if data.startswith(b"HTTP/") else data
    for part in (body, readable_part(body, _MOST)):
        yield part.decode(errors="replace")
        if b"\0" in part:
            for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
                yield part.decode(encoding, errors="replace")
        if b"&" in part:
            yield html.unescape(part.decode(errors="replace"))


def _distinct(tokens: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reversed(tokens)))[:_MOST_TOKENS][::-1]
