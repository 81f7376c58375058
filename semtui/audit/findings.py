"""What the rules of the report on findings find, as facts; the words for them are made elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from semtui.audit.answers import Kind, Reason, State

if TYPE_CHECKING:
    from semtui.audit.answers import LevelName, Step
    from semtui.audit.fates import ListFate

Severity = Literal["high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The worst first."""
WHOLE_ORGANIZATION = "organization"
"""What stands for the id of the subject where a finding is about the organization."""


@dataclass(frozen=True, slots=True)
class About:
    """Whom or what a finding is about; the id is what identifies it."""

    id: str
    name: str
    kind: Kind | Literal["role", "project"]
    state: State = "not in the API"


@dataclass(frozen=True, slots=True)
class Facts:
    """What speaks for a finding; each rule fills what its words need."""

    level: LevelName = "none"
    """How far somebody's permissions reach."""
    roles: tuple[str, ...] = ()
    """Names of roles by which it is so."""
    groups: tuple[About, ...] = ()
    """Groups through which it is so."""
    sources: tuple[str, ...] = ()
    """Where other roles come from."""
    permissions: tuple[str, ...] = ()
    other: About | None = None
    """A creator, an owner, a twin, or whoever is called alike; its name is empty if it is in no list."""
    at: int | None = None
    """Epoch seconds, UTC."""
    days: int | None = None
    """Whole days."""
    exact: bool = False
    """It is so many days, and not at least as many."""
    number: int = 0
    """How many there are, `of` how many."""
    of: int = 0
    target: str = ""
    """What is reached by `steps`: Owner or Admin."""
    steps: tuple[Step, ...] = ()
    confirmed: bool = False
    """A reading a minute before showed the same."""
    redundant: bool = False
    """Taking the role away would change nothing."""
    fate: ListFate | None = None
    """What became of a list."""


NO_FACTS = Facts()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a rule found."""

    rule: str
    severity: Severity
    """What is certain of it."""
    subject: About | None
    """None for the organization, or one of its lists."""
    facts: Facts = NO_FACTS
    place: str = WHOLE_ORGANIZATION
    """What stands in the key where there is no subject: this, or the name of a list."""
    may_be: Severity | None = None
    """A worse severity that cannot be ruled out, because of what was not read or told."""

    @property
    def id(self) -> str:
        """The id of the subject, or what stands for it."""
        return self.subject.id if self.subject else self.place

    @property
    def key(self) -> str:
        """The same in every run, as long as it is the same finding."""
        return f"{self.rule}:{self.id}"

    @property
    def worst(self) -> Severity:
        """The worst severity that cannot be ruled out."""
        return self.may_be or self.severity


@dataclass(frozen=True, slots=True)
class Unsure:
    """Somebody of whom it is not known whether a rule holds, though its lists are whole."""

    rule: str
    subject: About
    reasons: tuple[Reason | Literal["date-missing"], ...]
    """`date-missing`: Semaphore gives no date."""

    @property
    def key(self) -> str:
        """That of the finding it may be."""
        return f"{self.rule}:{self.subject.id}"


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """A rule that could not be evaluated."""

    rule: str
    lists: tuple[str, ...]
    """Those it needs that are not whole, or not of now; `roles` where the edition is not known."""


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
        """True if every rule was evaluated, for everybody, with certain severities."""
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
