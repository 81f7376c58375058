"""Members: who has a role in the organization, and how roles come and go (API.md#members)."""

from typing import Any

from semtui.demo.access import Access
from semtui.demo.catalog import Role
from semtui.demo.errors import (
    INVALID_UUID,
    RefusedError,
    forbidden,
    internal_error,
    invalid,
    missing,
)
from semtui.demo.records import (
    MANUALLY,
    Params,
    State,
    Subject,
    SubjectType,
    given_text,
    is_uuid,
    leading_integer,
    optional_text,
    required_uuid,
)
from semtui.demo.texts import spelled

OWNER_STAYS = "Owner can not be removed"
NOT_OF_ORG = "Role ID or Project ID must be provided"
PROVIDERS = ("github", "bitbucket", "gitlab")


def window(params: Params, edition: str) -> tuple[int, int]:
    """The offset and size of a page of members: EE counts pages from 0, CE from 1 (API.md#paging-members)."""
    number, size = leading_integer(params.get("page_no"), 0), leading_integer(params.get("page_size"), 2000)
    number = max(number, 0)
    size = 2000 if size < 0 else size or 20
    if edition == "ce":
        number = max(number - 1, 0)
    return number * size, size


class Members:
    """The organization's role bindings, as /members shows and changes them."""

    def __init__(self, state: State, access: Access) -> None:
        self._state = state
        self._access = access
        self.limit: int | None = None
        """The most members the plan allows, or None."""
        self._seen: dict[str, Subject | None] = {}
        self._sorted: dict[SubjectType, list[str]] = {}

    def page(self, params: Params) -> dict[str, Any]:
        """One page of members of the requested type, with the roles of each."""
        wanted = _subject_type(params.get("member_type"))
        access, state = self._access, self._state
        start, size = window(params, state.edition)
        if state.edition == "ee":
            ids = self._in_order(wanted)
        else:
            ids = [one for one in state.org_bindings if access.type_of(one) == wanted and wanted != "group"]
        members = [self._wire(one, wanted) for one in ids[start : start + size]]
        if state.edition == "ee":
            members.sort(key=lambda member: member["name"].encode())
        return {"members": members, "total_pages": -(-len(ids) // size)}

    def _in_order(self, wanted: SubjectType) -> list[str]:
        """The ids of subjects with a role, by name; sorted again only after a change."""
        now = {one: self._state.subjects.get(one) for one in self._state.org_bindings}
        if now != self._seen:
            self._seen, self._sorted = now, {}
        if wanted not in self._sorted:
            access = self._access
            ids = [one for one in now if access.type_of(one) == wanted]
            self._sorted[wanted] = sorted(ids, key=lambda one: (access.name_of(one).casefold(), one))
        return self._sorted[wanted]

    def _wire(self, subject_id: str, subject_type: SubjectType) -> dict[str, Any]:
        bindings = self._state.org_bindings[subject_id]
        return member_wire(self._access, self._state, subject_id, subject_type, list(bindings.items()))

    def assign(self, caller: str, params: Params) -> dict[str, Any]:
        """Give a subject an organization role, if the caller may grant it."""
        subject_id = required_uuid(params, "subject_id")
        role = self._role_to_assign(params)
        self._access.check_grant(caller, subject_id, role, self._access.held_permissions(caller))
        self.give(subject_id, role)
        return {"status": "assigned"}

    def give(self, subject_id: str, role: Role) -> None:
        """Make a role the subject's manual one, which also makes a stranger a member."""
        state = self._state
        if state.edition == "ee" and subject_id not in state.subjects:
            raise internal_error()
        self._access.bind(subject_id, role.id)
        if state.edition == "ce":
            # The public API never says what kind of subject it means, and CE assumes a person.
            state.stored_types[subject_id] = "user"
            if role.name != "Member":
                self._access.leave_projects(subject_id)

    def _role_to_assign(self, params: Params) -> Role:
        role_id = optional_text(params, "role_id") or ""
        role = self._state.roles.get(role_id.lower())
        if self._state.edition == "ce":
            if not is_uuid(role_id):
                raise invalid(NOT_OF_ORG)
            if role is None:
                raise missing(f"Role with id {role_id} not found")
            return role
        if not is_uuid(role_id) or (role is not None and role.scope == "project"):
            raise invalid(INVALID_UUID)
        if role is None:
            raise invalid(f"Role with id {role_id} does not exist.")
        if role.org_id != self._state.org_id:
            raise invalid("Role you are trying to assign must belong to the org given in the request.")
        return role

    def retract(self, params: Params) -> bool:
        """Remove a subject from the organization; in EE an Owner cannot be removed."""
        subject_id = required_uuid(params, "subject_id")
        if self._state.edition == "ce":
            self.retract_ce(subject_id, params)
            return True
        # EE does not use it, but fails if it is not a string.
        given_text(params, "role_id")
        if self._access.has_role(subject_id, "Owner"):
            raise invalid(OWNER_STAYS)
        self.remove(subject_id)
        return True

    def remove(self, subject_id: str) -> None:
        """Remove the manual role, and with the last role everything else in the organization (EE)."""
        self._access.unbind(subject_id)
        if not self._access.is_member(subject_id):
            self._access.leave_projects(subject_id)
            self._state.later(lambda: self._leave_groups_unless_back(subject_id))

    def _leave_groups_unless_back(self, subject_id: str) -> None:
        if not self._access.is_member(subject_id):
            self._access.leave_groups(subject_id)

    def retract_ce(self, subject_id: str, params: Params) -> None:
        """Remove a member as CE does: not even an Owner is protected, and a valid role id means something else
        (API.md#removing)."""
        role_id = given_text(params, "role_id")
        if is_uuid(role_id):
            if str(role_id).lower() not in self._state.roles:
                raise missing(f"Role with id {role_id} not found")
            self.require_ce_role(subject_id)
        self._access.unbind(subject_id)
        self._access.leave_projects(subject_id)

    def require_ce_role(self, subject_id: str) -> None:
        """Raise 403 unless the subject is a member, as CE does."""
        if not self._access.is_member(subject_id):
            org_id = self._state.org_id
            raise forbidden(f"User {subject_id} doesn't have access to the organization {org_id}")

    def invite(self, caller: str, params: Params) -> dict[str, Any]:
        """Add a person by their account at a Git host, then assign the role (API.md#inviting)."""
        provider, handle, uid = self._invitee(params)
        account = self._state.scm_accounts.get((provider, handle.lower()))
        if account is None and provider != "bitbucket":
            raise invalid(_unknown_handle(provider, handle))
        person_id = account.person_id if account else None
        if person_id and not self._access.is_member(person_id):
            self._add_person(person_id)
        return {
            "member": {
                "email": optional_text(params, "email") or "",
                # The real server loses these two as well.
                "name": "",
                "provider": "",
                "handle": handle,
                "uid": uid or (account.uid if account else ""),
                "user_id": person_id,
            },
            "role": self._invited_role(caller, person_id, params.get("role_id")),
        }

    def _invitee(self, params: Params) -> tuple[str, str, str]:
        provider, handle = spelled(params.get("provider")).lower(), params.get("handle", "")
        if provider not in PROVIDERS:
            raise invalid("provider must be one of: github, bitbucket, gitlab")
        if not isinstance(handle, str):
            raise invalid("handle must be a string")
        if not handle:
            raise invalid("handle must be provided")
        if provider == "bitbucket" and params.get("uid", "") == "":
            raise invalid("uid must be provided for bitbucket invitees")
        _, uid, *_ = [optional_text(params, key) or "" for key in ("handle", "uid", "name", "email")]
        people = sum(1 for one in self._state.org_bindings if self._access.type_of(one) == "user")
        if self.limit is not None and people >= self.limit:
            raise invalid("You have exceeded the maximum number of members allowed in your organization.")
        return provider, handle, uid

    def _add_person(self, person_id: str) -> None:
        state = self._state
        state.subjects.setdefault(person_id, Subject("user", state.people[person_id].name))
        member = state.role_named("Member")
        if member is not None:
            self._access.bind(person_id, member.id)

    def _invited_role(self, caller: str, person_id: str | None, role_id: object) -> dict[str, Any]:
        if role_id is None:
            return {"role_id": None, "applied": False, "status": "defaulted_to_member"}
        if person_id is None:
            return {"role_id": role_id, "applied": False, "status": "pending"}
        try:
            self.assign(caller, {"subject_id": person_id, "role_id": role_id})
        except RefusedError:
            return {"role_id": role_id, "applied": False, "status": "denied"}
        return {"role_id": role_id, "applied": True, "status": "assigned"}


def member_wire(
    access: Access, state: State, subject_id: str, subject_type: str, bindings: list[tuple[str, str]]
) -> dict[str, Any]:
    """One member object from (source, role id) pairs."""
    roles = [
        {"role_id": role_id, "role_name": state.roles[role_id].name, "source": source}
        for source, role_id in bindings
        if role_id in state.roles
    ]
    roles.sort(key=lambda role: (role["role_name"], role["source"] != MANUALLY))
    return {
        "id": subject_id,
        "subject_type": subject_type,
        "name": access.name_of(subject_id),
        "roles": roles,
    }


def _subject_type(value: object) -> SubjectType:
    if value in ("service_account", "SERVICE_ACCOUNT"):
        return "service_account"
    return "group" if value in ("group", "GROUP") else "user"


def _unknown_handle(provider: str, handle: str) -> str:
    if provider == "gitlab":
        return "error finding id in the body []"
    return (
        f"Login {handle} cannot be found. "
        "Please check the login and try again or contact support if the problem persists."
    )
