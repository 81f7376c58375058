"""Every request semtui sends: how it is made, how its lost answer is looked up, and what is true on the server."""

from __future__ import annotations

from collections.abc import Awaitable

from semtui.api.client import SemaphoreClient
from semtui.api.models import Role, ServiceAccount
from semtui.changes import (
    assign_role,
    custom_role,
    delete_account,
    delete_group,
    edit_account,
    edit_group,
    project_role,
    regenerate_token,
    remove_member,
    switch_account,
)
from semtui.changes.create_account import CreationRequest, check_creation
from semtui.changes.edit_account import AccountChange
from semtui.changes.reconcile import Reconciliation
from semtui.demo.catalog import Role as DemoRole
from tests.support.endpoint_world import NEW, Act, World, Write
from tests.support.secret_endpoints import SECRET_READS, SECRET_WRITES


def _account(world: World) -> ServiceAccount:
    return ServiceAccount(id=world.account, name="terraform", updated_at=world.updated_at)


def _described(world: World) -> str:
    account = world.organization.service_account(world.account)
    return account.description if account else ""


def _deactivated(world: World, account_id: str) -> bool:
    account = world.organization.service_account(account_id)
    return account is not None and account.deactivated


def _auditor(world: World) -> DemoRole | None:
    return world.organization.role_named("Auditor")


def _check_creation(client: SemaphoreClient, world: World) -> Awaitable[Reconciliation]:
    # As if they had created another account before.
    client.own_id = world.organization.token_holder(world.server.tokens["owner"]) or ""
    return check_creation(client, CreationRequest(NEW, "Sails."))


WRITES: tuple[Write, ...] = (
    Write(
        "create service account",
        lambda client, world: client.create_service_account(NEW, "Sails."),
        lambda world: world.organization.service_account_named(NEW) is not None,
        _check_creation,
        makes_token=True,
    ),
    Write(
        "regenerate token",
        lambda client, world: client.regenerate_token(world.account, "terraform"),
        lambda world: world.organization.token_of(world.account) != world.old_token,
        lambda client, world: regenerate_token.check_regeneration(client, _account(world)),
        makes_token=True,
    ),
    Write(
        "edit service account",
        lambda client, world: client.update_service_account(world.account, description="Sails."),
        lambda world: _described(world) == "Sails.",
        lambda client, world: edit_account.check_details(client, world.account, AccountChange(description="Sails.")),
    ),
    Write(
        "deactivate service account",
        lambda client, world: client.deactivate_service_account(world.account),
        lambda world: _deactivated(world, world.account),
        lambda client, world: switch_account.check_activation(client, world.account, "terraform", True),
    ),
    Write(
        "reactivate service account",
        lambda client, world: client.reactivate_service_account(world.sleeper),
        lambda world: not _deactivated(world, world.sleeper),
        lambda client, world: switch_account.check_activation(client, world.sleeper, "sleeper", False),
    ),
    Write(
        "delete service account",
        lambda client, world: client.delete_service_account(world.account),
        lambda world: world.organization.service_account(world.account) is None,
        lambda client, world: delete_account.check_deletion(client, world.account, "terraform"),
    ),
    Write(
        "assign role",
        lambda client, world: client.assign_role(world.person, world.support.id),
        lambda world: world.organization.role_names_of(world.person) == ["Support"],
        lambda client, world: assign_role.check_role(
            client,
            world.person,
            "Noor",
            Role(id=world.support.id, name="Support", scope="org"),
            world.role("Member").id,
        ),
    ),
    Write(
        "remove member",
        lambda client, world: client.remove_member(world.person),
        lambda world: not world.organization.role_names_of(world.person),
        lambda client, world: remove_member.check_removal(client, world.person, "Noor"),
    ),
    Write(
        "invite member",
        lambda client, world: client.invite_member("github", "ingridb"),
        lambda world: bool(world.organization.role_names_of(world.guest)),
        None,
    ),
    Write(
        "create group",
        lambda client, world: client.create_group(NEW, "", []),
        lambda world: world.organization.group_named(NEW) is not None,
        lambda client, world: edit_group.check_group_creation(client, NEW, ()),
    ),
    Write(
        "edit group",
        lambda client, world: client.update_group(world.group, name=NEW, description="Sails."),
        lambda world: world.organization.group_named(NEW) is not None,
        lambda client, world: edit_group.check_group_details(client, world.group, NEW, "Sails."),
    ),
    Write(
        "delete group",
        lambda client, world: client.delete_group(world.group),
        lambda world: world.organization.group_named("Support desk") is None,
        lambda client, world: delete_group.check_group_deletion(client, world.group, "Support desk"),
        never_disproved=True,
    ),
    Write(
        "create role",
        lambda client, world: client.create_role(NEW, "", "org", ["organization.view"]),
        lambda world: world.organization.role_named(NEW) is not None,
        lambda client, world: custom_role.check_role_creation(client, NEW, "org", ()),
    ),
    Write(
        "edit role",
        lambda client, world: client.update_role(world.auditor, description="Sails."),
        lambda world: (role := _auditor(world)) is not None and role.description == "Sails.",
        lambda client, world: custom_role.check_role_edit(
            client, world.auditor, "Auditor", "Sails.", ["organization.view"]
        ),
    ),
    Write(
        "delete role",
        lambda client, world: client.delete_role(world.auditor),
        lambda world: _auditor(world) is None,
        lambda client, world: custom_role.check_role_deletion(client, world.auditor, "Auditor"),
    ),
    Write(
        "assign project role",
        lambda client, world: client.assign_project_role(world.project, world.person, world.contributor),
        lambda world: world.project_role_of(world.person) == ["Contributor"],
        lambda client, world: project_role.check_project_role(
            client, world.project, world.person, "Noor", world.contributor
        ),
    ),
    Write(
        "retract project role",
        lambda client, world: client.retract_project_role(world.project, world.person),
        lambda world: not world.project_role_of(world.person),
        lambda client, world: project_role.check_project_role(client, world.project, world.person, "Noor", None),
    ),
    *SECRET_WRITES,
)


async def _newest_workflow(client: SemaphoreClient, world: World) -> object:
    # How many there are stands in a header, and is not known without it.
    return (await client.trace_workflows(world.shop, world.deployer)).newest


READS: dict[str, Act] = {
    "members": lambda client, world: client.list_members("user"),
    "groups": lambda client, world: client.list_groups(),
    "service accounts": lambda client, world: client.list_service_accounts(),
    "one service account": lambda client, world: client.describe_service_account(world.account),
    "roles": lambda client, world: client.list_roles(),
    "one role": lambda client, world: client.describe_role(world.auditor),
    "permissions": lambda client, world: client.list_permissions(),
    "projects": lambda client, world: client.list_projects(),
    "project members": lambda client, world: client.list_project_members(world.project),
    **SECRET_READS,
    "workflows": _newest_workflow,
    "tasks": lambda client, world: client.list_tasks(world.shop),
    "notifications": lambda client, world: client.list_notifications(),
    "deployment targets": lambda client, world: client.list_deployment_targets(world.shop),
    "deployments": lambda client, world: client.trace_deployments(world.target, world.deployer),
}
