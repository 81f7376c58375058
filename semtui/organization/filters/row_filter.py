"""Filters of roles and of projects: words, and terms whose values each row has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from semtui.organization.filters.completion import Vocabulary
from semtui.organization.filters.language import FilterError, Part, closest, quote, split
from semtui.text.folding import fold

if TYPE_CHECKING:
    from semtui.api.models import Project
    from semtui.organization.people import People
    from semtui.organization.projects import Projects
    from semtui.organization.roles import KnownRole

_SIGNS = (":", "=")
_Rule = Callable[[Any], bool | None]
"""Whether a row matches; None where that is not known."""


@dataclass(frozen=True)
class RowTerm:
    """One kind of term."""

    name: str
    of: Callable[[Any], Collection[str] | None]
    """The values a row has; None where they are not known."""
    values: tuple[str, ...] = ()
    """Values that exist whether or not a row has them."""


class RowMatches(NamedTuple):
    """The rows that match."""

    rows: list[Any]
    unknown: int
    """How many more may match: what would tell is not known."""


class RowFilter:
    """Finds rows by a text."""

    def __init__(self, text_of: Callable[[Any], str], *terms: RowTerm) -> None:
        """`text_of` gives what words are looked for in, folded."""
        self._text_of = text_of
        self._terms = {term.name: term for term in terms}

    def matches(self, rows: Iterable[Any], text: str) -> RowMatches:
        """The rows that match every word and term of a text. Raises FilterError if it cannot be understood."""
        everything = list(rows)
        rules = [self._rule(part, everything) for part in split(text) if part.name or part.value]
        found, unknown = [], 0
        for row in everything:
            truths = [rule(row) for rule in rules]
            if all(truths):
                found.append(row)
            elif False not in truths:
                unknown += 1
        return RowMatches(found, unknown)

    def check(self, text: str) -> None:
        """Raise FilterError if a text cannot be understood whatever the rows are."""
        for part in split(text):
            if part.name:
                self._term(part)

    def vocabulary(self, rows: Iterable[Any]) -> Vocabulary:
        """What the search line of these rows understands."""
        everything = list(rows)

        def values(name: str) -> Sequence[str]:
            return [quote(each) for each in self._listed(self._terms[name], everything)] if name in self._terms else ()

        return Vocabulary(tuple(f"{name}:" for name in self._terms), values)

    def _rule(self, part: Part, rows: Sequence[Any]) -> _Rule:
        matches = self._term_rule(part, rows) if part.name else self._word_rule(part)
        return _negation(matches) if part.negated else matches

    def _word_rule(self, part: Part) -> _Rule:
        word = fold(part.value)
        return lambda row: word in self._text_of(row)

    def _term(self, part: Part) -> RowTerm:
        """The kind of a term. Raises FilterError if there is none of that name, or it takes another sign."""
        term = self._terms.get(part.name)
        if term is None:
            like = closest(part.name, list(self._terms))
            raise FilterError(
                "There is no such term here; put it in quotes to find it as text.",
                [f"{name}:" for name in self._terms],
                f"{like}:" if like else "",
            )
        if part.sign not in _SIGNS:
            raise FilterError(f"{part.name} takes a colon: {part.name}:VALUE.")
        return term

    def _term_rule(self, part: Part, rows: Sequence[Any]) -> _Rule:
        term = self._term(part)
        listed = self._listed(term, rows)
        wanted = fold(part.value)
        if not wanted:
            raise FilterError(f"{part.name} needs a value.", listed)
        known = {fold(value) for value in listed}
        # The whole name of something means just that.
        found = {wanted} if wanted in known else {each for each in known if wanted in each}
        if known and not found:
            raise FilterError(f"{part.name}: nothing here has that value.", listed, closest(part.value, listed))

        def matches(row: Any) -> bool | None:
            values = term.of(row)
            return None if values is None else any(fold(value) in found for value in values)

        return matches

    def _listed(self, term: RowTerm, rows: Sequence[Any]) -> list[str]:
        """The values of a term, in order."""
        return sorted({*term.values, *(value for row in rows for value in term.of(row) or ())}, key=str.casefold)


def _negation(matches: _Rule) -> _Rule:
    def turned(row: Any) -> bool | None:
        truth = matches(row)
        return None if truth is None else not truth

    return turned


def role_filter() -> RowFilter:
    """Finds roles: `can:`, `scope:` and `kind:`."""

    def kinds(row: KnownRole) -> tuple[str, ...] | None:
        told = row.known_by == "listed" or row.role.permissions
        return ("built-in" if row.role.readonly else "custom",) if told else None

    def scopes(row: KnownRole) -> tuple[str, ...] | None:
        return {"org": ("organization",), "project": ("project",)}.get(row.role.scope)

    def permitted(row: KnownRole) -> Collection[str] | None:
        # The built-in catalog only says what a role may permit.
        return None if row.from_catalog else row.role.permissions or None

    return RowFilter(
        lambda row: row.haystack,
        RowTerm("can", permitted),
        RowTerm("scope", scopes, ("organization", "project")),
        RowTerm("kind", kinds, ("built-in", "custom")),
    )


def project_filter(people: People, projects: Projects) -> RowFilter:
    """Finds projects: `owner:`."""

    def owners(row: Project) -> tuple[str, ...] | None:
        owner = people.by_id.get(row.owner_id)
        if owner is not None:
            return (owner.name,)
        return () if not row.owner_id or (people.users.is_known and people.accounts.is_known) else None

    return RowFilter(lambda row: projects.texts[row.id], RowTerm("owner", owners))
