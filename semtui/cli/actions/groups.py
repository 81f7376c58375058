"""Prepares what is done to groups. Semaphore queues changes of members; they are watched until they are made."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from semtui.api.permissions import MANAGE_PEOPLE
from semtui.audit.what_if.operations import Operation
from semtui.changes import delete_group, group_queue
from semtui.changes.edit_group import GroupDraft, GroupEdit, may_join
from semtui.changes.result import QueuedChange
from semtui.cli.actions.reports import warnings_of
from semtui.cli.actions.rows import about, as_it_is, role_seen, seen_of
from semtui.cli.actions.step import Part, Result, Step, part_of
from semtui.system.errors import ConfigurationError
from semtui.text.counting import count
from semtui.wording import confirmations as confirmation_words
from semtui.wording.edits import spoken_change
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.changes.carry_out import CarriedOut
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import Wanted
    from semtui.organization.subject import Subject


async def prepare_creation(context: ActionContext, wanted: Wanted) -> Step:
    """A new group. Raises ConfigurationError."""
    context.require("create_group", MANAGE_PEOPLE)
    members = _members(context, wanted.texts("member"), "--member")
    role = context.role(wanted.text("role")) if wanted.given("role") is not None else None
    draft = GroupDraft(wanted.text("name"), wanted.text("description"), tuple(row.id for row in members), role=role)
    edit = GroupEdit(context.session, context.people, context.report)
    _check(edit, draft)
    named = f", with {', '.join(map(name_of, members))}" if members else ""
    return Step(
        f"Create the group {draft.name} with the role {role.name if role else 'Member'}{named}.",
        partial(_saved, context, edit, draft),
        subject=("group", "", draft.name),
        seen={"role": role and role_seen(role), "members": [row.id for row in members]},
    )


async def prepare_edit(context: ActionContext, wanted: Wanted) -> Step:
    """Another name, description, role, or other members. Raises ConfigurationError."""
    subject = context.row(wanted.text("group"), "group", place="NAME", noun="group")
    context.require("edit", MANAGE_PEOPLE, subject)
    if subject.member_ids is None:
        raise ConfigurationError("The list of groups is missing, so groups cannot be changed safely.")
    edit = GroupEdit(context.session, context.people, context.report, subject)
    present = set(subject.member_ids)
    wanted_in = _members(context, wanted.texts("add"), "--add")
    wanted_out = _members(context, wanted.texts("remove"), "--remove", joining=False)
    if both := [row for row in wanted_in if row in wanted_out]:
        raise ConfigurationError(f"{name_of(both[0])} cannot be both added and removed.")
    add = [row for row in wanted_in if row.id not in present]
    remove = [row for row in wanted_out if row.id in present]
    role = context.role(wanted.text("role")) if wanted.given("role") is not None else None
    name, description = wanted.given("name"), wanted.given("description")
    draft = GroupDraft(
        edit.name.strip() if name is None else name,
        edit.description.strip() if description is None else description,
        tuple(row.id for row in add),
        tuple(row.id for row in remove),
        role if role is not None and role.id != edit.role_id else None,
    )
    if not edit.changes(draft):
        return as_it_is(subject, f"The group {name_of(subject)} is so already.")
    _check(edit, draft)
    return Step(
        f"Edit the group {name_of(subject)}: {'; '.join(_changes(edit, draft, add, remove))}.",
        partial(_saved, context, edit, draft),
        subject=about(subject),
        warnings=warnings_of([context.people.caution(subject)]),
        operations=edit.operations(draft),
        told=group_queue.TOLD,
        seen=seen_of(subject),
    )


def _members(context: ActionContext, given: Sequence[str], place: str, *, joining: bool = True) -> list[Subject]:
    """The people and accounts that are named. Raises ConfigurationError, also for one that cannot join."""
    rows = [context.row(each, "person", "account", place=place, noun="person or account") for each in given]
    for row in rows:
        if joining and not may_join(row):
            raise ConfigurationError(
                f"{place}: {name_of(row)} has no role in the organization, and cannot join a group."
            )
    return rows


def _check(edit: GroupEdit, draft: GroupDraft) -> None:
    """Raise ConfigurationError for what Semaphore would refuse."""
    if not draft.name or not draft.description:
        raise ConfigurationError("A group needs a name and a description that are not blank.")
    if words := edit.validation_error(draft.name, draft.description):
        raise ConfigurationError(words)


def _changes(edit: GroupEdit, draft: GroupDraft, add: Sequence[Subject], remove: Sequence[Subject]) -> list[str]:
    changes = [
        f"{label} {spoken_change(old, new)}"
        for label, old, new in (("name", edit.name, draft.name), ("description", edit.description, draft.description))
        if old.strip() != new
    ]
    changes += [f"the role {draft.role.name}"] if draft.role else []
    changes += [f"add {', '.join(map(name_of, add))}"] if add else []
    return changes + ([f"remove {', '.join(map(name_of, remove))}"] if remove else [])


async def _saved(context: ActionContext, edit: GroupEdit, draft: GroupDraft) -> Result:
    """The group first, then its role, then what Semaphore queues, each with its own outcome."""
    parts: list[Part] = []
    group = GroupDraft(draft.name, draft.description, draft.add, draft.remove)
    new = not edit.group_id
    if new or edit.changes(group):
        ended = await _sent(context, edit, group, f"{'Creating' if new else 'Saving'} the group {draft.name}…")
        parts.append(part_of(ended))
        # A group whose creation was reconciled is known by what was found.
        edit.group_id = edit.group_id or ended.subject_id
    if parts and parts[-1].outcome != "done":
        return Result((*parts, *([Part("not done", "Its role is not changed.")] if draft.role else [])), edit.group_id)
    if draft.role is not None and draft.role.id != edit.role_id:
        edit.name, edit.description = draft.name, draft.description
        role = GroupDraft(draft.name, draft.description, role=draft.role)
        ended = await _sent(context, edit, role, f"Giving the group {draft.name} the role {draft.role.name}…")
        words = f"The role of {draft.name} is now {draft.role.name}." if ended.result else ended.sentence
        parts.append(Part(ended.outcome, words))
    if draft.add or draft.remove:
        parts.append(await watched(context, QueuedChange(edit.group_id, draft.name, draft.add, draft.remove)))
    return Result(tuple(parts), edit.group_id)


async def _sent(context: ActionContext, edit: GroupEdit, draft: GroupDraft, starting: str) -> CarriedOut:
    return await context.carry_out(starting, partial(edit.send, draft), partial(edit.check, draft), edit.refusal_words)


async def watched(context: ActionContext, queued: QueuedChange) -> Part:
    """What was seen of a change that Semaphore has queued."""
    context.report("Waiting for Semaphore's queue, for up to a minute…")
    found = await group_queue.watch(context.session, queued, context.report)
    return Part(found.outcome, f"{queued.group_name}: {found.sentence}")


async def prepare_deletion(context: ActionContext, wanted: Wanted) -> Step:
    """A group that is gone for good. Raises ConfigurationError."""
    subject = context.row(wanted.text("group"), "group", place="NAME", noun="group")
    context.require("delete", MANAGE_PEOPLE, subject)
    number = "its members" if subject.member_ids is None else count(len(subject.member_ids), "member")
    return Step(
        f"Delete the group {name_of(subject)} of {number} for good.",
        partial(_deleted, context, subject),
        subject=about(subject),
        warnings=warnings_of([context.people.caution(subject), confirmation_words.group_deletion_words(subject)]),
        operations=[Operation("delete-group", subject.id)],
        told=group_queue.TOLD,
        confirmation=context.row_confirmation("deletes a group for good", subject),
        seen=seen_of(subject),
    )


async def _deleted(context: ActionContext, subject: Subject) -> Result:
    ended = await context.carry_out(
        f"Deleting the group {name_of(subject)}…",
        partial(delete_group.delete_group, context.session, subject),
        partial(delete_group.check_group_deleted, context.session, subject),
    )
    if ended.result is None or ended.result.queued is None:
        return Result((part_of(ended),), subject.id)
    # That it is queued is nothing yet.
    context.report(ended.sentence)
    return Result((await watched(context, ended.result.queued),), subject.id)
