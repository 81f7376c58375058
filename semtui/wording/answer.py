"""An answer as text or a page of Markdown, ending with the data it is based on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.audit.access.fates import coverage, needed
from semtui.audit.limits import ASSUMPTIONS, limits_of
from semtui.text.wrapping import wrap
from semtui.wording.coverage import coverage_words, limit_words
from semtui.wording.dates import clock_words, day_words
from semtui.wording.markdown import literal, markdown_table

if TYPE_CHECKING:
    from semtui.audit.contract import Source

WIDTH = 80
"""Width of a line of text, in cells."""


@dataclass(frozen=True)
class Section:
    """A table within an answer, with its heading."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """One cell for each column."""


def text_answer(title: str, lines: Iterable[str], source: Source) -> str:
    """Lines of at most `WIDTH` cells. Where an indented line wraps, the rest is indented two cells more."""
    written: list[str] = []
    for line in (title, *source_words(source), "", *lines, "", *basis_lines(source)):
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        written += [" " * indent + part for part in wrap(body, WIDTH - indent, 2 if indent else 0)] or [""]
    return "\n".join(written) + "\n"


def markdown_answer(title: str, sections: Sequence[Section], notes: Sequence[str], source: Source) -> str:
    """A page of Markdown in which names cannot act as markup."""
    lines = [f"# {literal(title)}", "", *map(literal, source_words(source)), ""]
    lines += [line for note in notes for line in (literal(note), "")]
    for section in sections:
        lines += [f"## {section.title}", "", *markdown_table(section.columns, section.rows), ""]
    lines += ["## What this is based on", "", *(f"- {literal(line)}" for line in basis_lines(source))]
    return "\n".join(lines) + "\n"


def source_words(source: Source) -> list[str]:
    """Which organization, as of when, and read from where."""
    what = "As of" if source.live else "Snapshot of"
    return [f"{source.head.host}. {what} {moment_words(source.head.finished_at)}."]


def basis_lines(source: Source) -> list[str]:
    """How each list was read, the limits and what is assumed."""
    head = source.head
    return [
        *coverage_words(needed(coverage(source.people, source.projects), head.edition)),
        *limit_words(limits_of(head.edition, head.host), ASSUMPTIONS),
    ]


def moment_words(seconds: float) -> str:
    """`2026-11-26 09:00 UTC`."""
    return f"{day_words(seconds)} {clock_words(seconds)}"
