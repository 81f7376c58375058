"""Prepares what is done to custom roles."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from semtui.api.permissions import MANAGE_ROLES
from semtui.changes import custom_role
from semtui.changes.availability import NO_CUSTOM_ROLES
from semtui.changes.custom_role import RoleDraft, RoleUpdate, Scope
from semtui.cli import naming
from semtui.cli.actions.reports import warnings_of
from semtui.cli.actions.rows import role_seen, unchanged
from semtui.cli.actions.step import Result, Step, part_of
from semtui.organization.roles import known_roles
from semtui.system.errors import ConfigurationError
from semtui.wording import roles as role_words
from semtui.wording.edits import spoken_change
from semtui.wording.permissions import short_permissions

if TYPE_CHECKING:
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import Confirmation, Wanted
    from semtui.organization.roles import KnownRole

_SCOPES: dict[str, Scope] = {"organization": "org", "project": "project"}
_PREFIXES: dict[Scope, str] = {"org": "organization.", "project": "project."}


async def prepare_creation(context: ActionContext, wanted: Wanted) -> Step:
    """A new custom role. Raises ConfigurationError."""
    _require(context)
    scope = _SCOPES.get(wanted.given("scope") or "organization")
    if scope is None:
        raise ConfigurationError(f"--scope takes {' or '.join(_SCOPES)}.")
    permissions = _permissions(context, wanted.texts("permission"), scope, "--permission")
    _check_held(context, permissions, scope)
    draft = custom_role.draft(wanted.text("name"), wanted.text("description"), permissions, scope)
    _check(context, draft, scope)
    return Step(
        f"Create the {role_words.scope_word(scope)} role {draft.name}, which permits "
        f"{short_permissions(list(draft.permissions))}.",
        partial(_created, context, draft, scope),
        subject=("role", "", draft.name),
        seen={"permissions": list(draft.permissions)},
    )


async def _created(context: ActionContext, draft: RoleDraft, scope: Scope) -> Result:
    known_ids = {role.id for role in context.people.roles.items}
    ended = await context.carry_out(
        f"Creating the role {draft.name}…",
        partial(custom_role.create, context.store, draft, scope),
        partial(custom_role.check_created, context.session, draft, scope, known_ids),
    )
    return Result((part_of(ended),), ended.subject_id)


async def prepare_edit(context: ActionContext, wanted: Wanted) -> Step:
    """Another name, description or set of permissions. Raises ConfigurationError."""
    known = await _known(context, wanted, deleting=False)
    role = known.role
    scope: Scope = "project" if role.scope == "project" else "org"
    add = _permissions(context, wanted.texts("add"), scope, "--add")
    remove = _permissions(context, wanted.texts("remove"), scope, "--remove")
    if both := sorted({*add} & {*remove}):
        raise ConfigurationError(f"{both[0]} cannot be both added and removed.")
    if custom_role.ALWAYS[scope] in remove:
        raise ConfigurationError(f"{custom_role.ALWAYS[scope]} is part of every role.")
    name, description = wanted.given("name"), wanted.given("description")
    draft = custom_role.draft(
        role.name if name is None else name,
        role.description if description is None else description,
        ({*role.permissions} | {*add}) - {*remove},
        scope,
    )
    if draft == custom_role.draft_of(role, scope):
        sentence = f"The role {role.name} is so already."
        return unchanged(("role", role.id, role.name), sentence, role_seen(role))
    _check_held(context, [each for each in add if each not in role.permissions], scope)
    _check(context, draft, scope, known)
    return Step(
        f"Edit the role {role.name}{_changes(known, draft)}.",
        partial(_edited, context, known, draft),
        subject=("role", role.id, role.name),
        warnings=[line.text for line in role_words.saving_lines(role, draft.permissions)],
        operations=custom_role.edit_operations(role, draft),
        told=role_words.TOLD_WHEN_SAVING,
        confirmation=_confirmation(context, "changes a role for everyone who holds it", known),
        seen=role_seen(role),
    )


def _changes(known: KnownRole, draft: RoleDraft) -> str:
    rows = (("name", known.role.name, draft.name), ("description", known.role.description, draft.description))
    told = [f"{label} {spoken_change(old, new)}" for label, old, new in rows if old.strip() != new]
    return f": {'; '.join(told)}" if told else ""


async def _edited(context: ActionContext, known: KnownRole, draft: RoleDraft) -> Result:
    saving = RoleUpdate(context.store, known.role, draft)
    ended = await context.carry_out(f"Saving the role {draft.name}…", saving.send, saving.check)
    return Result((part_of(ended),), known.id)


async def prepare_deletion(context: ActionContext, wanted: Wanted) -> Step:
    """A role that is gone for good. Raises ConfigurationError."""
    known = await _known(context, wanted, deleting=True)
    return Step(
        f"Delete the role {known.role.name} for good.",
        partial(_deleted, context, known),
        subject=("role", known.id, known.role.name),
        warnings=warnings_of([custom_role.DELETION, _unheld_words(known)]),
        operations=custom_role.deletion_operations(known.role),
        confirmation=_confirmation(context, "deletes a role for good", known),
        seen=role_seen(known.role),
    )


async def _deleted(context: ActionContext, known: KnownRole) -> Result:
    ended = await context.carry_out(
        f"Deleting the role {known.role.name}…",
        partial(custom_role.delete, context.store, known),
        partial(custom_role.check_deleted, context.session, known),
    )
    return Result((part_of(ended),), known.id)


# What is named, and what can be done


def _require(context: ActionContext) -> None:
    if context.people.community:
        raise ConfigurationError(f"{NO_CUSTOM_ROLES} Nothing was sent.")
    context.require("edit", MANAGE_ROLES)


async def _known(context: ActionContext, wanted: Wanted, *, deleting: bool) -> KnownRole:
    """The role that is named, if it can be changed. Raises ConfigurationError."""
    _require(context)
    given = wanted.text("role")
    names = {each.id: each.role.name for each in known_roles(context.people, context.store.projects)}
    if given not in names and given not in names.values():
        # Project roles are known only from projects (`API.md#listing-roles`).
        await context.load_projects()
    found = known_roles(context.people, context.store.projects)
    role_id = context.named({each.id: each.role.name for each in found}, given, "NAME", "role")
    known = next(each for each in found if each.id == role_id)
    if words := role_words.change_obstacle(known, context.people, deleting=deleting):
        raise ConfigurationError(words.removesuffix(" h shows who."))
    return known


def _unheld_words(known: KnownRole) -> str:
    return custom_role.not_held_words(known).removesuffix(": 6.") + "." * (known.role.scope == "project")


def _permissions(context: ActionContext, given: Sequence[str], scope: Scope, place: str) -> tuple[str, ...]:
    """The full names of permissions of a scope. Raises ConfigurationError."""
    prefix = _PREFIXES[scope]
    names = context.graph.permissions.names
    found = [
        prefix + each if prefix + each in names else naming.permission(context.graph, each, place=place)
        for each in given
    ]
    for each in found:
        if not each.startswith(prefix):
            raise ConfigurationError(f"{place}: {each} is no permission of the {role_words.scope_word(scope)}.")
    return tuple(found)


def _check_held(context: ActionContext, permissions: Sequence[str], scope: Scope) -> None:
    """Raise ConfigurationError for permissions that Semaphore would not let this API token grant; for project roles it
    does not check that (`API.md#creating-a-role`)."""
    lacking = sorted({*permissions} & context.session.permissions.not_held) if scope == "org" else []
    if lacking:
        raise ConfigurationError(f"{', '.join(lacking)} cannot be granted: this API token lacks it.")


def _check(context: ActionContext, draft: RoleDraft, scope: Scope, known: KnownRole | None = None) -> None:
    """Raise ConfigurationError for what Semaphore would refuse."""
    if not draft.name:
        raise ConfigurationError("A role needs a name that is not blank.")
    taken = custom_role.taken_names(context.store, known.id if known else "")
    words = custom_role.draft_obstacle(draft, scope, taken)
    words = words or (custom_role.edit_obstacle(draft, known.role) if known else "")
    if words:
        raise ConfigurationError(words)


def _confirmation(context: ActionContext, does: str, known: KnownRole) -> Confirmation:
    alike = custom_role.alike_ids(context.store, known.role)
    return context.confirmation(does, known.role.name, known.id, alike)
