"""Prepares the creation and the edit of a service account."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from semtui.api.permissions import MANAGE_SERVICE_ACCOUNTS
from semtui.audit.what_if.operations import Operation
from semtui.changes.create_account import LONGEST_DESCRIPTION, AccountCreation, creation_refusal, name_obstacle
from semtui.changes.edit_account import FROZEN, AccountChange, AccountEdit
from semtui.changes.lacking import Missing
from semtui.changes.secret_exposure import exposure, stronger_roles
from semtui.cli.actions.project_roles import Grant, grants_of
from semtui.cli.actions.reports import warnings_of
from semtui.cli.actions.rows import about, as_it_is, role_seen, seen_of
from semtui.cli.actions.step import Part, Result, Step, part_of
from semtui.cli.actions.tokens import deliver, exposure_confirmation, give_access, token_destination
from semtui.organization.subject import Subject
from semtui.system.errors import ConfigurationError
from semtui.tokens.destination_pattern import ID, NAME, filled
from semtui.wording.edits import spoken_change
from semtui.wording.granting import change_warnings
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.changes.carry_out import CarriedOut
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import Wanted
    from semtui.tokens.delivery import Destination


# Create


async def prepare_creation(context: ActionContext, wanted: Wanted) -> Step:
    """A new account, with a role and a token that goes somewhere. Raises ConfigurationError."""
    context.require("create", MANAGE_SERVICE_ACCOUNTS)
    name, description = wanted.text("name"), wanted.text("description")
    _check_texts(context, name, description)
    role = context.role(wanted.text("role"))
    grants = await grants_of(context, wanted.texts("project"))
    to = await token_destination(context, _named(wanted, name))
    exposed = exposure(to, stronger_roles(context.people, None, role))
    projects = "".join(f", {grant.words}" for grant in grants)
    return Step(
        f"Create the service account {name} with the role {role.name}{projects}; its token goes to {to.words}.",
        partial(_created, context, name, description, role, grants, to),
        subject=("account", "", name),
        warnings=warnings_of([exposed.words]),
        confirmation=exposure_confirmation(exposed),
        seen={"role": role_seen(role), "projects": [[each.project.id, each.role and each.role.id] for each in grants]},
    )


def _named(wanted: Wanted, name: str) -> Wanted:
    """What is wanted, with the name in the place of the token. Raises ConfigurationError."""
    pattern = wanted.text("token_to")
    if ID in pattern:
        raise ConfigurationError(f"--token-to: The id of a new account is not known yet; use {NAME}. Nothing was sent.")
    return wanted.but({"token_to": filled(pattern, name, "")})


def _check_texts(context: ActionContext, name: str, description: str, edited: Subject | None = None) -> None:
    """Raise ConfigurationError for what Semaphore would refuse."""

    if not name:
        raise ConfigurationError("An account needs a name that is not blank.")
    saved = edited.name if edited else ""
    if words := name_obstacle(name, context.people, context.session.context.host, edited, saved):
        raise ConfigurationError(f"The name: {words}")
    if len(description) > LONGEST_DESCRIPTION:
        raise ConfigurationError(
            f"The description: {len(description)} characters; Semaphore takes at most {LONGEST_DESCRIPTION}."
        )


async def _created(
    context: ActionContext, name: str, description: str, role: Role, grants: tuple[Grant, ...], to: Destination
) -> Result:

    known_ids = {account.id for account in context.people.accounts.items}
    creation = AccountCreation(context.store, name, description, known_ids)
    sent = await context.carry_out(
        f"Creating {name}…", partial(creation.send, role, to), creation.check, creation_refusal
    )
    token = sent.result.token if sent.result else None
    if token is None:
        return without_token(sent)
    delivered = await deliver(context, token, to)
    also = Missing(projects=tuple(grant.place for grant in grants))
    return Result((part_of(sent), *delivered, *await give_access(context, token, role, also)), token.account_id)


def without_token(sent: CarriedOut) -> Result:
    """The result where no token arrived: if the change was made all the same, it is half done."""
    parts = [part_of(sent)]
    if sent.outcome == "done":
        parts.append(Part("not done", "Its token was not delivered."))
    return Result(tuple(parts), sent.subject_id)


# Edit


async def prepare_edit(context: ActionContext, wanted: Wanted) -> Step:
    """Another name, description or role. Raises ConfigurationError."""
    subject = context.account(wanted.text("account"))
    context.require("edit", MANAGE_SERVICE_ACCOUNTS, subject)
    name, description = wanted.given("name"), wanted.given("description")
    role = context.role(wanted.text("role")) if wanted.given("role") is not None else None
    edit = AccountEdit(context.session, subject)
    new_name = edit.name.strip() if name is None else name
    new_description = edit.description.strip() if description is None else description
    change = edit.change(new_name, new_description, role)
    if change is None:
        return as_it_is(subject, f"{name_of(subject)} is so already.")
    if change.details:
        if not subject.creator_id:
            raise ConfigurationError(f"{FROZEN} Nothing was sent.")
        _check_texts(context, new_name, new_description, subject)
    held = subject.manual_role.role_name if subject.manual_role else "none"
    changes = [
        f"{label} {spoken_change(old, new)}"
        for label, old, new in (
            ("name", edit.name, new_name),
            ("description", edit.description, new_description),
            ("role", held, change.role.name if change.role else held),
        )
        if old.strip() != new
    ]
    return Step(
        f"Edit the service account {name_of(subject)}: {'; '.join(changes)}.",
        partial(_edited, context, subject, edit, change),
        subject=about(subject),
        warnings=warnings_of(
            [context.people.caution(subject)],
            change_warnings(subject, context.people, context.store.own_id) if change.role else [],
        ),
        operations=[Operation("role", subject.id, change.role.id)] if change.role else (),
        told=("caller", "stays"),
        seen=seen_of(subject),
    )


async def _edited(context: ActionContext, subject: Subject, edit: AccountEdit, change: AccountChange) -> Result:
    """Name and description first, then the role, each with its own outcome."""

    parts: list[Part] = []
    for step in (AccountChange(change.name, change.description), AccountChange(role=change.role)):
        if step == AccountChange():
            continue
        if parts and parts[-1].outcome != "done":
            parts.append(Part("not done", "The role is not changed."))
            break
        doing = f"Saving {name_of(subject)}…" if step.details else f"Changing the role of {name_of(subject)}…"
        ended = await context.carry_out(doing, partial(edit.send, step), partial(edit.check, step), edit.refusal_words)
        if ended.result is not None:
            words = f"The role of {edit.name} is now {step.role.name}." if step.role else f"Saved {edit.name}."
            ended = replace(ended, sentence=words)
        parts.append(part_of(ended))
    return Result(tuple(parts), subject.id)
