"""What the rules find, as facts; `wording.findings` has the words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from semtui.audit.access.answers import Kind, Reason, State

if TYPE_CHECKING:
    from semtui.audit.access.answers import LevelName, Step
    from semtui.audit.access.fates import ListFate

Severity = Literal["high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The worst first."""
WHOLE_ORGANIZATION = "organization"
"""Takes the place of a subject's id in a finding about the organization."""


@dataclass(frozen=True, slots=True)
class About:
    """What a finding is about, identified by its id."""

    id: str
    name: str
    kind: Kind | Literal["role", "project"]
    state: State = "not in the API"


@dataclass(frozen=True, slots=True)
class Facts:
    """The evidence for a finding; each rule fills in what its words need."""

    level: LevelName = "none"
    """How far the subject's permissions reach."""
    roles: tuple[str, ...] = ()
    """Names of the roles that are the reason."""
    groups: tuple[About, ...] = ()
    """The groups that are the reason."""
    sources: tuple[str, ...] = ()
    """The sources of other roles."""
    permissions: tuple[str, ...] = ()
    other: About | None = None
    """A creator, an owner, an equal role, or a subject with a similar name; its own name is "" if it is in no list."""
    at: int | None = None
    """Epoch seconds."""
    days: int | None = None
    """Whole days."""
    exact: bool = False
    """True if it is exactly so many `days`, False if at least."""
    number: int = 0
    """A count, out of `of`."""
    of: int = 0
    target: str = ""
    """What `steps` lead to: Owner or Admin."""
    steps: tuple[Step, ...] = ()
    confirmed: bool = False
    """True if a snapshot a minute before showed the same."""
    redundant: bool = False
    """True if removing the role would change nothing."""
    fate: ListFate | None = None
    """How a list was read."""


NO_FACTS = Facts()


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a rule."""

    rule: str
    severity: Severity
    """The severity that is certain."""
    subject: About | None
    """None if it is about the organization or one of its lists."""
    facts: Facts = NO_FACTS
    place: str = WHOLE_ORGANIZATION
    """Takes the subject's place in the key if there is none: this, or the name of a list."""
    may_be: Severity | None = None
    """A worse severity that cannot be ruled out, because something is not known."""

    @property
    def id(self) -> str:
        """The id of the subject, or `place`."""
        return self.subject.id if self.subject else self.place

    @property
    def key(self) -> str:
        """Identifies the finding: the same in every run."""
        return f"{self.rule}:{self.id}"

    @property
    def worst(self) -> Severity:
        """The worst severity that cannot be ruled out."""
        return self.may_be or self.severity


@dataclass(frozen=True, slots=True)
class Unsure:
    """A subject for which it is not known whether a rule applies, although its lists are whole."""

    rule: str
    subject: About
    reasons: tuple[Reason | Literal["date-missing"], ...]
    """`date-missing`: Semaphore sent no date."""

    @property
    def key(self) -> str:
        """The key of the finding it may be."""
        return f"{self.rule}:{self.subject.id}"


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """A rule that could not be evaluated."""

    rule: str
    lists: tuple[str, ...]
    """The lists it needs that are incomplete or out of date; `roles` if the edition is not known."""


@dataclass(frozen=True)
class Report:
    """What the rules found."""

    findings: tuple[Finding, ...]
    """The worst first, then by rule and name."""
    not_evaluated: tuple[NotEvaluated, ...] = ()
    unsure: tuple[Unsure, ...] = ()
    rules: tuple[str, ...] = field(default=())
    """Ids of the rules that were evaluated."""

    @property
    def complete(self) -> bool:
        """True if every rule was evaluated for every subject, and all severities are certain."""
        return not (self.not_evaluated or self.unsure or any(each.may_be for each in self.findings))


def rank(severity: Severity) -> int:
    """0 for the worst."""
    return SEVERITIES.index(severity)


def at_least(severity: Severity, threshold: Severity) -> bool:
    """True if a severity is as bad as a threshold, or worse."""
    return rank(severity) <= rank(threshold)


def order(finding: Finding) -> tuple[int, str, str, str]:
    """Sort key: severity, rule, name."""
    name = finding.subject.name.casefold() if finding.subject else ""
    return rank(finding.severity), finding.rule, name, finding.id
