"""What semtui says would change is what has changed once the server was asked to make the same changes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from semtui.audit.access.graph import AccessGraph
from semtui.audit.what_if.answers import WhatIf
from semtui.audit.what_if.operations import Caller, Operation, OperationKind
from semtui.audit.what_if.question import what_if
from semtui.demo.api import PREFIX, Api, Request
from semtui.demo.catalog import permissions_of
from semtui.demo.organization import Organization as Server
from tests.audit.in_a_line import operation
from tests.support.organization_server import TOKEN, population_of
from tests.support.organization_strategies import GIVEN, organizations
from tests.support.organizations import Organization, parse
from tests.support.served import NOW

EDITS = (*GIVEN, "o.delete", "p.view")


class Live:
    """An organization on a server, asked as its first Owner."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        population = population_of(organization, int(NOW))
        self.server = Server(edition=organization.edition, population=population, group_delay=0)
        self._api = Api(self.server)

    def held(self) -> dict[str, set[str]]:
        """What each person, account and unlisted member holds in the organization and on every project."""
        organization = self.organization
        persons, accounts = organization.persons, organization.accounts
        names = [*(each.name for each in persons), *(each.name for each in accounts), *organization.unlisted]
        ids = list(map(organization.id, names))
        permissions = permissions_of(organization.edition)
        return {each: {name for name in permissions if self.server.holds(each, name)} for each in ids}

    def make(self, change: Operation) -> bool:
        """Have a change made; False if it was refused."""
        method, path, body = self._call(change)
        headers = {"authorization": f"Token {TOKEN}", "content-type": "application/json"}
        sent = json.dumps(body).encode() if body else b""
        return self._api.answer(Request(method, f"{PREFIX}/{path}", "", headers, sent, "127.0.0.1")).status == 200

    def _call(self, change: Operation) -> tuple[str, str, dict[str, Any]]:
        group = {"join": "members_to_add", "leave": "members_to_remove"}
        if change.kind in group:
            return "PATCH", f"groups/{change.other_id}", {group[change.kind]: [change.id]}
        if change.kind == "edit-role":
            role = self.server.state.roles.get(change.id)
            kept = set(role.permissions if role else ()) - set(change.removed) | set(change.added)
            return "PATCH", f"roles/{change.id}", {"permissions": sorted(kept)}
        calls: dict[OperationKind, tuple[str, str, dict[str, Any]]] = {
            "role": ("PUT", f"members/{change.id}/role", {"role_id": change.other_id}),
            "remove": ("DELETE", f"members/{change.id}", {}),
            "delete-group": ("DELETE", f"groups/{change.id}", {}),
            "delete-role": ("DELETE", f"roles/{change.id}", {}),
            "deactivate": ("POST", f"service_accounts/{change.id}/deactivate", {}),
            "delete": ("DELETE", f"service_accounts/{change.id}", {}),
        }
        return calls[change.kind]


@st.composite
def changes(draw: st.DrawFn, organization: Organization) -> str:
    """Any change that makes sense there."""
    groups, accounts = ([each.name for each in rows] for rows in (organization.groups, organization.accounts))
    custom = [each.name for each in organization.custom_roles]
    single = [each.name for each in organization.persons] + accounts
    roles = st.sampled_from(["Owner", "Admin", "Member", *custom])
    kinds = ["role", "role", "remove"]
    kinds += ["join", "leave", "delete-group"] if groups else []
    kinds += ["deactivate", "delete"] if accounts else []
    kinds += ["edit-role", "delete-role"] if custom else []
    kind = draw(st.sampled_from(kinds))
    if kind == "role":
        return f"role {draw(st.sampled_from([*single, *groups]))} {draw(roles)}"
    if kind == "remove":
        return f"remove {draw(st.sampled_from([*single, *groups, *organization.unlisted]))}"
    if kind in ("join", "leave"):
        member = draw(st.sampled_from([*single, *organization.unlisted]))
        return f"{kind} {member} {draw(st.sampled_from(groups))}"
    if kind == "edit-role":
        signs = st.builds("{}{}".format, st.sampled_from("+-"), st.sampled_from(EDITS))
        return f"edit-role {draw(roles)} {' '.join(draw(st.lists(signs, max_size=3, unique_by=lambda one: one[1:])))}"
    names = {"delete-group": groups, "delete-role": [*custom, "Member"], "deactivate": accounts, "delete": accounts}
    return f"{kind} {draw(st.sampled_from(names[kind]))}"


def with_changes() -> st.SearchStrategy[tuple[Organization, list[str]]]:
    """An organization and what is to change in it."""
    return organizations().flatmap(
        lambda each: st.tuples(st.just(each), st.lists(changes(each), min_size=1, max_size=3, unique=True))
    )


def seen(graph: AccessGraph, written: str, organization: Organization) -> bool:
    """Whether everybody and everything a change names is in the lists that were read."""
    change = operation(organization, written)
    roles = {role.id for role in graph.people.roles.items}
    ids = [change.id, *([change.other_id] if change.other_id else [])]
    return all(graph.knows(each) or each in roles for each in ids)


E1 = "ee | P ana:Owner ben:Admin~scim,Member dan:Member | A bot:Admin | G rel:Admin{ben,dan,!zed}"


@example((parse(E1), ["role rel Member", "remove ben"]))
@example((parse(E1), ["remove zed", "role ana Admin", "remove ana"]))
@example((parse(f"{E1} | X groups=failed"), ["delete-group rel"]))
@example((parse("ee | P ana:Owner rey:Cap | R Cap={o.view}=>Admin | Q api@ana{} | Z api"), ["edit-role Cap -o.view"]))
@given(with_changes())
def test_what_is_said_to_change_does(asked: tuple[Organization, list[str]]) -> None:
    organization, written = asked
    graph = AccessGraph(organization.people(NOW), organization.projects(NOW))
    written = [each for each in written if seen(graph, each, organization)]
    live = Live(organization)
    before = live.held()
    operations = [operation(organization, each) for each in written]
    answer = what_if(graph, operations, Caller(organization.id("ana")))
    if any(not refusal.certain for refusal in answer.refusals):
        assert not answer.complete
        return
    refused = [refusal.operation for refusal in answer.refusals]
    for each in operations:
        # Whoever gives up their own rights cannot go on.
        if live.server.holds(organization.id("ana"), "organization.delete"):
            assert live.make(each) is (each not in refused), (each, answer.refusals)
        elif each not in refused:
            return
    _compare(answer, organization, before, live.held())


def _compare(
    answer: WhatIf, organization: Organization, before: dict[str, set[str]], after: dict[str, set[str]]
) -> None:
    gained = {subject.id: set(difference.gained) for subject, difference in answer.everybody()}
    lost = {subject.id: set(difference.lost) for subject, difference in answer.everybody()}
    unknown = {each.subject.id for each in answer.unknown}
    kept = {subject.id for each in answer.kept for subject in each.subjects}
    for each, held in before.items():
        about = (organization.names[each], sorted(held ^ after[each]))
        came, went = after[each] - held, held - after[each]
        assert gained.get(each, set()) <= came, about
        assert lost.get(each, set()) <= went, about
        if each not in unknown and answer.before.knows(each):
            assert (gained.get(each, set()), lost.get(each, set())) == (came, went), about
        if each in kept:
            assert not went, about
        if not answer.before.knows(each) and (came or went):
            assert not answer.complete, about
        for permission in held | after[each]:
            known = answer.after.knows(each) and answer.after.verdict(each, permission)[0]
            assert known in (False, "unknown", "yes" if permission in after[each] else "no"), (*about, permission)
