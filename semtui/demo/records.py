"""The state of the demo organization: plain records, the clock, and the queue of delayed changes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from semtui.demo.activity_records import Activity
from semtui.demo.catalog import Edition, Permission, Role
from semtui.demo.errors import INVALID_UUID, internal_error, invalid

Params = dict[str, Any]
SubjectType = Literal["user", "service_account", "group"]

MANUALLY = "manually"
UUID_SHAPE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass
class Person:
    """A person with a Semaphore account."""

    id: str
    name: str


@dataclass
class ServiceAccountRecord:
    """A service account as stored; times are Unix seconds."""

    id: str
    name: str
    description: str
    creator_id: str
    created_at: int
    updated_at: int
    deactivated: bool = False


@dataclass
class Group:
    """A group and the ids of its members."""

    id: str
    name: str
    description: str
    member_ids: list[str] = field(default_factory=list)


@dataclass
class Project:
    """A project of the organization."""

    id: str
    name: str
    description: str
    owner_id: str
    url: str


@dataclass
class AccessPolicy:
    """Which jobs may use an organization secret, as Semaphore stores it."""

    all_projects: bool
    project_ids: list[str]
    debug: bool
    attach: bool


@dataclass
class SecretRecord:
    """A secret of the organization, or of a project; times are Unix seconds."""

    id: str
    name: str
    project_id: str
    """Empty for a secret of the organization."""
    env_vars: dict[str, str] = field(repr=False)
    files: dict[str, str] = field(repr=False)
    """Content by path, as the client sent it: usually base64."""
    creator_id: str
    created_at: int
    updated_at: int
    description: str = ""
    used_at: int = 0
    """When a job last loaded it; 0 for never."""
    policy: AccessPolicy | None = None


@dataclass
class Subject:
    """RBAC's own record of a subject, with the name it had when the record was made (API.md#subject-types)."""

    type: SubjectType
    name: str


@dataclass
class ScmAccount:
    """An account at a Git host that an invitation may name."""

    provider: str
    handle: str
    uid: str
    person_id: str | None = None


@dataclass
class State:
    """Everything the organization knows. Bindings are subject id → source → role id."""

    edition: Edition
    clock: Callable[[], float]
    org_id: str
    org_name: str = "acme"
    queue_delay: float = 2.0
    permissions: dict[str, Permission] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    service_accounts: dict[str, ServiceAccountRecord] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    scm_accounts: dict[tuple[str, str], ScmAccount] = field(default_factory=dict)
    secrets: dict[str, SecretRecord] = field(default_factory=dict)
    activity: Activity = field(default_factory=Activity)
    features: set[str] = field(default_factory=set)
    """Semaphore's names of what is switched on for the organization."""
    subjects: dict[str, Subject] = field(default_factory=dict)
    org_bindings: dict[str, dict[str, str]] = field(default_factory=dict)
    project_bindings: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    stored_types: dict[str, SubjectType] = field(default_factory=dict)
    """CE stores a subject's type with its role, as whoever assigned the role stated it (API.md#subject-types)."""
    queue: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    @property
    def now(self) -> int:
        """The organization's clock, in whole Unix seconds."""
        return int(self.clock())

    def later(self, change: Callable[[], None]) -> None:
        """Queue a change, as Semaphore does: it is made seconds after the answer (API.md#delays)."""
        self.queue.append((self.clock() + self.queue_delay, change))

    def catch_up(self) -> None:
        """Make the queued changes that are due, oldest first."""
        now = self.clock()
        due = [change for at, change in self.queue if at <= now]
        self.queue = [entry for entry in self.queue if entry[0] > now]
        for change in due:
            change()

    def project_bindings_of(self, project_id: str) -> dict[str, dict[str, str]]:
        """The role bindings of one project, which can be changed in place."""
        return self.project_bindings.setdefault(project_id, {})

    def role_named(self, name: str, scope: str = "org") -> Role | None:
        """The role with this name in this scope, or None."""
        return next((role for role in self.roles.values() if (role.name, role.scope) == (name, scope)), None)


def is_uuid(value: object) -> bool:
    """Whether this is a hyphenated UUID of any version (API.md#requests)."""
    return isinstance(value, str) and UUID_SHAPE.fullmatch(value) is not None


def required_uuid(params: Params, key: str) -> str:
    """A UUID from the parameters, lower-cased; anything else is Semaphore's 400, or its 500 for a wrong type."""
    value = params.get(key)
    if value is not None and not isinstance(value, str):
        raise internal_error()
    if value is None or not is_uuid(value):
        raise invalid(INVALID_UUID)
    return value.lower()


def optional_text(params: Params, key: str) -> str | None:
    """A string from the parameters, or None when missing or null; another type is a 500 (API.md#requests)."""
    value = params.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or "\0" in value:
        raise internal_error()
    return value


def given_text(params: Params, key: str) -> str | None:
    """The same, for fields where Semaphore also treats `false` as missing."""
    return None if params.get(key) is False else optional_text(params, key)


def leading_integer(value: object, default: int) -> int:
    """The number a query parameter starts with: "10abc" is 10 (API.md#paging-members)."""
    match = re.match(r"[+-]?[0-9]{1,18}", value) if isinstance(value, str) else None
    return int(match[0]) if match else default
