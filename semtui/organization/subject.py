"""A row of the People page: a person, a service account or a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from semtui.text.folding import haystack

if TYPE_CHECKING:
    from semtui.api.models import RoleBinding, ServiceAccount

Kind = Literal["person", "account", "group"]
KINDS: tuple[Kind, ...] = ("person", "account", "group")
State = Literal["", "active", "deactivated", "no role", "unknown", "being removed"]
"""`being removed`: deleted, and shown by the lists of roles until Semaphore gets there (`API.md#delays`). `unknown`:
not in the list of its kind, as far as that is known."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A row: a person, a service account or a group."""

    id: str
    kind: Kind
    name: str
    roles: tuple[RoleBinding, ...] | None = ()
    """Its role bindings; None while a list that contains them is missing."""
    state: State = ""
    description: str = ""
    member_ids: tuple[str, ...] | None = ()
    """Ids of a group's members; None while the list of groups is missing."""
    groups: tuple[str, ...] = ()
    """Names of the groups this person or account belongs to."""
    account: ServiceAccount | None = None

    @property
    def kind_known(self) -> bool:
        """False for a member without a name: a person, or a service account that is deleted."""
        return self.kind != "person" or self.state != "unknown"

    @property
    def created_at(self) -> int | None:
        """Epoch seconds, UTC; None where it is not known."""
        return self.account.created_at if self.account else None

    @property
    def updated_at(self) -> int | None:
        """Epoch seconds, UTC; None where it is not known."""
        return self.account.updated_at if self.account else None

    @property
    def creator_id(self) -> str:
        """The id of whoever created it, where known."""
        return self.account.creator_id if self.account else ""

    @property
    def haystack(self) -> str:
        """What search looks through: name, description and id, folded."""
        return f"{text_of(self)}\n{self.id.lower()}"

    @property
    def is_owner(self) -> bool:
        """True when it is seen to hold the role Owner, from whatever source."""
        return any(binding.role_name == "Owner" for binding in self.roles or ())

    @property
    def manual_role(self) -> RoleBinding | None:
        """The directly assigned role binding, the only one a person can change (`API.md#sources`)."""
        return next((binding for binding in self.roles or () if binding.is_manual), None)


def text_of(subject: Subject) -> str:
    """What search looks through besides the id."""
    return haystack(subject.name, subject.description) if subject.description else haystack(subject.name)


def place(subject: Subject) -> tuple[int, str, str]:
    """Sort key: by kind and then by name."""
    return KINDS.index(subject.kind), subject.name.casefold(), subject.id
