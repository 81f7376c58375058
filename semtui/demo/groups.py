"""Groups, whose members change only when the queue gets there (API.md#group-queue)."""

from functools import partial
from typing import Any
from uuid import uuid4

from semtui.demo.access import Access
from semtui.demo.errors import internal_error, invalid, missing
from semtui.demo.records import (
    Group,
    Params,
    State,
    Subject,
    is_uuid,
    leading_integer,
    optional_text,
    required_uuid,
)
from semtui.demo.texts import is_blank

LONGEST_TEXT = 255
"""The maximum length of a name or description, in code points, as the database counts them."""
STRANGERS = "All of the members you want to add to the group have to already be part of the organization"


class Groups:
    """The organization's groups. CE has none, and answers 500 (API.md#groups)."""

    def __init__(self, state: State, access: Access) -> None:
        self._state = state
        self._access = access

    def page(self, params: Params) -> dict[str, Any]:
        """One page of groups, sorted by name; `page_no` counts from 0, and `total_pages` is always 0."""
        self._require_service()
        number, size = (
            leading_integer(params.get("page_no"), 0),
            leading_integer(params.get("page_size"), 2000),
        )
        if number < 0 or size < 0:
            raise internal_error()
        groups = sorted(self._state.groups.values(), key=lambda group: (group.name, group.id))
        shown = groups[number * size : (number + 1) * size]
        return {"groups": [self.wire(group) for group in shown], "total_pages": 0}

    def create(self, params: Params) -> dict[str, Any]:
        """Create a group and queue the addition of its members: the answer shows it still empty."""
        if params.get("name", "") == "":
            raise invalid("Name must be provided")
        self._require_service()
        name, description = optional_text(params, "name") or "", optional_text(params, "description") or ""
        if not name:
            raise invalid("Group name is required")
        if not description:
            raise invalid("Group description is required")
        members = _ids(params.get("member_ids"))
        self._check_members(members)
        if self._named(name):
            raise internal_error()
        _check_storable(name, description)
        group = self.add(Group(str(uuid4()), name, description))
        answer = self.wire(group)
        self._queue_changes(group.id, members, [])
        return answer

    def add(self, group: Group) -> Group:
        """Add a group; it has the organization role Member from the start."""
        self._state.groups[group.id] = group
        self._state.subjects[group.id] = Subject("group", group.name)
        member = self._state.role_named("Member")
        if member is not None:
            self._access.bind(group.id, member.id)
        return group

    def modify(self, params: Params) -> dict[str, Any]:
        """Rename a group at once and queue its membership changes, which the answer does not show yet."""
        self._require_service()
        group_id = required_uuid(params, "id")
        group = self._state.groups.get(group_id)
        if group is None:
            raise missing("The group you are trying to modify does not exist")
        name, description = optional_text(params, "name"), optional_text(params, "description")
        joining = _ids(params.get("members_to_add"))
        leaving = _ids(params.get("members_to_remove"))
        self._check_members(joining)
        self._rename(group, name or group.name, description or group.description)
        # A malformed id among those to remove is found only after the name and description were saved.
        if not all(is_uuid(one) for one in leaving):
            raise internal_error()
        answer = self.wire(group)
        self._queue_changes(group_id, joining, leaving)
        return answer

    def _rename(self, group: Group, name: str, description: str) -> None:
        if self._named(name) not in (None, group):
            raise invalid("The new group name is already in use")
        _check_storable(name, description)
        group.name, group.description = name, description
        self._state.subjects[group.id].name = name

    def destroy(self, params: Params) -> dict[str, Any]:
        """Queue the deletion of a group."""
        self._require_service()
        group_id = required_uuid(params, "id")
        if group_id not in self._state.groups:
            raise missing("The group you are trying to destroy does not exist")
        self._state.later(lambda: self._destroy_now(group_id))
        return {"status": "deleted"}

    def _destroy_now(self, group_id: str) -> None:
        if self._state.groups.pop(group_id, None) is not None:
            self._access.forget(group_id)

    def _queue_changes(self, group_id: str, joining: list[str], leaving: list[str]) -> None:
        for member_id in joining:
            self._state.later(partial(self._join, group_id, member_id))
        for member_id in leaving:
            self._state.later(partial(self._leave, group_id, member_id))

    def _join(self, group_id: str, member_id: str) -> None:
        group = self._state.groups.get(group_id)
        # Semaphore silently drops what cannot be done after three attempts.
        if group and member_id not in group.member_ids and self._access.is_member(member_id):
            group.member_ids.append(member_id)

    def _leave(self, group_id: str, member_id: str) -> None:
        group = self._state.groups.get(group_id)
        if group and member_id in group.member_ids:
            group.member_ids.remove(member_id)

    def _check_members(self, ids: list[str]) -> None:
        if not all(is_uuid(one) for one in ids):
            raise internal_error()
        if not all(self._access.is_member(one) for one in ids):
            raise invalid(STRANGERS)

    def _named(self, name: str) -> Group | None:
        return next((group for group in self._state.groups.values() if group.name == name), None)

    def _require_service(self) -> None:
        if self._state.edition == "ce":
            raise internal_error()

    def wire(self, group: Group) -> dict[str, Any]:
        """A group as the API returns it."""
        return {
            "id": group.id,
            "name": group.name,
            "description": group.description,
            "member_ids": list(group.member_ids),
        }


def _check_storable(name: str, description: str) -> None:
    """Blank and overlong texts are only rejected by the database, so the answer has no explanation."""
    if is_blank(name) or is_blank(description) or max(len(name), len(description)) > LONGEST_TEXT:
        raise internal_error()


def _ids(value: object) -> list[str]:
    return [one.lower() for one in value if isinstance(one, str)] if isinstance(value, list) else []
