"""What semtui says of random organizations never contradicts the server's own check, and what it does not know has a
reason that is true."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hypothesis import example, given

from semtui.audit.access.answers import Reason, Truth, UnknownSubject
from semtui.audit.access.fates import fate_of
from semtui.audit.access.graph import AccessGraph
from semtui.audit.access.questions import can, paths, who_can, why
from semtui.demo.catalog import permissions_of
from semtui.demo.organization import Organization as Server
from semtui.organization.listing import LIST_NAMES
from tests.audit.test_examples_end_to_end import told
from tests.conftest import QUICK
from tests.support.organization_server import population_of, serving
from tests.support.organization_strategies import organizations
from tests.support.organizations import Organization, parse
from tests.support.served import NOW, Served, session_on

ASKED = (
    "organization.view",
    "organization.people.view",
    "organization.people.manage",
    "organization.secrets.manage",
    "organization.change_owner",
    "organization.delete",
    "project.view",
    "project.job.rerun",
    "project.secrets.manage",
    "project.delete",
)


class Known:
    """An organization in truth, and what its lists tell."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.server = Server(edition=organization.edition, population=population_of(organization, int(NOW)))
        self.people, self.projects = organization.people(NOW), organization.projects(NOW)
        self.graph = AccessGraph(self.people, self.projects)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Everybody who may hold something: people, accounts, and whoever is in a group and in no list."""
        organization = self.organization
        accounts = (each.name for each in organization.accounts)
        names = (*(each.name for each in organization.persons), *accounts, *organization.unlisted)
        return tuple(map(organization.id, names))

    @property
    def scopes(self) -> tuple[str | None, ...]:
        """The organization, and each project."""
        return (None, *(self.organization.project_id(each.name) for each in self.organization.owned))

    def questions(self) -> Iterator[tuple[str, str | None]]:
        """Permissions of the organization, of every project, and of each."""
        for permission in ASKED:
            for project_id in self.scopes if permission.startswith("project.") else (None,):
                yield permission, project_id

    def holds(self, subject_id: str, permission: str, project_id: str | None) -> bool:
        """What the server says."""
        return self.server.holds(subject_id, permission, project_id or "")

    def is_true(self, reason: Reason, subject_id: str, project_id: str | None) -> bool:
        """Whether a reason is a list that is not whole, or a limit of the API that concerns this subject."""
        organization, people = self.organization, self.people
        whole = {name: fate == "ok" or fate == "stale" for name, fate in self._fates().items()}
        custom = {each.name for each in organization.custom_roles}
        return {
            "roles-missing": not (whole["account_members"] and whole["users"]),
            "groups-missing": not whole["groups"] and organization.edition == "ee",
            "group-roles-missing": not whole["group_members"],
            "role-unlisted": not whole["roles"],
            "mapping": bool(custom),
            "unlisted": subject_id not in {row.id for row in people.subjects},
            "project-people-missing": project_id not in self.projects.members,
            "project-groups": project_id is not None and organization.edition == "ee",
            "project-accounts": project_id is not None and self._may_be_account(subject_id),
        }[reason]

    def _may_be_account(self, subject_id: str) -> bool:
        accounts = {self.organization.id(each.name) for each in self.organization.accounts}
        return subject_id in accounts or self._fates()["accounts"] != "ok"

    def _fates(self) -> dict[str, str]:
        return {name: fate_of(self.people.listing(name)).fate for name in LIST_NAMES}


# A list that failed would have named them: they are known by a group, or by a project.
@example(parse("ee | P ana:Owner fay:Owner | G rel:Owner{fay} | Q web@ana{} | Z web | X users=failed"))
@example(parse("ee | P ana:Owner dan:Owner | G all:Admin{dan} | X users=failed"))
@example(parse("ee | P ana:Owner | G rel:Owner{!zed} | X groups=failed"))
@given(organizations())
def test_yes_and_no_never_contradict_the_server(organization: Organization) -> None:
    known = Known(organization)
    for permission, project_id in known.questions():
        answer = who_can(known.graph, permission, project_id)
        said: dict[str, Truth] = {each.id: "yes" for each in (*answer.people, *answer.accounts)}
        said |= {each.subject.id: "unknown" for each in answer.unknown}
        for subject_id in known.subjects:
            seen = known.graph.knows(subject_id)
            verdict = said.get(subject_id, "no")
            holds = known.holds(subject_id, permission, project_id)
            about = (organization.names[subject_id], permission, project_id, verdict)
            if not seen:
                assert not holds or answer.at_least or answer.unseen, about
            elif verdict != "unknown":
                assert holds is (verdict == "yes"), about
            if seen:
                assert why(known.graph, subject_id, permission, project_id).verdict == verdict, about
        if answer.complete:
            held = {each for each in known.subjects if known.holds(each, permission, project_id)}
            assert held == {each for each, verdict in said.items() if verdict == "yes"}


@given(organizations())
def test_what_is_not_known_has_a_reason_that_is_true(organization: Organization) -> None:
    known = Known(organization)
    for permission, project_id in known.questions():
        answer = who_can(known.graph, permission, project_id)
        unknown: tuple[UnknownSubject, ...] = (*answer.unknown, *answer.unknown_groups)
        for each in unknown:
            assert each.reasons
            for reason in each.reasons:
                about = (each.subject.name, permission, project_id, reason)
                assert known.is_true(reason, each.subject.id, project_id), about


@given(organizations())
def test_what_somebody_can_is_what_the_server_lets_them(organization: Organization) -> None:
    known = Known(organization)
    names = permissions_of(organization.edition)
    for subject_id in filter(known.graph.knows, known.subjects):
        answer = can(known.graph, subject_id)
        held = {name for name in names if known.holds(subject_id, name, None)}
        said = {*answer.organization, *answer.every_project}
        assert said <= held
        assert held <= {*said, *answer.organization_unknown, *answer.every_project_unknown}
        for project_id, there in answer.projects.items():
            assert all(known.holds(subject_id, name, project_id) for name in there)
        assert answer.reasons or answer.complete


@given(organizations())
def test_a_yes_has_a_path_and_nothing_else_has(organization: Organization) -> None:
    known = Known(organization)
    for permission, project_id in known.questions():
        for subject_id in filter(known.graph.knows, known.subjects):
            answer = why(known.graph, subject_id, permission, project_id)
            assert answer.paths == paths(known.graph, subject_id, permission, project_id)
            if answer.subject.kind != "unlisted":
                assert bool(answer.paths) is (answer.verdict == "yes")
            assert bool(answer.reasons) is (answer.verdict == "unknown")


@given(organizations())
def test_the_same_is_read_from_a_server(organization: Organization) -> None:
    with (
        tempfile.TemporaryDirectory() as place,
        serving(organization, NOW) as server,
        session_on(server, Path(place), QUICK) as session,
    ):
        store = asyncio.run(Served(organization, server, session).read())
    assert told(store.people, store.projects) == told(organization.people(NOW), organization.projects(NOW))
