"""What could stand next in the search line: names of terms, and their values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from semtui.organization.filters.language import Part, quote, split
from semtui.text.folding import fold


@dataclass(frozen=True)
class Vocabulary:
    """What a search line understands besides words."""

    terms: tuple[str, ...]
    """The name of each term with its usual sign."""
    values: Callable[[str], Sequence[str]]
    """The values of a term of that name, as they are written; none for one that does not exist."""


@dataclass(frozen=True)
class Completion:
    """The line after completing, and everything that could have stood there."""

    text: str
    cursor: int
    offers: tuple[str, ...] = ()


def complete(text: str, cursor: int, vocabulary: Vocabulary) -> Completion:
    """Complete the word or value that ends at the cursor, as far as it is clear."""
    part = _before(text[:cursor])
    if part.name:
        names = vocabulary.values(part.name)
        offers = _beginning(part.value, names) or [each for each in names if fold(part.value) in fold(_bare(each))]
        end = " "
    elif part.quoted:
        return Completion(text, cursor)
    else:
        offers, end = _beginning(part.value, vocabulary.terms), ""
    if not offers:
        return Completion(text, cursor)
    written = offers[0] + end if len(offers) == 1 else _shared(part.value, offers)
    if len(fold(_bare(written))) < len(fold(part.value)):
        return Completion(text, cursor, tuple(offers))
    behind = text[cursor:]
    # What follows the cursor is separated already.
    written = written[:-1] if written.endswith(" ") and behind.startswith(" ") else written
    return Completion(text[: part.value_start] + written + behind, part.value_start + len(written), tuple(offers))


def begun(text: str, cursor: int, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The terms that the word at the cursor begins, each with its sign; none in a term or a quote."""
    end = text.find(" ", cursor)
    part = _before(text if end < 0 else text[:end])
    if part.name or part.quoted or not part.value:
        return ()
    return tuple(_beginning(part.value, vocabulary.terms))


def _before(head: str) -> Part:
    """The part that ends where the text does, or a new one behind a space."""
    parts = split(head)
    if parts and parts[-1].end == len(head):
        last = parts[-1]
        closed = last.quoted and head.endswith('"') and last.end - last.value_start > 1
        if not closed:
            return last
    return Part("", start=len(head), value_start=len(head), end=len(head))


def _bare(written: str) -> str:
    """A written value without its quotes."""
    return written[1:].rstrip(" ").removesuffix('"') if written.startswith('"') else written


def _beginning(typed: str, names: Sequence[str]) -> list[str]:
    return [name for name in names if fold(_bare(name)).startswith(fold(typed))]


def _shared(typed: str, offers: Sequence[str]) -> str:
    """What all offers begin with, spelled as the first is; what was typed where they do not begin with that."""
    first, *_, last = sorted(fold(_bare(each)) for each in offers)
    shared = first[: next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), None)]
    if not shared.startswith(fold(typed)) or len(shared) != len(fold(shared)):
        return quote(typed) if " " in typed else typed
    spelled = _bare(offers[0])[: len(shared)]
    spelled = spelled if fold(spelled) == shared else shared
    return f'"{spelled}' if any(each.startswith('"') for each in offers) and " " in spelled else spelled
