"""Findings in words: what speaks for each, what mends it, what is not known, and what waivers say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from semtui.organization.listing import ListName
from semtui.system.private_files import printable
from semtui.text.counting import count
from semtui.wording.access import REASON_WORDS
from semtui.wording.access_answer import call_words, cut_words
from semtui.wording.coverage import lacking_words, list_words
from semtui.wording.dates import day_words
from semtui.wording.rules import RULE_WORDS
from semtui.wording.sources import short_source
from semtui.wording.styled_text import listed

if TYPE_CHECKING:
    from pathlib import Path

    from semtui.audit.findings.findings import About, Finding, NotEvaluated, Unsure
    from semtui.audit.findings.waivers import Judged, Waiver

_FEW = 6
"""How many groups are named in a line."""


_HIDDEN: Mapping[ListName, str] = {
    "users": "people, and the roles they hold",
    "account_members": "the roles of service accounts",
    "group_members": "the roles of groups, and who holds them through a group",
    "accounts": "service accounts, their state and their age",
    "groups": "who is in a group",
    "roles": "what roles permit",
}
"""What is not known for want of a list."""


# Who


def about_words(about: About | None) -> str:
    """Whom a finding is about, without the id."""
    if about is None:
        return "the organization"
    return about.name.strip() or f"(no name) {about.id[:8]}"


def who_words(finding: Finding) -> str:
    """Whom a finding is about, with the id."""
    about = finding.subject
    if about is None:
        return finding.place if finding.rule == "coverage" else about_words(None)
    off = ", deactivated" if about.state == "deactivated" else ""
    return f"{about_words(about)}, {kind_words(about.kind)}{off} [{about.id}]"


def kind_words(kind: str) -> str:
    """The kind of a subject."""
    return "not listed" if kind == "unlisted" else kind


def _named(about: About) -> str:
    return f"{about.name} [{about.id}]" if about.name.strip() else f"id {about.id}"


def _names(groups: Iterable[About]) -> str:
    names = [about_words(each) for each in groups]
    return listed(names) if len(names) <= _FEW else f"{', '.join(names[:_FEW])} and {len(names) - _FEW:,} more"


# What speaks for it


def evidence_words(finding: Finding) -> str:
    """What speaks for a finding, in sentences."""
    perhaps = f" It may be {finding.may_be}: not all that decides it is known." if finding.may_be else ""
    return f"{_EVIDENCE[finding.rule](finding)}{perhaps}"


def fix_words(finding: Finding) -> str:
    """What mends it, in a sentence."""
    cuts = [cut_words(step) for step in finding.facts.steps]
    return f"To end it: {'; or '.join(cuts)}." if cuts else RULE_WORDS[finding.rule].fix


def _reach(finding: Finding) -> str:
    return "" if finding.facts.level == "none" else f" It holds every permission of {finding.facts.level}."


def _through(finding: Finding) -> str:
    roles, groups = listed(finding.facts.roles), finding.facts.groups
    return f"{roles}{f', in part or whole through {_names(groups)}' if groups else ''}"


def _ghost(finding: Finding) -> str:
    other, at = finding.facts.other, finding.facts.at
    who = "somebody who is gone" if other is None else _named(other)
    return (
        f"Its token is accepted, and it holds no role. Created by {who} on {day_words(at)}."
        if at
        else f"Its token is accepted, and it holds no role. Created by {who}; Semaphore does not say when."
    )


def _stale_token(finding: Finding) -> str:
    facts = finding.facts
    return f"Its token is {'exactly' if facts.exact else 'at least'} {count(facts.days or 0, 'day')} old."


def _dormant(finding: Finding) -> str:
    since = f" since {day_words(finding.facts.at)} at the latest" if finding.facts.at else ""
    return (
        f"Deactivated{since}. Once reactivated, it holds every permission of {finding.facts.level}, by "
        f"{_through(finding)}."
    )


def _removed(finding: Finding) -> str:
    where = f"In {_names(finding.facts.groups)}, which gives {listed(finding.facts.roles)}, but in no list."
    if finding.facts.confirmed:
        return f"{where} An earlier reading, at least a minute before, showed the same."
    return f"{where} It may be temporary: one reading cannot tell."


def _manual(finding: Finding) -> str:
    facts = finding.facts
    sources = listed([short_source(each) for each in facts.sources])
    direct = f"{listed(facts.roles)} was assigned directly, beside roles from {sources}"
    if facts.redundant:
        return f"{direct}, and permits nothing more than they do."
    if finding.may_be:
        return f"{direct}."
    return f"{direct}, permits more than they do, and stays when they are removed."


def _owners(finding: Finding) -> str:
    other = finding.facts.other
    if other is None:
        return "No person is certain to hold every permission of Owner."
    return f"Only {_named(other)} holds every permission of Owner: nobody else can restore them."


def _look_alike(finding: Finding) -> str:
    other, number = finding.facts.other, finding.facts.number
    more = f", and those of {number - 2:,} more" if number > 2 else ""
    same = other and finding.subject and other.name == finding.subject.name
    return f"Its name {'is' if same else 'looks like'} that of {_named(other) if other else 'another'}{more}."


def _coverage(finding: Finding) -> str:
    name, fate = finding.place, finding.facts.fate
    told = lacking_words({name: fate}) if fate else []
    known = next((words for each, words in _HIDDEN.items() if each == name), "part of it")
    what = told[0] if told else f"The list of {list_words(name)} does not say what any of them permits."
    return f"{what} Not known for that: {known}."


def _other(finding: Finding) -> str:
    return _named(finding.facts.other) if finding.facts.other else "somebody"


_EVIDENCE: Mapping[str, Callable[[Finding], str]] = {
    "ghost": _ghost,
    "ghost-in-group": lambda each: (
        f"No role assigned directly; {listed(each.facts.roles)} through {_names(each.facts.groups)}."
    ),
    "orphan": lambda each: (
        f"The Semaphore account of its creator is gone: name and description cannot be edited any more.{_reach(each)}"
    ),
    "creator-left": lambda each: (
        f"Created by somebody who is no longer listed and may know its token, {_other(each)}.{_reach(each)}"
    ),
    "stale-token": _stale_token,
    "privileged-account": lambda each: (
        f"Holds every permission of {each.facts.level} in the organization, by {_through(each)}."
    ),
    "dormant-privileged": _dormant,
    "removed-in-group": _removed,
    "group-admin": lambda each: f"{each.facts.level} only through {_names(each.facts.groups)}.",
    "empty-admin-group": lambda each: (
        f"Nobody is in it, and it gives {listed(each.facts.roles)}: anybody who manages people can join it."
    ),
    "manual-beside-sync": _manual,
    "owners": _owners,
    "one-step": lambda each: f"For {each.facts.target}: {'; then '.join(map(call_words, each.facts.steps))}.",
    "sensitive-role": lambda each: (
        f"Permits {listed(each.facts.permissions)}, and is held by {each.facts.number:,} (people, accounts, groups)."
    ),
    "everyone-manages-secrets": lambda each: f"Permits {listed(each.facts.permissions)}.",
    "unused-role": lambda each: "No person, service account or group holds it in the organization.",
    "twin-roles": lambda each: f"Permits the same as {_other(each)}: {count(each.facts.number, 'permission')}.",
    "everyone-admin": lambda each: f"{each.facts.number:,} of {each.facts.of:,} people reach Owner or Admin.",
    "owner-not-listed": lambda each: f"Its owner is in no list: {_other(each)}.",
    "look-alike": _look_alike,
    "retyped": lambda each: "The API shows it as a user.",
    "name-drift": lambda each: f"Called {each.facts.other.name if each.facts.other else '–'} in the list of members.",
    "coverage": _coverage,
}


# What is not known


def not_evaluated_words(each: NotEvaluated) -> str:
    """`owners: not evaluated, because the list of people is not whole`, without its end."""
    lists = listed([list_words(name) for name in each.lists])
    one = len(each.lists) == 1
    why = f"the list{'' if one else 's'} of {lists} {'is' if one else 'are'} incomplete or out of date"
    return f"{each.rule}: not evaluated, because {why}"


def unsure_words(each: Unsure) -> str:
    """Of whom a rule is not known, and why, without its end."""
    why = listed(["Semaphore gives no date" if one == "date-missing" else REASON_WORDS[one] for one in each.reasons])
    return f"{each.rule}: unknown for {about_words(each.subject)} [{each.subject.id}], because {why}"


# Waivers


def waiver_words(judged: Judged) -> str:
    """What a waiver says of a finding, in a sentence; empty where there is none."""
    waiver = judged.waiver
    if waiver is None:
        return ""
    ticket = f" ({waiver.ticket})" if waiver.ticket else ""
    until = f"until {waiver.until.isoformat()} by {waiver.by}: {waiver.reason}{ticket}"
    if judged.standing == "expired":
        return f"Was waived {until}."
    if judged.standing == "risen":
        return f"Waived up to {waiver.severity} {until}. It is, or may be, {judged.finding.worst} now."
    return f"Waived {until}."


def waived_words(waiver: Waiver, path: Path) -> str:
    """What has been waived, until when, and where that is written, in a sentence."""
    who = waiver.name or waiver.id
    return f"Waived until {waiver.until.isoformat()}: {waiver.rule} of {who}. Written to {printable(path)}."


def unused_words(waiver: Waiver) -> str:
    """A waiver that matches nothing, without its end."""
    name = f" ({waiver.name})" if waiver.name else ""
    return f"{waiver.place}: {waiver.rule} of {waiver.id}{name}, until {waiver.until.isoformat()} by {waiver.by}"


def renamed_words(waiver: Waiver, name: str) -> str:
    """A waiver whose name is another than its subject's, in a sentence."""
    return (
        f"The waiver of {waiver.rule} at {waiver.place} says {waiver.name}; {waiver.id} is called {name or 'nothing'}."
    )
