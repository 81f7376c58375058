"""What a new account is given once its token is safe: its role, then groups and projects; and what it reaches then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from semtui.changes.access_steps import Step, carry_out, given, role_of, steps
from semtui.changes.lacking import Missing
from semtui.changes.new_account_role import NewAccountRole
from semtui.changes.reconcile import Reconciliation
from semtui.changes.result import later_refusal_words
from semtui.changes.token_questions import reach_of
from semtui.organization.subject import Subject
from semtui.system.private_files import PrivateFileError
from semtui.wording.styled_text import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from semtui.api.models import NewToken, Role
    from semtui.organization.people import People
    from semtui.session.session import Session
    from semtui.wording.styled_text import Tone

NOTHING = Missing()
Outcome = Literal["waiting", "done", "refused", "unknown"]
_TONES: dict[str, Tone] = {"done": "good", "refused": "bad", "unknown": "warn", "waiting": "muted"}


@dataclass
class _Item:
    """A group or a project, and how far the account is with it."""

    step: Step
    project_id: str = ""
    outcome: Outcome = "waiting"
    words: str = ""


class NewAccountAccess:
    """Gives the account of a new token its role and then the rest. What failed can be tried again; what is known to be
    done is not sent again."""

    def __init__(self, session: Session, token: NewToken, role: Role | None, also: Missing = NOTHING) -> None:
        """`also` are groups and projects; `role` of None means that there is none to assign."""
        self._session = session
        self._token = token
        self.role = NewAccountRole(session, token, role)
        account = Subject(token.account_id, "account", token.account_name)
        self._items = [_Item(step, step.change.project_id) for step in steps(account, also)]

    @property
    def has_more(self) -> bool:
        """Whether there is anything besides the role."""
        return bool(self._items)

    @property
    def to_try_again(self) -> bool:
        """True after a failure that a retry may fix."""
        return bool(self._token.account_id) and (
            self.role.to_try_again or any(item.outcome != "done" for item in self._items)
        )

    async def give(
        self, report_role: Callable[[str, Tone], None], report_more: Callable[[list[tuple[str, Tone]]], None]
    ) -> None:
        """Give what is still lacking; `report_more` is told how far each group and project is, at every change."""
        await self.role.give(report_role)
        if not self._items or not self._token.account_id:
            return
        if not self.role.needs_nothing:
            report_more([("only after the role: Semaphore lets nobody else in", "warn")])
            return
        for item in self._items:
            if item.outcome != "done":
                item.outcome, item.words = "waiting", "…"
                report_more(self.progress)
                await self._send(item)
        report_more(self.progress)

    async def _send(self, item: _Item) -> None:
        ended = await carry_out(self._session, item.step, later_refusal_words)
        item.outcome = "refused" if ended.outcome == "not done" else ended.outcome
        item.words = ended.sentence

    async def reach(self) -> tuple[str, Tone]:
        """What the token reaches. A project that it reaches is no longer unknown: before, it reached none."""
        words, tone, reached = await reach_of(self._session, self._token)
        for item in self._items:
            if item.outcome == "unknown" and item.project_id in reached:
                item.outcome, item.words = "done", "given: the answer was lost, and the token reaches it"
                self._session.history.looked_up(
                    item.step.change, Reconciliation("done", f"{item.step.what}: {item.words}.")
                )
        return words, tone

    @property
    def ended(self) -> list[tuple[Outcome, str]]:
        """How each group and project ended, in a sentence."""
        return [(item.outcome, f"{item.step.what}: {item.words.rstrip('.') or 'not given'}.") for item in self._items]

    @property
    def progress(self) -> list[tuple[str, Tone]]:
        """Each group and project and how far it is, and its tone; what is done comes last, in one line."""
        lines = [
            (f"{item.step.what}: {item.words.rstrip('.')}", _TONES[item.outcome])
            for item in self._items
            if item.outcome != "done"
        ]
        done = [item.step.what for item in self._items if item.outcome == "done"]
        return [*lines, (f"given: {listed(done)}", "good")] if done else lines

    @property
    def lacking(self) -> str:
        """What the account was to be given and does not have, in sentences after a space; empty for nothing."""
        left = [item.step.what for item in self._items if item.outcome != "done"]
        role = "" if self.role.needs_nothing else " It has no role yet."
        return role + (f" Not known to be given: {listed(left)}." if left else "")


def like(people: People, session: Session, account: Subject) -> tuple[Missing, str]:
    """What another account has, as far as that is known, and what is not known, in a sentence."""
    groups = people.relations.group_ids_of.get(account.id, ())
    try:
        projects = tuple(given(session.history.entries(), account.id).values())
        unread = ""
    except PrivateFileError as error:
        projects, unread = (), f" {error}"
    known = "those that semtui gave it are known" if projects else "none is known to have been given by semtui"
    words = f"Semaphore shows no roles of accounts on projects; {known}.{unread}"
    role = role_of(account, people)
    return Missing(role, tuple(people.by_id[each] for each in groups if each in people.by_id), projects), words
