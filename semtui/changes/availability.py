"""Why an action is not available for a row, said before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from semtui.api.permissions import MANAGE_SERVICE_ACCOUNTS
from semtui.settings.keymap import key
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.organization.subject import Subject

NO_CUSTOM_ROLES = "Semaphore Community has no custom roles."
_ONLY = {"account": "service accounts", "person": "people"}
_WITH_ARTICLE = {"account": "a service account", "person": "a person", "group": "a group"}
UNLISTED = "is not in the list of service accounts, as far as that could be loaded"
"""Why an account cannot be changed that is known only from the list of roles."""


class RequestedAction(Protocol):
    """An action somebody asks for, by a key or in line mode."""

    @property
    def method(self) -> str:
        """`create`, `edit`, `delete`, ..."""

    @property
    def permission(self) -> str:
        """The permission it needs; empty for actions that change nothing."""

    @property
    def needs(self) -> str:
        """What the action applies to: `row` for any row, `account` for a service account, `person` for a person."""


def session_obstacle(
    action: RequestedAction, permission: str, row: object, *, read_only_reason: str, denied: set[str]
) -> str:
    """Why `action`, which takes `permission`, cannot be done now, in a sentence; empty when nothing is known to be in
    its way. A `read_only_reason` stops every change."""
    if action.permission and read_only_reason:
        return read_only_reason
    if permission in denied:
        return f"This API token lacks the permission {permission}."
    if action.needs and row is None:
        return "No row is selected."
    return ""


def permission_for(action: RequestedAction, subject: Subject | None) -> str:
    """The permission Semaphore requires for `action` on this row."""
    if action.method in ("edit", "delete") and subject is not None and subject.kind == "account":
        return MANAGE_SERVICE_ACCOUNTS
    return action.permission


def row_obstacle(action: RequestedAction, subject: Subject | None, *, community: bool) -> str:
    """Why `action` does not apply to this row; empty when it does."""
    if action.method == "create_group" and community:
        return "Semaphore Community has no groups."
    if subject is None:
        return ""
    if action.needs and subject.state == "being removed":
        return f"{name_of(subject)} {being_removed(subject)}."
    if action.method == "delete" and subject.kind == "group":
        return ""
    if action.method == "remove_role" and subject.kind != "group":
        others = f"{key('delete')} removes people, {key('switch')} deactivates service accounts"
        return f"{name_of(subject)} is not a group; {others}."
    if action.method in ("delete", "remove_role") and subject.kind != "account":
        obstacle = removal_obstacle(subject, community=community)
        return f"{name_of(subject)} {obstacle}." if obstacle else ""
    if action.needs in _ONLY and subject.kind != action.needs:
        return f"{name_of(subject)} is {_WITH_ARTICLE[subject.kind]}; this works on {_ONLY[action.needs]} only."
    unread = subject.kind == "account" and subject.account is None
    if unread and (action.needs == "account" or action.method in ("edit", "delete")):
        return f"{name_of(subject)} {UNLISTED}, so it cannot be changed safely."
    return ""


def being_removed(subject: Subject) -> str:
    """Why nothing can be done any more to an account or a group that is deleted and still shown; follows its name."""
    kind = "service account" if subject.kind == "account" else "group"
    return f"is being removed: the {kind} is deleted, and Semaphore removes its role soon"


def removal_obstacle(subject: Subject, *, community: bool) -> str:
    """Why Semaphore would not remove this person or group, in words that follow its name; empty when it would
    (`API.md#removing`)."""
    if subject.roles is None:
        return "cannot be removed safely: the list of roles is missing"
    if subject.manual_role is None:
        return "has no directly assigned role; only those can be removed here"
    if not community and subject.is_owner:
        return "is an Owner, and Semaphore does not remove Owners; change the role first"
    return ""
