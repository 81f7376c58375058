"""Canonical JSON: equal values give equal texts, and so equal hashes.

Keys are sorted, indentation is one space, lines end with LF, and letters are not escaped. What a terminal would act on
or UTF-8 cannot encode is written as `\\u`: control and direction characters, and lone surrogates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

_TO_ESCAPE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""Listed explicitly, because what counts as printable changes with each version of Unicode, and a hash must not."""


def quoted(text: str) -> str:
    """A text as a JSON string."""
    written = encode_basestring(text)
    plain = written.isascii() and "\x7f" not in written
    return written if plain else _TO_ESCAPE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def canonical(value: Any, depth: int = 0) -> str:
    """A value as JSON, indented by `depth` levels. Raises TypeError unless it consists of str, int, bool, None, lists
    and mappings with str keys."""
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return _within("{}", [f"{quoted(key)}: {canonical(value[key], depth + 1)}" for key in sorted(value)], depth)
    if isinstance(value, list | tuple):
        return _within("[]", [canonical(each, depth + 1) for each in value], depth)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical_list(items: Iterable[Any], depth: int) -> Iterator[str]:
    """The JSON of a list in pieces, so that it need not be in memory as a whole."""
    first = True
    for item in items:
        yield f"{'[' if first else ','}\n{' ' * (depth + 1)}{canonical(item, depth + 1)}"
        first = False
    yield "[]" if first else f"\n{' ' * depth}]"


def _within(brackets: str, parts: Sequence[str], depth: int) -> str:
    if not parts:
        return brackets
    between = f"\n{' ' * (depth + 1)}"
    return f"{brackets[0]}{between}{f',{between}'.join(parts)}\n{' ' * depth}{brackets[1]}"
