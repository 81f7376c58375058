"""Filters of roles and of projects: words, and terms whose values each row has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from semtui.organization.filters.language import FilterError, Part, closest, split
from semtui.text.folding import fold

if TYPE_CHECKING:
    from semtui.api.models import Project
    from semtui.organization.people import People
    from semtui.organization.roles import KnownRole

_SIGNS = (":", "=")


@dataclass(frozen=True)
class RowTerm:
    """One kind of term."""

    name: str
    of: Callable[[Any], Collection[str]]
    """The values a row has."""


class RowFilter:
    """Finds rows by a text."""

    def __init__(self, text_of: Callable[[Any], str], *terms: RowTerm) -> None:
        """`text_of` gives what words are looked for in, folded."""
        self._text_of = text_of
        self._terms = {term.name: term for term in terms}

    def found(self, rows: Iterable[Any], text: str) -> list[Any]:
        """The rows that match every word and term of `text`. Raises FilterError if it cannot be understood."""
        everything = list(rows)
        rules = [self._rule(part, everything) for part in split(text) if part.name or part.value]
        return [row for row in everything if all(rule(row) for rule in rules)]

    def problem(self, rows: Iterable[Any], text: str) -> str:
        """Why a text cannot be understood; empty if it can."""
        try:
            self.found(rows, text)
        except FilterError as error:
            return str(error)
        return ""

    def _rule(self, part: Part, rows: Sequence[Any]) -> Callable[[Any], bool]:
        matches = self._term_rule(part, rows) if part.name else self._word_rule(part)
        return (lambda row: not matches(row)) if part.negated else matches

    def _word_rule(self, part: Part) -> Callable[[Any], bool]:
        word = fold(part.value)
        return lambda row: word in self._text_of(row)

    def _term_rule(self, part: Part, rows: Sequence[Any]) -> Callable[[Any], bool]:
        term = self._terms.get(part.name)
        names = [f"{name}:" for name in self._terms]
        if term is None:
            like = closest(part.name, list(self._terms))
            raise FilterError(
                "There is no such term here; put it in quotes to find it as text.", names, f"{like}:" if like else ""
            )
        if part.sign not in _SIGNS:
            raise FilterError(f"{part.name} takes a colon: {part.name}:VALUE.")
        known = {fold(value): value for row in rows for value in term.of(row)}
        wanted = fold(part.value)
        listed = sorted(known.values(), key=str.casefold)
        if not wanted:
            raise FilterError(f"{part.name} needs a value.", listed)
        # The whole name of something means just that.
        found = {wanted} if wanted in known else {each for each in known if wanted in each}
        if known and not found:
            raise FilterError(f"{part.name}: nothing here has that value.", listed, closest(part.value, listed))
        return lambda row: any(fold(value) in found for value in term.of(row))


def role_filter() -> RowFilter:
    """Finds roles: `can:`, `scope:` and `kind:`."""

    def kinds(row: KnownRole) -> tuple[str, ...]:
        return ("built-in" if row.role.readonly else "custom",) if row.known_by == "listed" else ()

    def scopes(row: KnownRole) -> tuple[str, ...]:
        return ("project" if row.role.scope == "project" else "organization",)

    def permitted(row: KnownRole) -> Collection[str]:
        return row.role.permissions

    return RowFilter(
        lambda row: row.haystack, RowTerm("can", permitted), RowTerm("scope", scopes), RowTerm("kind", kinds)
    )


def project_filter(people: People, texts: dict[str, str]) -> RowFilter:
    """Finds projects: `owner:`; `texts` are what words are looked for in, by id."""

    def owners(row: Project) -> tuple[str, ...]:
        owner = people.by_id.get(row.owner_id)
        return (owner.name,) if owner else ()

    return RowFilter(lambda row: texts[row.id], RowTerm("owner", owners))
