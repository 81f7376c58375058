"""Rules about service accounts and their tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from semtui.audit.findings.evidence import DAY, REACH, SUBJECTS, Rule, level_rank
from semtui.audit.findings.findings import About, Facts, Finding, Severity, Unsure

if TYPE_CHECKING:
    from semtui.api.models import ServiceAccount
    from semtui.audit.findings.evidence import Evidence

OLD, VERY_OLD = 180, 365
"""In days since the last change of an account: its token is then old, or very old."""


def _ghosts(evidence: Evidence) -> Iterator[Finding]:
    for account, number in evidence.accounts:
        profile = evidence.index.profiles[number]
        if not (account.deactivated or profile.direct or profile.by_groups):
            created = account.created_at
            young = created is not None and evidence.now - created < DAY
            facts = Facts(at=created, other=_creator(evidence, account))
            yield Finding("ghost", "info" if young else "medium", evidence.about(account.id), facts)


def _ghosts_in_groups(evidence: Evidence) -> Iterator[Finding]:
    for account, number in evidence.accounts:
        profile = evidence.index.profiles[number]
        if profile.by_groups and not (account.deactivated or profile.direct):
            severity, may_be = evidence.severity(number, "high", "medium")
            groups = evidence.groups_giving(account.id)
            facts = Facts(groups=groups, roles=evidence.role_names(profile.by_groups))
            yield Finding("ghost-in-group", severity, evidence.about(account.id), facts, may_be=may_be)


def _orphans(evidence: Evidence) -> Iterator[Finding]:
    for account, number in evidence.accounts:
        if not account.creator_id:
            severity, may_be = _left_behind(evidence, account, number)
            yield Finding("orphan", severity, evidence.about(account.id), _held(evidence, number), may_be=may_be)


def _creators_left(evidence: Evidence) -> Iterator[Finding]:
    for account, number in evidence.accounts:
        if account.creator_id and account.creator_id not in evidence.listed:
            severity, may_be = _left_behind(evidence, account, number)
            facts = replace(_held(evidence, number), other=_creator(evidence, account))
            yield Finding("creator-left", severity, evidence.about(account.id), facts, may_be=may_be)


def _left_behind(evidence: Evidence, account: ServiceAccount, number: int) -> tuple[Severity, Severity | None]:
    """The severity for an account without its creator, which is certain; how far it reaches may still be unknown."""
    return ("low", None) if account.deactivated else evidence.severity(number, "high", "medium")


def _creator(evidence: Evidence, account: ServiceAccount) -> About | None:
    return evidence.somebody(account.creator_id) if account.creator_id else None


def _old_tokens(evidence: Evidence) -> Iterator[Finding | Unsure]:
    for account, _ in evidence.accounts:
        if account.deactivated:
            continue
        if account.updated_at is None:
            yield Unsure("stale-token", evidence.about(account.id), ("date-missing",))
            continue
        days = int((evidence.now - account.updated_at) // DAY)
        if days >= OLD:
            # A new token changes the date, and so do renaming, deactivating and reactivating (`API.md#updated-at`).
            facts = Facts(at=account.updated_at, days=days, exact=account.updated_at == account.created_at)
            yield Finding("stale-token", "high" if days >= VERY_OLD else "medium", evidence.about(account.id), facts)


def _privileged(evidence: Evidence) -> Iterator[Finding | Unsure]:
    severities: tuple[Severity, ...] = ("info", "info", "high")
    for account, number in evidence.accounts:
        level = evidence.level(number)
        if account.deactivated or level.possible == "none":
            continue
        if level.certain == "none":
            yield Unsure("privileged-account", evidence.about(account.id), evidence.reasons(number))
            continue
        severity, worst = (severities[level_rank(each)] for each in (level.certain, level.possible))
        may_be = None if worst == severity else worst
        facts = replace(_held(evidence, number), groups=evidence.groups_giving(account.id))
        yield Finding("privileged-account", severity, evidence.about(account.id), facts, may_be=may_be)


def _dormant(evidence: Evidence) -> Iterator[Finding | Unsure]:
    for account, number in evidence.accounts:
        level = evidence.level(number)
        if not account.deactivated or level.possible == "none":
            continue
        if level.certain == "none":
            yield Unsure("dormant-privileged", evidence.about(account.id), evidence.reasons(number))
        else:
            facts = replace(_held(evidence, number), at=account.updated_at, groups=evidence.groups_giving(account.id))
            yield Finding("dormant-privileged", "medium", evidence.about(account.id), facts)


def _held(evidence: Evidence, number: int) -> Facts:
    return Facts(evidence.level(number).certain, evidence.roles_of(number))


def _retyped(evidence: Evidence) -> Iterator[Finding]:
    bound = {each.id for each in evidence.people.account_members.items}
    users = {each.id for each in evidence.people.users.items}
    for account, _ in evidence.accounts:
        if account.id in users and account.id not in bound:
            yield Finding("retyped", "info", evidence.about(account.id))


def _renamed(evidence: Evidence) -> Iterator[Finding]:
    bound = {each.id: each.name for each in evidence.people.account_members.items}
    for account, _ in evidence.accounts:
        name = bound.get(account.id, account.name)
        if name != account.name:
            subject = evidence.about(account.id)
            yield Finding("name-drift", "info", subject, Facts(other=About(account.id, name, "account")))


_BOUND = ("accounts", "account_members")
"""The lists that show which accounts there are, and which roles they hold directly."""

RULES = (
    Rule("ghost", ("medium", "info"), (*_BOUND, "groups", "group_members"), _ghosts, elsewhere=("users",)),
    Rule("ghost-in-group", ("high", "medium"), (*_BOUND, "groups", "group_members"), _ghosts_in_groups, "ee"),
    # That an account is an orphan is certain, even if it is not known how far it reaches.
    Rule("orphan", ("high", "medium", "low"), ("accounts",), _orphans),
    Rule("creator-left", ("high", "medium", "low"), SUBJECTS, _creators_left),
    Rule("stale-token", ("high", "medium"), ("accounts",), _old_tokens),
    Rule("privileged-account", ("high", "info"), ("accounts", *REACH), _privileged, elsewhere=("users",)),
    Rule("dormant-privileged", ("medium",), ("accounts", *REACH), _dormant, elsewhere=("users",)),
    Rule("retyped", ("info",), SUBJECTS, _retyped, "ce"),
    Rule("name-drift", ("info",), _BOUND, _renamed, "ee"),
)
