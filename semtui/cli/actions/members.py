"""Prepares what is done to people, accounts and groups in the organization: roles, removal, invitations."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from semtui.api.permissions import MANAGE_PEOPLE
from semtui.audit.what_if.operations import Operation
from semtui.changes import invite as invitation
from semtui.changes import remove_member
from semtui.changes.assign_role import RoleChange
from semtui.changes.invite import PROVIDERS
from semtui.cli.actions.reports import warnings_of
from semtui.cli.actions.rows import about, as_it_is, role_seen, said, seen_of
from semtui.cli.actions.step import Part, Result, Step, part_of
from semtui.system.errors import ConfigurationError
from semtui.wording.granting import change_warnings
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.changes.reconcile import Reconciliation
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import Confirmation, Wanted
    from semtui.organization.subject import Subject


async def prepare_role(context: ActionContext, wanted: Wanted) -> Step:
    """Another role, assigned directly. Raises ConfigurationError."""
    subject = context.row(wanted.text("member"), "person", "account", "group", place="NAME", noun="member")
    context.require("edit", MANAGE_PEOPLE, subject)
    role = context.role(wanted.text("role"), "ROLE")
    held = subject.manual_role
    if held is not None and held.role_id == role.id:
        return as_it_is(subject, f"{name_of(subject)} holds {role.name} already.")
    return Step(
        f"Give {said(subject)} the role {role.name}{f' in place of {held.role_name}' if held else ''}.",
        partial(_role_given, context, subject, role),
        subject=about(subject),
        warnings=warnings_of(
            [context.people.caution(subject)], change_warnings(subject, context.people, context.store.own_id)
        ),
        operations=[Operation("role", subject.id, role.id)],
        told=("caller", "stays"),
        confirmation=_role_confirmation(context, subject, role),
        seen={**seen_of(subject), "role": role_seen(role)},
    )


def _role_confirmation(context: ActionContext, subject: Subject, role: Role) -> Confirmation | None:
    if subject.is_owner:
        return context.row_confirmation("changes an Owner", subject)
    held = subject.manual_role
    manages = {each.id for each in context.people.roles.items if MANAGE_PEOPLE in each.permissions}
    if subject.kind == "group" or held is None or held.role_id not in manages or role.id in manages:
        return None
    # Nothing says whose token this is (API.md#what-a-token-may), and for oneself there is no way back.
    return context.row_confirmation("ends their right to manage people, and they may be you", subject)


async def _role_given(context: ActionContext, subject: Subject, role: Role) -> Result:
    request = RoleChange(context.session, subject)
    ended = await context.carry_out(
        f"Giving {said(subject)} the role {role.name}…", partial(request.send, role), partial(request.check, role)
    )
    return Result((part_of(ended),), subject.id)


async def prepare_removal(context: ActionContext, wanted: Wanted) -> Step:
    """The directly assigned role removed: a person leaves, a group stays without it. Raises ConfigurationError."""
    subject = context.row(wanted.text("member"), "person", "group", place="NAME", noun="person or group")
    group = subject.kind == "group"
    context.require("remove_role" if group else "delete", MANAGE_PEOPLE, subject)
    does = "removes the role of a group" if group else "removes a person"
    return Step(
        f"Remove the role of {said(subject)}." if group else f"Remove {name_of(subject)} from the organization.",
        partial(_removed, context, subject),
        subject=about(subject),
        warnings=warnings_of(
            [context.people.caution(subject)],
            remove_member.removal_warnings(subject, context.store.own_id),
            [remove_member.removal_words(subject)],
        ),
        operations=[Operation("remove", subject.id)],
        told=remove_member.TOLD,
        confirmation=context.row_confirmation(does, subject),
        seen=seen_of(subject),
    )


async def _removed(context: ActionContext, subject: Subject) -> Result:
    ended = await context.carry_out(
        f"Removing {said(subject)}…",
        partial(remove_member.remove, context.session, subject),
        partial(remove_member.check_removed, context.session, subject),
    )
    if ended.result is not None and ended.result.tone == "warn":
        # Semaphore accepted it; what came of it is another matter.
        accepted = Part("done", f"The role assigned directly to {said(subject)} is removed.")
        return Result((accepted, Part("not done", ended.sentence)), subject.id)
    return Result((part_of(ended),), subject.id)


async def prepare_invitation(context: ActionContext, wanted: Wanted) -> Step:
    """An invitation by a login. Raises ConfigurationError."""
    context.require("invite", MANAGE_PEOPLE)
    handle, uid, at = wanted.text("login"), wanted.text("uid"), wanted.given("at") or PROVIDERS[0][0]
    provider = dict(PROVIDERS).get(at)
    if provider is None:
        raise ConfigurationError(f"--at takes {', '.join(name for name, _ in PROVIDERS)}.")
    if at == "bitbucket" and not uid:
        raise ConfigurationError(f"--uid: {invitation.UID_NEEDED}")
    if not handle:
        raise ConfigurationError("A login is needed.")
    role = context.role(wanted.text("role")) if wanted.given("role") is not None else None
    return Step(
        f"Invite {handle} of {provider} with the role {role.name if role else 'Member'}.",
        partial(_invited, context, at, handle, uid, role),
        subject=("person", "", handle),
        seen={"role": role and role_seen(role)},
    )


async def _invited(context: ActionContext, at: str, handle: str, uid: str, role: Role | None) -> Result:
    async def check() -> Reconciliation:
        # Nothing that can be looked up tells; sending it again does no harm.
        return replace(await invitation.check_invited(handle), outcome="unknown")

    ended = await context.carry_out(
        f"Inviting {handle}…", partial(invitation.invite, context.session, at, handle, uid, role), check
    )
    parts = [part_of(ended)]
    if ended.result is not None and ended.result.tone == "warn":
        parts.append(Part("not done", f"The role {role.name if role else 'Member'} is not given yet."))
    return Result(tuple(parts), ended.subject_id)
