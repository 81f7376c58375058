"""Replace an account by a twin without stopping whoever uses its token: the API has one token for each account.

Every step but the deletion can be taken back. What the lists show tells how far it is, in this semtui and in any other;
what is kept here only reminds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from semtui.changes.access_steps import carry_out, given, role_of, steps
from semtui.changes.create_account import LONGEST_DESCRIPTION, AccountCreation, name_obstacle
from semtui.changes.deactivate_first import WAIT
from semtui.changes.edit_account import AccountChange, AccountEdit
from semtui.changes.lacking import Missing
from semtui.changes.reconcile import Reconciliation
from semtui.changes.result import ChangeResult, QueuedChange
from semtui.history.under_way import Undertaking
from semtui.organization.people import slug
from semtui.organization.rotations import SUFFIX, marked_description
from semtui.system.private_files import PrivateFileError
from semtui.text.clean import raw
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.history.record import Entry
    from semtui.organization.people import People
    from semtui.organization.rotations import Rotation
    from semtui.organization.store import OrganizationStore
    from semtui.organization.subject import Subject
    from semtui.session.session import Session
    from semtui.tokens.delivery import Destination
    from semtui.wording.styled_text import Tone


FINISHED = "The rotation is finished."


def missing(rotation: Rotation, people: People, entries: Sequence[Entry]) -> Missing:
    """What the twin lacks. Roles on projects are known only where semtui gave them (`entries` of the journal)."""
    old, twin = rotation.old, rotation.twin
    if old is None or twin is None:
        return Missing()
    role = role_of(old, people) if twin.manual_role is None and twin.roles is not None else None
    group_ids = people.relations.group_ids_of
    groups = [each for each in group_ids.get(old.id, ()) if each not in group_ids.get(twin.id, ())]
    there, held = given(entries, twin.id), given(entries, old.id)
    projects = tuple(each for project_id, each in held.items() if project_id not in there)
    perhaps = given(entries, old.id, ("done", "unknown", "sent"))
    doubtful = tuple(each for project_id, each in perhaps.items() if project_id not in held and project_id not in there)
    return Missing(role, tuple(people.by_id[each] for each in groups if each in people.by_id), projects, doubtful)


def twin_name(old: Subject, people: People, host: str, entries: Sequence[Entry]) -> str:
    """A name for the twin that is free, as far as the lists and the `entries` of the journal tell: an account that was
    renamed keeps the name it was created with (`API.md#account-names`)."""
    existing = {each.id for each in people.accounts.items}
    kept = {
        slug(entry.change.name)
        for entry in entries
        if (entry.change.kind, entry.change.action) == ("account", "create")
        and (entry.change.id in existing or (people.community and entry.outcome == "done"))
    }
    first = f"{old.name.strip()}{SUFFIX}"
    others = (f"{first}-{number}" for number in range(2, len(kept) + len(existing) + 3))
    free = (each for each in (first, *others) if slug(each) not in kept and not name_obstacle(each, people, host))
    return next(free, first)


class TwinCreation:
    """Creates the twin of an account; its role is assigned once the token is safe."""

    def __init__(self, store: OrganizationStore, old: Subject, name: str) -> None:
        self._session = store.session
        self._old = old
        self._name = name
        self._role = role_of(old, store.people)
        known = {each.id for each in store.people.accounts.items}
        self._creation = AccountCreation(store, name, marked_description(old, LONGEST_DESCRIPTION), known)

    async def send(self, to: Destination | None) -> ChangeResult:
        """Create it. Raises NotSentError before anything is sent."""
        result = await self._creation.send(self._role, to)
        remember(self._session, self._old, result.subject_id, self._name)
        return result

    async def check(self) -> Reconciliation:
        """Whether it was created, and by this request."""
        found = await self._creation.check()
        if found.outcome == "done":
            remember(self._session, self._old, found.subject_id, self._name)
        return found


def remember(session: Session, old: Subject, twin_id: str, twin_name: str, due_at: float | None = None) -> None:
    """Remember that the account is being replaced. Without a place for it, the lists alone tell."""
    now = session.clock()
    host = session.context.host
    undertaking = Undertaking("rotation", host, old.id, old.name, now, due_at, twin_id, twin_name)
    try:
        session.under_way.save(undertaking)
    except PrivateFileError as error:
        session.vault.failures.append(f"The rotation of {old.name} cannot be remembered. {error}")


def note_switched(session: Session, rotation: Rotation, *, deactivated: bool) -> None:
    """Be reminded of an account that was deactivated because it is being replaced, after a day of watching; or no more,
    once it is active again. Does nothing for any other account."""
    if rotation.old is not None and rotation.twin is not None:
        due_at = session.clock() + WAIT if deactivated else None
        remember(session, rotation.old, rotation.twin.id, rotation.twin.name, due_at)


def note_step(session: Session, rotation: Rotation, code: str) -> None:
    """Remember that a step was done that is a change of its own elsewhere, by its code (`wording.rotation.STEPS`)."""
    if code in ("deactivate", "reactivate"):
        note_switched(session, rotation, deactivated=code == "deactivate")
    elif code == "take back" and rotation.old is not None:
        session.under_way.end(rotation.old.id)


Given = tuple[Literal["done", "not done", "unknown"], str]
"""How it ended that an account was given one thing, and that in a sentence."""


async def give(session: Session, twin: Subject, lacking: Missing) -> list[Given]:
    """Give the twin what it lacks, one request after the other, and tell how each ended. Raises no SemaphoreError."""
    given: list[Given] = []
    for step in steps(twin, lacking):
        ended = await carry_out(session, step)
        given.append((ended.outcome, f"{step.what}: {ended.sentence.rstrip('.')}."))
    return given


def queued(twin: Subject, lacking: Missing, given: Sequence[Given]) -> QueuedChange | None:
    """The change to watch, if all was given: Semaphore works through its queue in order, so the last group tells of
    all of them."""
    if not lacking.groups or any(outcome != "done" for outcome, _ in given):
        return None
    last = lacking.groups[-1]
    return QueuedChange(last.id, name_of(last), add=(twin.id,))


async def complete(session: Session, twin: Subject, lacking: Missing) -> ChangeResult:
    """The same as `give`, in one sentence."""
    given = await give(session, twin, lacking)
    told = " ".join(words for _, words in given)
    tone: Tone = "good" if all(outcome == "done" for outcome, _ in given) else "warn"
    return ChangeResult(f"{name_of(twin)}: {told}", twin.id, tone=tone, queued=queued(twin, lacking, given))


class Renaming:
    """Gives the twin the name and the description of the account it has replaced."""

    def __init__(self, session: Session, rotation: Rotation) -> None:
        assert rotation.twin is not None, "there is a twin to rename"
        self._session = session
        self._old_id = rotation.old_id
        self._edit = AccountEdit(session, rotation.twin)
        self._change = AccountChange(raw(rotation.old_name), raw(rotation.description))

    async def send(self) -> ChangeResult:
        """Rename it; then the rotation is finished."""
        result = await self._edit.send(self._change)
        self._session.under_way.end(self._old_id)
        return ChangeResult(f"{result.sentence} {FINISHED}", result.subject_id)

    async def check(self) -> Reconciliation:
        """Whether it is renamed."""
        found = await self._edit.check(self._change)
        if found.outcome != "done":
            return found
        self._session.under_way.end(self._old_id)
        return replace(found, sentence=f"{found.sentence} {FINISHED}")
