"""What would undo each kind of change, or why nothing does."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from semtui.api.errors import NoAnswerError, NotSentError
from semtui.audit.what_if.operations import Operation
from semtui.changes import assign_role, conflicts, edit_account, edit_group, group_queue, project_role, switch_account
from semtui.changes.custom_role import check_role_edit
from semtui.changes.inverse import Inverse, swapped, text_of, texts_of
from semtui.changes.reconcile import Reconciliation
from semtui.changes.remove_member import check_removal
from semtui.changes.result import QueuedChange
from semtui.history.record import role_values
from semtui.text.clean import raw

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import Role
    from semtui.history.record import Change, Entry, Value, Values
    from semtui.organization.subject import Kind

_WHY_NOT = {
    "create": "What was created is not deleted by an undo: delete it on its row, where its name is asked for.",
    "delete": "What is deleted cannot be restored: created again it has another id, and an account another token.",
    "regenerate": "The old token is gone: Semaphore has forgotten it.",
    "remove": "Whoever has left the organization has to be invited again.",
    "invite": "An invitation cannot be taken back; remove the person instead.",
}
_NOT_KNOWN = "What was there before is not known: Semaphore does not show it."


def inverse_of(entry: Entry, *, community: bool) -> Inverse | str:
    """The change that undoes an entry; or why there is none, in a sentence."""
    change = entry.change
    if change.kind == "secret":
        return "A secret is not brought back by an undo: semtui keeps no values."
    if change.action == "role" or (change.action == "remove" and change.kind != "person"):
        return _role(entry)
    if change.action in _WHY_NOT:
        return _WHY_NOT[change.action]
    if change.action in ("deactivate", "reactivate"):
        return _activation(entry)
    if change.action in ("project role", "leave project"):
        return _project_role(entry, community=community)
    makers: dict[str, Callable[[Entry], Inverse | str]] = {"account": _account, "group": _group, "role": _custom_role}
    return makers[change.kind](entry)


# Roles in the organization


def _role(entry: Entry) -> Inverse | str:
    change, before = entry.change, entry.change.before
    if before is None or "role_id" not in before or change.kind == "role" or change.kind == "secret":
        return _NOT_KNOWN
    kind: Kind = change.kind
    role_id = text_of(before, "role_id")
    held = text_of(change.after, "role_id"), text_of(change.after, "role")
    if not role_id and kind == "person":
        return f"{change.name} had no directly assigned role before, and without one a person leaves the organization."
    role = _role_model(role_id, text_of(before, "role"))

    async def unmoved(client: SemaphoreClient) -> None:
        await conflicts.held_role_unchanged(client, change.id, kind, held, role)

    if not role_id:
        return Inverse(
            swapped(entry, action="remove"),
            unmoved,
            lambda client: client.remove_member(change.id),
            lambda client: check_removal(client, change.id, change.name),
            f"{change.name} has no directly assigned role again.",
            (Operation("remove", change.id),),
        )
    return Inverse(
        swapped(entry, action="role", after=role_values(role_id, role.name)),
        unmoved,
        lambda client: client.assign_role(change.id, role_id),
        lambda client: assign_role.check_role(client, change.id, change.name, role, held[0]),
        f"The role of {change.name} is {role.name} again.",
        (Operation("role", change.id, role_id),),
    )


def _role_model(role_id: str, name: str, description: str = "", permissions: tuple[str, ...] = ()) -> Role:
    from semtui.api.models import Role

    return Role(id=role_id or "none", name=name or "none", description=description, permissions=permissions)


# Accounts


def _activation(entry: Entry) -> Inverse:
    change, deactivate = entry.change, entry.change.action == "reactivate"
    wanted = "deactivated" if deactivate else "active"

    async def unmoved(client: SemaphoreClient) -> None:
        try:
            now = await client.describe_service_account(change.id)
        except NoAnswerError as error:
            raise NotSentError(f"{error} Nothing was sent.") from error
        if now.deactivated == deactivate:
            raise NotSentError(f"Nothing was sent: {now.name} is {wanted} already.")

    def write(client: SemaphoreClient) -> Coroutine[Any, Any, None]:
        if deactivate:
            return client.deactivate_service_account(change.id)
        return client.reactivate_service_account(change.id)

    return Inverse(
        swapped(entry, action="deactivate" if deactivate else "reactivate"),
        unmoved,
        write,
        lambda client: switch_account.check_activation(client, change.id, change.name, deactivate),
        f"{change.name} is {wanted} again.",
        (Operation("deactivate", change.id),) if deactivate else (),
    )


def _details(change: Change) -> tuple[tuple[str, str], tuple[str | None, str | None]]:
    """Name and description as the change left them, and as they were where it changed them."""
    before: Values = change.before or {}
    name, description = (raw(text_of(before, field)) if field in before else None for field in ("name", "description"))
    return (text_of(change.after, "name"), text_of(change.after, "description")), (name, description)


def _name_before(change: Change) -> str:
    return text_of(change.before, "name") or change.name


def _account(entry: Entry) -> Inverse:
    change = entry.change
    left, (name, description) = _details(change)
    wanted = edit_account.AccountChange(name, description)
    return Inverse(
        swapped(entry),
        lambda client: conflicts.account_unchanged(client, change.id, left, (name, description)),
        lambda client: client.update_service_account(change.id, name=name, description=description),
        lambda client: edit_account.check_details(client, change.id, wanted),
        f"Name and description of {_name_before(change)} are as they were.",
    )


# Groups and custom roles


def _group(entry: Entry) -> Inverse:
    change = entry.change
    left, (name, description) = _details(change)
    add, remove = texts_of(change.after, "removed"), texts_of(change.after, "added")
    lists = {"added": add, "removed": remove}
    after: dict[str, Value] = {**(change.before or {}), **{which: ids for which, ids in lists.items() if ids}}
    called = _name_before(change)

    def check(client: SemaphoreClient) -> Coroutine[Any, Any, Reconciliation]:
        if name is None and description is None:
            return group_queue.follow_members(client, change.id, add, remove, lambda words: None)
        return edit_group.check_group_details(client, change.id, name, description)

    return Inverse(
        swapped(entry, after=after),
        lambda client: conflicts.group_unchanged(client, change.id, left, (name, description)),
        lambda client: client.update_group(change.id, name=name, description=description, add=add, remove=remove),
        check,
        f"The group {called} is as it was before.",
        tuple(
            [
                *(Operation("join", each, change.id) for each in add),
                *(Operation("leave", each, change.id) for each in remove),
            ]
        ),
        QueuedChange(change.id, called, add, remove) if add or remove else None,
    )


def _custom_role(entry: Entry) -> Inverse | str:
    change, before = entry.change, entry.change.before or {}
    (left_name, left_description), (name, description) = _details(change)
    if description == "":
        return "Semaphore keeps the old description of a role when it is sent an empty one."
    edited = "permissions" in before
    was, now = texts_of(before, "permissions"), texts_of(change.after, "permissions")
    left = _role_model(change.id, left_name, left_description, now)
    gained, lost = tuple(sorted(set(was) - set(now))), tuple(sorted(set(now) - set(was)))
    return Inverse(
        swapped(entry),
        lambda client: conflicts.role_unchanged(client, left, (name, description, edited)),
        lambda client: client.update_role(
            change.id, name=name, description=description, permissions=was if edited else None
        ),
        lambda client: check_role_edit(client, change.id, name, description, was if edited else None),
        f"The role {_name_before(change)} is as it was before.",
        (Operation("edit-role", change.id, added=gained, removed=lost),),
    )


# Projects


def _project_role(entry: Entry, *, community: bool) -> Inverse | str:
    change = entry.change
    if change.before is None:
        return _NOT_KNOWN
    # On Community a role would replace the one in the organization (`API.md#project-roles`).
    held, back = text_of(change.after, "role_id"), text_of(change.before, "role_id")
    role_id = "" if community else back
    is_removed = not back

    async def unmoved(client: SemaphoreClient) -> None:
        if change.kind == "person" and not community:
            await conflicts.project_role_unchanged(
                client, change.project_id, change.id, held, back, text_of(change.after, "role")
            )

    def write(client: SemaphoreClient) -> Coroutine[Any, Any, None]:
        if is_removed:
            return client.retract_project_role(change.project_id, change.id)
        return client.assign_project_role(change.project_id, change.id, role_id)

    async def check(client: SemaphoreClient) -> Reconciliation:
        if change.kind != "person":
            words = f"Unknown whether {change.name} has the role: Semaphore shows no {change.kind}s there."
            return Reconciliation("unknown", words)
        wanted = None if is_removed else role_id
        return await project_role.check_project_role(client, change.project_id, change.id, change.name, wanted)

    words = f"has no directly assigned role on {change.project} again" if is_removed else "has the role back"
    return Inverse(
        swapped(entry, action="leave project" if is_removed else "project role"),
        unmoved,
        write,
        check,
        f"{change.name} {words}.",
    )
