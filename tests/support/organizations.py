"""Small organizations written in a line, and the lists Semaphore would give of each.

    ee | P ana:Owner dan:Member~scim | A bot:Member<ana -90d -1d off; new:- | G ops:Admin{dan,!zed}
       | R Cap={o.view}=>Admin | Q api@ana{dan:Reader~github} | Z api | X groups=failed

`P` people name:roles, by hand unless `~source` is said. `A` accounts name:role<creator -days created -days updated
off; the creator is ana unless said, `gone` for one without an id and any other name for somebody in no list; ten days
old. `G` groups name:role{members}, `!` before one in no list. `R` custom roles name={permissions}=>project role.
`Q` projects name@owner{people:roles}, `Z` those whose people were read. `X` what became of lists that are not whole.
`-` stands for no role, `o.` and `p.` for `organization.` and `project.`. A second line `later:` tells of another day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from semtui.demo.catalog import Edition, built_in_role_id, built_in_roles, fixed_id, permissions_of
from semtui.demo.seed_data import ORG_NAME
from semtui.organization.listing import LIST_NAMES

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.projects import Projects

FateName = Literal["failed", "refused", "partial", "stale"]
ORG_ID = fixed_id("organization", ORG_NAME)
MANUALLY = "manually"
WITH_FATES = (*LIST_NAMES, "projects")

_ROLES = r"(?P<roles>[^\s<{}]+)"
_PERSON = re.compile(rf"(?P<name>[^\s:]+):{_ROLES}")
_ACCOUNT = re.compile(
    rf"(?P<name>[^\s:]+):{_ROLES}"
    r"(?:<(?P<creator>[^\s-]\S*)?\s*(?:-(?P<created>\d+)d)?\s*(?:-(?P<updated>\d+)d)?\s*(?P<off>off)?)?\s*(?:;|$)"
)
_GROUP = re.compile(rf"(?P<name>[^\s:]+):{_ROLES}\{{(?P<members>[^}}]*)\}}")
_ROLE = re.compile(r"(?P<name>[^\s=]+)=\{(?P<permissions>[^}]*)\}(?:=>(?P<maps_to>\S+))?")
_PROJECT = re.compile(r"(?P<name>[^\s@]+)@(?P<owner>[^\s{]+)\{(?P<people>[^}]*)\}")
_NAME = re.compile(r"(?P<name>\S+)")
_FATE = re.compile(r"(?P<list>\w+)=(?P<fate>failed|refused|partial|stale)(?P<rows>\d*)")
_HEAD = re.compile(r"(?:(?P<name>E\d+) )?(?P<edition>ee|ce)")


@dataclass(frozen=True)
class Held:
    """A role somebody holds, and where it came from."""

    role: str
    source: str = MANUALLY


@dataclass(frozen=True)
class Person:
    """A person with a role in the organization, or with roles on one project."""

    name: str
    roles: tuple[Held, ...]


@dataclass(frozen=True)
class Account:
    """A service account; ages are in days."""

    name: str
    role: str
    """Empty for none."""
    creator: str = "ana"
    created: int = 10
    updated: int = 10
    off: bool = False


@dataclass(frozen=True)
class Group:
    """A group; whoever of its members is in no list is named by the organization's `unlisted`."""

    name: str
    role: str
    """Empty for none."""
    members: tuple[str, ...]


@dataclass(frozen=True)
class CustomRole:
    """A custom role of the organization, with the project role it maps to in truth."""

    name: str
    permissions: tuple[str, ...]
    maps_to: str = ""


@dataclass(frozen=True)
class Project:
    """A project, and the roles given on it."""

    name: str
    owner: str
    people: tuple[Person, ...]
    read: bool = False
    """Its people were read."""


@dataclass(frozen=True)
class ListTrouble:
    """What became of a list that is not whole."""

    fate: FateName
    rows: int = 0
    """How many of a partial one came: the first by name."""


@dataclass(frozen=True)
class Organization:
    """An organization as it is in truth, and what became of its lists."""

    edition: Edition
    persons: tuple[Person, ...] = ()
    accounts: tuple[Account, ...] = ()
    groups: tuple[Group, ...] = ()
    unlisted: tuple[str, ...] = ()
    """Members of groups who are in no list."""
    custom_roles: tuple[CustomRole, ...] = ()
    owned: tuple[Project, ...] = ()
    """Its projects."""
    troubles: Mapping[str, ListTrouble] = field(default_factory=dict)
    """By name of a list; `projects` is one."""
    later: Organization | None = None
    """The same organization on another day."""

    def people(self, now: float) -> People:
        """The six lists, read at `now` (epoch seconds). Community has no groups and fails to list them."""
        from tests.support.organization_lists import people_of

        return people_of(self, now)

    def projects(self, now: float) -> Projects:
        """The projects, and the people of those that were read."""
        from tests.support.organization_lists import projects_of

        return projects_of(self, now)

    @cached_property
    def ids(self) -> dict[str, str]:
        """Ids by name: of people, accounts, groups and whoever is in no list."""
        found = {each.name: fixed_id("person", each.name) for each in self.persons}
        found |= {each.name: fixed_id("service account", each.name) for each in self.accounts}
        found |= {each.name: fixed_id("group", each.name) for each in self.groups}
        return {name: fixed_id("person", name) for name in self.strangers} | found

    @cached_property
    def strangers(self) -> tuple[str, ...]:
        """Everybody who is in no list, and yet somebody's creator, a project's owner or a group's member."""
        named = (*self.unlisted, *(a.creator for a in self.accounts), *(p.owner for p in self.owned))
        return tuple(dict.fromkeys(name for name in named if name not in self.listed and name != "gone"))

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The names of everybody and every group in the lists, each as often as it is there."""
        persons, accounts, groups = self.persons, self.accounts, self.groups
        return (*(each.name for each in persons), *(each.name for each in accounts), *(each.name for each in groups))

    @cached_property
    def names(self) -> dict[str, str]:
        """Names by id, the other way round."""
        return {each: name for name, each in self.ids.items()}

    def trouble(self, name: str) -> FateName | Literal["ok"]:
        """What became of a list."""
        return self.troubles[name].fate if name in self.troubles else "ok"

    def id(self, name: str) -> str:
        """The id of whoever is called so, or of a group; KeyError for nobody."""
        return self.ids[name]

    def role_id(self, name: str, scope: Literal["org", "project"] = "org") -> str:
        """The id of a role."""
        if self.edition == "ee":
            return built_in_role_id(name, scope)
        return next(role.id for role in built_in_roles("ce", "") if role.name == name)

    def project_id(self, name: str) -> str:
        """The id of a project."""
        return fixed_id("project", name)


def permission(short: str) -> str:
    """`o.view` and `p.view` in full."""
    return re.sub(r"^p\.", "project.", re.sub(r"^o\.", "organization.", short.strip()))


def parse(text: str) -> Organization:
    """An organization from its notation. Raises ValueError for what cannot be read, or makes no sense."""
    first, later = (*re.split(r"\n\s*later:\s*", text.strip()), "")[:2]
    after = parse(later) if later else None
    head, *sections = [" ".join(part.split()) for part in first.split("|")]
    edition: Edition = "ce" if _matched(_HEAD, head)["edition"] == "ce" else "ee"
    parts = {section[0]: section[1:].strip() for section in sections}
    if len(parts) != len(sections) or not parts.keys() <= set("PAGRQZX"):
        raise ValueError(f"sections {[section[0] for section in sections]} in {text!r}")
    read = [found["name"] for found in _entries(_NAME, parts.get("Z", ""))]
    groups, unlisted = _groups(parts.get("G", ""))
    organization = Organization(
        edition,
        tuple(_person(found) for found in _entries(_PERSON, parts.get("P", ""))),
        tuple(_account(found) for found in _entries(_ACCOUNT, parts.get("A", ""))),
        groups,
        unlisted,
        tuple(_custom_role(found) for found in _entries(_ROLE, parts.get("R", ""))),
        tuple(_project(found, read) for found in _entries(_PROJECT, parts.get("Q", ""))),
        dict(_trouble(found) for found in _entries(_FATE, parts.get("X", ""))),
        after,
    )
    _check(organization, read)
    return organization


def _entries(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Every entry of a section; nothing may stand between them."""
    at = 0
    while at < len(text):
        found = pattern.match(text, at)
        if found is None or found.end() == at:
            raise ValueError(f"{text[at:]!r} cannot be read")
        yield found
        at = found.end() + len(text[found.end() :]) - len(text[found.end() :].lstrip())


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} cannot be read")
    return found


def _held(text: str) -> tuple[Held, ...]:
    """Roles as `Admin~scim,Member`; a source gives one at most (`API.md#built-in-roles`)."""
    held = tuple(Held(*each.split("~", 1)) for each in text.split(",")) if text != "-" else ()
    if len({each.source for each in held}) < len(held):
        raise ValueError(f"{text!r}: two roles from one source")
    return held


def _role(text: str) -> str:
    """The one role of an account or a group, given by hand."""
    held = _held(text)
    if any(each.source != MANUALLY for each in held):
        raise ValueError(f"{text!r}: accounts and groups hold roles by hand only")
    return held[0].role if held else ""


def _person(found: re.Match[str]) -> Person:
    return Person(found["name"], _held(found["roles"]))


def _account(found: re.Match[str]) -> Account:
    created = int(found["created"] or 10)
    updated = int(found["updated"] or created)
    return Account(
        found["name"], _role(found["roles"]), found["creator"] or "ana", created, updated, found["off"] is not None
    )


def _groups(text: str) -> tuple[tuple[Group, ...], tuple[str, ...]]:
    groups, unlisted = [], []
    for found in _entries(_GROUP, text):
        members = [name.strip() for name in found["members"].split(",") if name.strip()]
        unlisted += [name[1:] for name in members if name.startswith("!")]
        bare = tuple(name.removeprefix("!") for name in members)
        groups.append(Group(found["name"], _role(found["roles"]), bare))
    return tuple(groups), tuple(dict.fromkeys(unlisted))


def _custom_role(found: re.Match[str]) -> CustomRole:
    names = tuple(permission(each) for each in found["permissions"].split(",") if each.strip())
    return CustomRole(found["name"], names, found["maps_to"] or "")


def _project(found: re.Match[str], read: list[str]) -> Project:
    people: dict[str, str] = {}
    for each in found["people"].split(","):
        if each.strip():
            name, _, role = each.strip().partition(":")
            people[name] = f"{people[name]},{role}" if name in people else role
    persons = tuple(Person(name, _held(roles)) for name, roles in people.items())
    return Project(found["name"], found["owner"], persons, found["name"] in read)


def _trouble(found: re.Match[str]) -> tuple[str, ListTrouble]:
    fate: FateName = found["fate"]  # type: ignore[assignment]
    if found["list"] not in WITH_FATES or (fate == "partial") != bool(found["rows"]):
        raise ValueError(f"{found[0]!r} is no fate of a list")
    return found["list"], ListTrouble(fate, int(found["rows"] or 0))


def _check(organization: Organization, read: list[str]) -> None:
    """Raises ValueError where something is named that is not there, or there twice."""
    community = organization.edition == "ce"
    everybody = organization.listed
    custom = [role.name for role in organization.custom_roles]
    built_in = built_in_roles(organization.edition, ORG_ID)
    roles = {*custom, *(role.name for role in built_in if role.scope == "org")}
    on_projects = {role.name for role in built_in if role.scope == ("org" if community else "project")}
    held = {each.role for person in organization.persons for each in person.roles}
    held |= {each.role for each in organization.accounts} | {each.role for each in organization.groups}
    given = {each.role for project in organization.owned for person in project.people for each in person.roles}
    given |= {role.maps_to for role in organization.custom_roles if role.maps_to}
    members = {name for group in organization.groups for name in group.members} - set(organization.unlisted)
    members |= {person.name for project in organization.owned for person in project.people}
    # Whoever leaves the organization leaves its projects at once (API.md#removing).
    bare = {each.name for each in organization.persons if not each.roles}
    bare |= {each.name for each in organization.accounts if not each.role}
    bare |= {each.name for each in organization.groups if not each.role}
    permissions = {name for role in organization.custom_roles for name in role.permissions}
    for wrong, words in (
        ({name for name in everybody if everybody.count(name) > 1}, "names of two"),
        (set(everybody) & set(organization.unlisted), "listed after all"),
        (held - roles - {""}, "no roles of the organization"),
        (given - on_projects, "no roles on projects"),
        (members - set(everybody), "members who are nobody"),
        (bare & {person.name for project in organization.owned for person in project.people}, "without a role"),
        (permissions - permissions_of(organization.edition).keys(), "no permissions"),
        (set(read) - {project.name for project in organization.owned}, "no projects"),
        (set(custom) | {group.name for group in organization.groups} if community else set(), "not on Community"),
    ):
        if wrong:
            raise ValueError(f"{sorted(wrong)}: {words}")
