"""Who holds which role and permission, and who may grant what (API.md#granting)."""

from semtui.demo.catalog import Role
from semtui.demo.errors import forbidden
from semtui.demo.records import MANUALLY, State, SubjectType

CHANGE_OWNER = "organization.change_owner"


class Access:
    """The rules about role bindings that every endpoint shares."""

    def __init__(self, state: State) -> None:
        self._state = state

    def org_roles(self, subject_id: str) -> list[Role]:
        """The roles a subject has in the organization, its groups' included."""
        state = self._state
        holders = [subject_id, *(g.id for g in state.groups.values() if subject_id in g.member_ids)]
        role_ids = [role_id for holder in holders for role_id in state.org_bindings.get(holder, {}).values()]
        return [state.roles[role_id] for role_id in role_ids if role_id in state.roles]

    def org_permissions(self, subject_id: str) -> set[str]:
        """The names of all permissions in the subject's organization roles."""
        return {name for role in self.org_roles(subject_id) for name in role.permissions}

    def held_permissions(self, subject_id: str) -> set[str]:
        """What a caller may pass on: its organization roles' permissions and those of mapped project roles."""
        return {name for role in self.org_roles(subject_id) for name in self.granted_by(role)}

    def granted_by(self, role: Role) -> list[str]:
        """A role's permissions, and those of the project role it maps to."""
        mapped = self._state.roles.get(role.maps_to or "")
        return [*role.permissions, *(mapped.permissions if mapped else [])]

    def project_permissions(self, subject_id: str, project_id: str) -> set[str]:
        """The permissions that count on one project: organization-wide ones and those of its project roles."""
        if self._state.edition == "ce":
            return self._ce_project_permissions(subject_id, project_id)
        state = self._state
        held = self.held_permissions(subject_id)
        holders = [subject_id, *(g.id for g in state.groups.values() if subject_id in g.member_ids)]
        bindings = state.project_bindings_of(project_id)
        for holder in holders:
            for role_id in bindings.get(holder, {}).values():
                if role_id in state.roles:
                    held.update(state.roles[role_id].permissions)
        return held

    def _ce_project_permissions(self, subject_id: str, project_id: str) -> set[str]:
        held = self.org_permissions(subject_id)
        if self.has_role(subject_id, "Owner", "Admin"):
            return held
        return held if subject_id in self._state.project_bindings_of(project_id) else set()

    def holds(self, subject_id: str, permission: str, project_id: str = "") -> bool:
        """The permission check of every endpoint; a project permission is checked on that project.

        Without `project_id`, a project permission must be held on every project. Whether the subject can sign in is
        not checked.
        """
        if not permission.startswith("project."):
            return permission in self.org_permissions(subject_id)
        if project_id:
            return permission in self.project_permissions(subject_id, project_id)
        if self._state.edition == "ce":
            return self.has_role(subject_id, "Owner", "Admin") and permission in self.org_permissions(subject_id)
        return permission in self.held_permissions(subject_id)

    def has_role(self, subject_id: str, *names: str) -> bool:
        """Whether the subject holds a role of one of these names directly in the organization."""
        state = self._state
        role_ids = state.org_bindings.get(subject_id, {}).values()
        return any(state.roles[role_id].name in names for role_id in role_ids if role_id in state.roles)

    def is_member(self, subject_id: str) -> bool:
        """Whether the subject holds any role in the organization."""
        return bool(self._state.org_bindings.get(subject_id))

    def check_grant(self, caller: str, subject_id: str, role: Role, held: set[str]) -> None:
        """Refuse a grant the caller may not make; CE requires no more than people.manage (API.md#granting)."""
        if self._state.edition == "ce":
            return
        grants_owner = role.scope == "org" and role.name == "Owner" and role.readonly
        if (grants_owner or self.has_role(subject_id, "Owner")) and CHANGE_OWNER not in held:
            raise forbidden("User unauthorized")
        lacking = sorted(set(self.granted_by(role)) - held)
        if lacking and not grants_owner:
            names = ", ".join(lacking)
            raise forbidden(f"Cannot assign a role granting permissions you do not hold: {names}")

    def bind(self, subject_id: str, role_id: str, source: str = MANUALLY) -> None:
        """Give an organization role, in place of the one from the same source."""
        # CE reads rows in the order they were last written, so a changed binding goes to the end.
        sources = self._state.org_bindings.pop(subject_id, {})
        self._state.org_bindings[subject_id] = {**sources, source: role_id}

    def unbind(self, subject_id: str) -> None:
        """Remove the manual organization role; other sources keep theirs (API.md#removing)."""
        sources = self._state.org_bindings.get(subject_id, {})
        sources.pop(MANUALLY, None)
        if not sources:
            self._state.org_bindings.pop(subject_id, None)

    def leave_projects(self, subject_id: str) -> None:
        """Remove the subject's roles on every project."""
        for bindings in self._state.project_bindings.values():
            bindings.pop(subject_id, None)

    def forget(self, subject_id: str) -> None:
        """Drop everything RBAC knows about a subject that no longer exists."""
        state = self._state
        state.org_bindings.pop(subject_id, None)
        state.subjects.pop(subject_id, None)
        state.stored_types.pop(subject_id, None)
        self.leave_projects(subject_id)
        self.leave_groups(subject_id)

    def leave_groups(self, subject_id: str) -> None:
        """Remove the subject from every group."""
        for group in self._state.groups.values():
            if subject_id in group.member_ids:
                group.member_ids.remove(subject_id)

    def type_of(self, subject_id: str) -> SubjectType:
        """The subject's type as role bindings report it; "user" when nothing is known about the id."""
        if self._state.edition == "ce":
            return self._state.stored_types.get(subject_id, "user")
        subject = self._state.subjects.get(subject_id)
        return subject.type if subject else "user"

    def name_of(self, subject_id: str) -> str:
        """The name /members shows: looked up live on CE, frozen at creation on EE (API.md#subject-types)."""
        state = self._state
        if state.edition == "ee":
            subject = state.subjects.get(subject_id)
            return subject.name if subject else ""
        record = state.people.get(subject_id) or state.service_accounts.get(subject_id)
        return record.name if record else ""
