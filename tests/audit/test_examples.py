"""Answers about small organizations, each as one line: who can, what can, why, and from where it is one step."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from semtui.audit.access.answers import Path, StepsOf, SubjectRef, UnknownSubject
from semtui.audit.access.graph import AccessGraph
from semtui.audit.access.questions import can, who_can, why
from semtui.audit.access.steps import steps
from tests.support.organizations import Organization, parse, permission

NOW = 1_700_000_000.0

WHO_CAN = [
    ("ee | P ana:Owner ben:Admin dan:Member | A bot:Member", "o.people.manage", "people ana,ben; accounts -"),
    ("ee | P ana:Owner dan:Member | G ops:Admin{dan}", "o.people.manage", "people ana,dan; accounts -"),
    (
        "ee | P ana:Owner | A old:Admin<ana -700d -400d off; tf:Admin",
        "o.people.manage",
        "people ana; accounts old(off),tf",
    ),
    (
        "ee | P ana:Owner dan:Member | G ops:Admin{dan} | X groups=failed",
        "o.people.manage",
        "people ana; accounts -; unknown dan:groups-missing",
    ),
    (
        "ee | P ana:Owner dan:Member | G ops:Member{dan} | X groups=failed",
        "o.people.manage",
        "people ana; accounts -",
    ),
    (
        "ee | P ana:Owner dan:Member eva:Member | G ops:Admin{dan} | X group_members=failed",
        "o.people.manage",
        "people ana; accounts -; unknown dan:group-roles-missing",
    ),
    (
        "ee | P ana:Owner dan:Member | G ops:Admin{dan,!zed}",
        "o.people.manage",
        "people ana,dan; accounts -; unknown zed:unlisted",
    ),
    ("ee | P ana:Owner ben:Admin dan:Member | A tf:Admin", "p.delete", "people ana,ben; accounts tf"),
    (
        "ee | P ana:Owner rey:Cap dan:Member | R Cap={o.view}=>Admin",
        "p.secrets.manage",
        "people ana; accounts -; unknown rey:mapping",
    ),
    (
        "ee | P ana:Owner rey:Cap kim:Keep dan:Member | A cap-bot:Cap | R Cap={o.view}=>Admin Keep={o.view}"
        " | Q api@ana{} | Z api",
        "p.secrets.manage",
        "people ana,rey; accounts cap-bot",
    ),
    (
        "ee | P ana:Owner ben:Admin fay:Audit | R Audit={o.view,o.people.view} | X roles=refused accounts=refused",
        "o.people.manage",
        "people ana,ben; accounts -; unknown fay:role-unlisted",
    ),
    (
        "ee | P ana:Owner ben:Admin zoe:Admin | X users=partial2",
        "o.people.manage",
        "people ana,ben; accounts -; at least (users missing)",
    ),
    (
        "ee | P ana:Owner dan:Member | A bot:Admin; tf:Member | G ops:Admin{tf} | X account_members=failed",
        "o.people.manage",
        "people ana; accounts tf; unknown bot:roles-missing",
    ),
    (
        "ee | P ana:Owner dan:Member eva:Member | A bot:Member | G ops:Member{dan} | Q api@ana{eva:Reader~github}"
        " | Z api",
        "p.view on api",
        "people ana,eva; accounts -; unknown bot:project-accounts dan:project-groups",
    ),
    (
        "ce | P ana:Owner ben:Admin dan:Member eva:Member | A bot:Member | Q web@ana{dan:Member} | Z web",
        "p.secrets.view",
        "people ana,ben; accounts -",
    ),
    (
        "ce | P ana:Owner ben:Admin dan:Member eva:Member | A bot:Member | Q web@ana{dan:Member} | Z web",
        "p.secrets.view on web",
        "people ana,ben,dan; accounts -; unknown bot:project-accounts",
    ),
]
CAN = [
    ("ee | P ana:Owner ben:Admin~scim,Member", "ben", "org 34/38; every project 31/31"),
    (
        "ee | P ana:Owner kim:Keep | R Keep={o.view,o.service_accounts.view,o.service_accounts.manage}"
        " | G all:Member{kim}",
        "kim",
        "org 16/38; every project 0/31 (+31?)",
    ),
]
WHY = [
    (
        "ee | P ana:Owner ben:Admin~scim,Member | G rel:Admin{ben} all:Member{ben}",
        "ben o.secrets.manage",
        "yes: Admin~scim , Member~manually , rel>Admin~manually , all>Member~manually",
    ),
    ("ee | P ana:Owner dan:Member | G all:Member{dan}", "dan o.people.manage", "no"),
    ("ee | P ana:Owner | A bot:- | G rob:Admin{bot}", "bot p.job.stop", "yes: rob>Admin~manually=>Admin"),
]
STEPS = [
    (
        "ee | P ana:Owner ben:Admin kim:Keep dan:Member | A tf:Admin; old:Admin<ana -700d -400d off; boss:Owner"
        " | R Keep={o.view,o.service_accounts.manage}",
        "Owner",
        "ben: token boss; kim: token boss; tf: token boss",
    ),
    (
        "ee | P ana:Owner lea:Lead dan:Member | A bot:Member | R Lead={o.view,o.people.view,o.people.manage}"
        " | G night:Admin{} all:Member{dan}",
        "Admin",
        "lea: join night",
    ),
    (
        "ee | P ana:Owner cora:Crown lea:Lead | R Crown={o.view,o.people.manage,o.change_owner}"
        " Lead={o.view,o.people.manage} | A bot:Member",
        "Admin",
        "cora: take Owner",
    ),
]


def graph_of(text: str) -> tuple[Organization, AccessGraph]:
    organization = parse(text)
    return organization, AccessGraph(organization.people(NOW), organization.projects(NOW))


@pytest.mark.parametrize(("text", "question", "expected"), WHO_CAN)
def test_who_can(text: str, question: str, expected: str) -> None:
    organization, graph = graph_of(text)
    name, _, project = question.partition(" on ")
    answer = who_can(graph, permission(name), organization.project_id(project) if project else None)

    def unknown(each: UnknownSubject) -> str:
        return f"{organization.names[each.subject.id]}:{','.join(each.reasons)}"

    def named(each: SubjectRef) -> str:
        return each.name + ("(off)" if each.state == "deactivated" else "")

    words = [f"people {_listed(map(named, answer.people))}", f"accounts {_listed(map(named, answer.accounts))}"]
    if answer.unknown:
        words.append(f"unknown {' '.join(sorted(map(unknown, answer.unknown)))}")
    if answer.at_least:
        words.append(f"at least ({','.join(answer.at_least)} missing)")
    assert "; ".join(words) == expected
    assert answer.complete == ("unknown" not in expected and "at least" not in expected)


@pytest.mark.parametrize(("text", "subject", "expected"), CAN)
def test_can(text: str, subject: str, expected: str) -> None:
    organization, graph = graph_of(text)
    answer = can(graph, organization.id(subject))
    maybe = [
        f" (+{len(names)}?)" if names else "" for names in (answer.organization_unknown, answer.every_project_unknown)
    ]
    org = f"org {len(answer.organization)}/{answer.of_organization}{maybe[0]}"
    assert f"{org}; every project {len(answer.every_project)}/{answer.of_projects}{maybe[1]}" == expected


@pytest.mark.parametrize(("text", "question", "expected"), WHY)
def test_why(text: str, question: str, expected: str) -> None:
    organization, graph = graph_of(text)
    subject, name = question.split()
    answer = why(graph, organization.id(subject), permission(name))
    ways = " , ".join(map(_path, answer.paths))
    assert (f"{answer.verdict}: {ways}" if ways else answer.verdict) == expected


@pytest.mark.parametrize(("text", "target", "expected"), STEPS)
def test_steps(text: str, target: str, expected: str) -> None:
    _, graph = graph_of(text)
    answer = steps(graph, target)
    assert "; ".join(f"{each.subject.name}: {_route(each)}" for each in answer.found) == expected
    assert answer.complete


def _route(found: StepsOf) -> str:
    return ", ".join(f"{step.edge} {step.target.name}" if step.target else step.edge for step in found.steps)


def _listed(names: Iterable[str]) -> str:
    return ",".join(names) or "-"


def _path(path: Path) -> str:
    group = f"{path.group_name}>" if path.group_name else ""
    return f"{group}{path.role_name}~{path.source}" + (f"=>{path.mapped_to}" if path.mapped_to else "")
