"""Semaphore's API, one method per endpoint. Each returns models or raises a `SemaphoreError`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semtui.api.base_client import path_part
from semtui.api.errors import NotSentError, OutcomeUnknownError, PermissionDeniedError, UnauthorizedError
from semtui.api.linked_pages import linked_pages
from semtui.api.pagination import WHOLE, Page, ReadOptions, complete_list, pages_until_last
from semtui.api.permissions import (
    CHANGE_OWNER,
    MANAGE_PEOPLE,
    MANAGE_PROJECT_ACCESS,
    MANAGE_ROLES,
    MANAGE_SERVICE_ACCOUNTS,
    VIEW_PEOPLE,
    VIEW_PROJECT_ACCESS,
    VIEW_ROLES,
    VIEW_SERVICE_ACCOUNTS,
)
from semtui.api.readers import GROUP, INVITATION, MEMBER, PERMISSION, PROJECT, ROLE, SERVICE_ACCOUNT
from semtui.api.responses import error_message, expect_true, field_error, next_page
from semtui.api.secrets_client import SecretsClient
from semtui.api.traces_client import TracesClient

if TYPE_CHECKING:
    from semtui.api.models import Group, Invitation, Member, NewToken, Permission, Project, Role, ServiceAccount

_PERMISSION_PROBES: tuple[tuple[str, str, dict[str, object]], ...] = (
    (MANAGE_SERVICE_ACCOUNTS, "service_accounts", {}),
    (MANAGE_PEOPLE, "members", {}),
    (MANAGE_ROLES, "roles", {"permissions": "none"}),
)
"""For each permission, a request that is invalid even with that permission (`API.md#what-a-token-may`)."""

_MOST_PROJECT_PAGES = 100


class SemaphoreClient(SecretsClient, TracesClient):
    """The endpoints of one organization, accessed with one API token: those for people, roles and projects, and by
    inheritance those for secrets and for traces of use."""

    # Lists

    async def list_members(self, member_type: str, reading: ReadOptions = WHOLE) -> tuple[Member, ...]:
        """Everyone of one type (`user`, `service_account`, `group`) with a role, by `GET /members` (API.md#members)."""
        return await self._read_pages("members", MEMBER, "members", VIEW_PEOPLE, {"member_type": member_type}, reading)

    async def list_groups(self, reading: ReadOptions = WHOLE) -> tuple[Group, ...]:
        """All groups, by `GET /groups` (API.md#paging-groups)."""
        return await self._read_pages("groups", GROUP, "groups", VIEW_PEOPLE, {}, reading)

    async def list_service_accounts(self, reading: ReadOptions = WHOLE) -> tuple[ServiceAccount, ...]:
        """All service accounts, deactivated and role-less ones included (`GET /service_accounts`,
        API.md#paging-accounts)."""

        size = reading.size or self.accounts_per_page

        async def ask(name: str) -> Page[ServiceAccount]:
            params: dict[str, str | int] = {"page_size": size, **({"page_token": name} if name else {})}
            data = await self._read("service_accounts", VIEW_SERVICE_ACCOUNTS, params)
            following, more = next_page(data)
            return Page(SERVICE_ACCOUNT.read_list(data, "service_accounts"), following=following, more=more)

        with complete_list(self.host, "service accounts"):
            return await linked_pages(ask, size, reading)

    async def list_roles(self) -> tuple[Role, ...]:
        """The organization's roles (`GET /roles`, API.md#listing-roles), which are not paged; project roles are never
        listed."""
        data = await self._read("roles", VIEW_ROLES)
        return tuple(ROLE.read_list({"roles": data} if isinstance(data, list) else data, "roles"))

    # Service accounts

    async def describe_service_account(self, account_id: str) -> ServiceAccount:
        """One service account. Raises NotFoundError when it is gone (API.md#service-accounts)."""
        path = f"service_accounts/{path_part(account_id)}"
        return SERVICE_ACCOUNT.read(await self._read(path, VIEW_SERVICE_ACCOUNTS), path)

    async def create_service_account(self, name: str, description: str) -> NewToken:
        """Create an account, which has no role yet, and return its API token (API.md#service-accounts)."""
        body: dict[str, object] = {"name": name, "description": description}
        return await self._make_token("service_accounts", body, "", name)

    async def regenerate_token(self, account_id: str, account_name: str) -> NewToken:
        """Replace an account's API token and return the new one (API.md#new-tokens)."""
        path = f"service_accounts/{path_part(account_id)}/regenerate_token"
        return await self._make_token(path, None, account_id, account_name)

    async def update_service_account(
        self, account_id: str, *, name: str | None = None, description: str | None = None
    ) -> ServiceAccount:
        """Change name, description or both; None leaves a field as it is (API.md#editing-an-account)."""
        path = f"service_accounts/{path_part(account_id)}"
        sent = _given(name=name, description=description)
        data = await self._write("PATCH", path, MANAGE_SERVICE_ACCOUNTS, sent)
        return SERVICE_ACCOUNT.read_write_answer(data, path)

    async def delete_service_account(self, account_id: str) -> None:
        """Delete an account for good; its token stops working within five minutes (API.md#token-cache)."""
        path = f"service_accounts/{path_part(account_id)}"
        await self._command("DELETE", path, MANAGE_SERVICE_ACCOUNTS, "deleted")

    async def deactivate_service_account(self, account_id: str) -> None:
        """Block the account's token until it is reactivated; its roles are kept (API.md#switching)."""
        path = f"service_accounts/{path_part(account_id)}/deactivate"
        await self._command("POST", path, MANAGE_SERVICE_ACCOUNTS, "deactivated")

    async def reactivate_service_account(self, account_id: str) -> None:
        """Make the account's token work again (API.md#switching)."""
        path = f"service_accounts/{path_part(account_id)}/reactivate"
        await self._command("POST", path, MANAGE_SERVICE_ACCOUNTS, "reactivated")

    # Roles of members

    async def assign_role(self, subject_id: str, role_id: str) -> None:
        """Give a person, account or group this role in place of its manually assigned one (API.md#assigning)."""
        path = f"members/{path_part(subject_id)}/role"
        try:
            await self._command("PUT", path, MANAGE_PEOPLE, "assigned", {"role_id": role_id})
        except PermissionDeniedError as error:
            if error.not_held != (CHANGE_OWNER,):
                raise
            words = f"Semaphore refused: giving or taking the role Owner takes the permission {CHANGE_OWNER}."
            raise PermissionDeniedError(words, message=error.message) from None

    async def remove_member(self, subject_id: str) -> None:
        """Remove the directly assigned role of a person, account or group (API.md#removing). No role is named,
        because on Community that would mean something else."""
        path = f"members/{path_part(subject_id)}"
        expect_true(self.host, await self._write("DELETE", path, MANAGE_PEOPLE))

    async def invite_member(self, provider: str, handle: str, *, uid: str = "", role_id: str = "") -> Invitation:
        """Invite a person by their login at `github`, `bitbucket` or `gitlab`; Bitbucket needs `uid`
        (API.md#inviting)."""
        fields = {"provider": provider, "handle": handle, "uid": uid, "role_id": role_id}
        sent: dict[str, object] = {key: value for key, value in fields.items() if value}
        data = await self._write("POST", "members", MANAGE_PEOPLE, sent)
        parts = [data.get(key) for key in ("member", "role")] if isinstance(data, dict) else []
        merged = {key: value for part in parts if isinstance(part, dict) for key, value in part.items()}
        if not merged:
            raise OutcomeUnknownError(f"{self.host} answered, but did not say what became of the invitation.")
        return INVITATION.read_write_answer(merged, "members")

    # Roles

    async def list_permissions(self, scope: str = "org") -> tuple[Permission, ...]:
        """The permissions that roles of this scope, `org` or `project`, can have (API.md#permissions)."""
        data = await self._read("permissions", VIEW_ROLES, {"scope": scope})
        return tuple(PERMISSION.read_list(data, "permissions"))

    async def describe_role(self, role_id: str) -> Role:
        """One role, of the organization or of projects. Raises NotFoundError when there is none (API.md#one-role)."""
        path = f"roles/{path_part(role_id)}"
        return ROLE.read(await self._read(path, VIEW_ROLES), path)

    async def create_role(self, name: str, description: str, scope: str, permissions: Sequence[str]) -> Role:
        """Create a custom role; `scope` is `org` or `project` (API.md#creating-a-role). A name in use is answered with
        a 500."""
        body: dict[str, object] = {
            "name": name,
            "description": description,
            "scope": scope,
            "permissions": list(permissions),
        }
        return ROLE.read_write_answer(await self._write("POST", "roles", MANAGE_ROLES, body), "roles")

    async def update_role(
        self,
        role_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        permissions: Sequence[str] | None = None,
    ) -> Role:
        """Change a custom role; None leaves a field as it is. Any change drops the role's access to all projects
        (API.md#editing-a-role)."""
        path = f"roles/{path_part(role_id)}"
        names = None if permissions is None else list(permissions)
        sent = _given(name=name, description=description, permissions=names)
        return ROLE.read_write_answer(await self._write("PATCH", path, MANAGE_ROLES, sent), path)

    async def delete_role(self, role_id: str) -> None:
        """Delete a custom role nobody holds (API.md#deleting-a-role)."""
        await self._command("DELETE", f"roles/{path_part(role_id)}", MANAGE_ROLES, "deleted")

    # Groups

    async def create_group(self, name: str, description: str, member_ids: Sequence[str]) -> Group:
        """Create a group with the role Member; its members are added later, from a queue (API.md#group-queue)."""
        body: dict[str, object] = {"name": name, "description": description, "member_ids": list(member_ids)}
        return GROUP.read_write_answer(await self._write("POST", "groups", MANAGE_PEOPLE, body), "groups")

    async def update_group(
        self,
        group_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
    ) -> Group:
        """Change a group; membership changes are queued, and the answer still shows the old members
        (API.md#group-queue)."""
        path = f"groups/{path_part(group_id)}"
        sent = _given(
            name=name,
            description=description,
            members_to_add=list(add) or None,
            members_to_remove=list(remove) or None,
        )
        return GROUP.read_write_answer(await self._write("PATCH", path, MANAGE_PEOPLE, sent), path)

    async def delete_group(self, group_id: str) -> None:
        """Queue the deletion of a group; it stays listed until then (API.md#group-queue)."""
        await self._command("DELETE", f"groups/{path_part(group_id)}", MANAGE_PEOPLE, "deleted")

    # Projects

    async def list_projects(self, reading: ReadOptions = WHOLE) -> tuple[Project, ...]:
        """The projects visible to this API token. A short or empty page is not the end: a header says whether more
        follow (API.md#paging-projects)."""

        async def ask(number: int) -> Page[Project]:
            answer = await self._answer("projects", "", {"page": number})
            data = self._json("projects", answer)
            if not isinstance(data, list):
                raise field_error("projects", "the answer", "should be a list")
            entries = [entry.get("metadata") if isinstance(entry, dict) else entry for entry in data]
            projects = [PROJECT.read(entry, f"projects[{place}]") for place, entry in enumerate(entries)]
            return Page(projects, more=answer.has_more)

        with complete_list(self.host, "projects"):
            return await pages_until_last(ask, _MOST_PROJECT_PAGES, reading)

    async def list_project_members(self, project_id: str, reading: ReadOptions = WHOLE) -> tuple[Member, ...]:
        """The people of a project with their roles there; groups and service accounts are never listed
        (API.md#project-members)."""
        path = f"projects/{path_part(project_id)}/members"
        return await self._read_pages(path, MEMBER, "members", VIEW_PROJECT_ACCESS, {}, reading)

    async def assign_project_role(self, project_id: str, subject_id: str, role_id: str = "") -> None:
        """Give a project role. On Community `role_id` must be empty, which makes the subject a member of the project;
        a role would replace the subject's organization role (API.md#project-roles)."""
        path = f"projects/{path_part(project_id)}/members/{path_part(subject_id)}/role"
        body: dict[str, object] = {"role_id": role_id} if role_id else {}
        await self._command("PUT", path, MANAGE_PROJECT_ACCESS, "assigned", body)

    async def retract_project_role(self, project_id: str, subject_id: str) -> None:
        """Remove a directly assigned project role. No role is named: on Community that would remove the subject from
        the organization (API.md#project-roles)."""
        path = f"projects/{path_part(project_id)}/members/{path_part(subject_id)}/role"
        expect_true(self.host, await self._write("DELETE", path, MANAGE_PROJECT_ACCESS))

    # What this API token may do

    async def is_token_accepted(self) -> bool:
        """Whether Semaphore accepts the API token, whatever it is allowed to do. Raises NoAnswerError and the like."""
        try:
            await self._answer("service_accounts", VIEW_SERVICE_ACCOUNTS, {"page_size": 1})
        except UnauthorizedError:
            return False
        except PermissionDeniedError:
            return True
        return True

    async def missing_permissions(self) -> tuple[str, ...]:
        """The permissions to manage something that this API token certainly lacks.

        Found by sending invalid requests, which Semaphore refuses whether or not the permission is held, so nothing is
        changed (API.md#what-a-token-may). Any other answer, or none, proves nothing and is ignored.
        """
        found = []
        for permission, path, body in _PERMISSION_PROBES:
            try:
                answer = await self._transport.write("POST", path, body)
            except NotSentError:
                break
            if answer.status == 403 and not answer.lost and error_message(answer) == "Permission denied":
                found.append(permission)
        return tuple(found)


def _given(**fields: object) -> dict[str, object]:
    """The fields to send: those that are not None."""
    return {key: value for key, value in fields.items() if value is not None}
