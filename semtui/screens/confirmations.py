"""Regenerate a token, delete, deactivate and reactivate: each asks first and names what it breaks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, Input, Static

from semtui import group_operations, operations
from semtui.errors import (
    NoAnswerError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    PermissionDeniedError,
    SemaphoreError,
    UnexpectedAnswerError,
)
from semtui.people import Subject
from semtui.presentation import Piece, count, date_words, name_of, role_pieces
from semtui.screens.destination_field import DestinationField
from semtui.screens.request_modal import Done, Queued, RequestModal
from semtui.screens.typed_confirmation import TypedConfirmation
from semtui.session import Intend, Session
from semtui.styling import styled
from semtui.verdicts import Verdict, clock_time

if TYPE_CHECKING:
    from semtui.client import SemaphoreClient
    from semtui.models import NewToken, ServiceAccount


def _identity(subject: Subject, caution: str) -> ComposeResult:
    """Enough to tell an account or a group from one that looks like it."""
    if caution:
        yield Static(Content(caution), classes="caution")
    roles: list[Piece] = role_pieces(subject.roles) or [("no role", "warn")]
    pieces: list[Piece] = [(f"id {subject.id} · ", "muted"), *roles]
    if subject.kind == "account":
        pieces.append((f" · created {date_words(subject.created_at) or 'at an unknown time'}", "muted"))
    yield Static(styled(pieces), classes="identity")


def _state(account: ServiceAccount) -> str:
    return f"“{account.name}”, {'deactivated' if account.deactivated else 'active'},"


class _Confirmation(RequestModal):
    """A question about one service account; `caution` is what to look at twice in its name."""

    def __init__(self, session: Session, subject: Subject, caution: str = "") -> None:
        super().__init__(session, subject.id)
        self.caution = caution
        self.subject = subject
        self.account_name = name_of(subject)


class RegenerateToken(_Confirmation):
    """Asks, sends, and returns the new token. For a token that leaked it first takes the account's role away, which
    acts at once, while the old token may be let in for minutes more (`api.md` §1.2)."""

    def __init__(self, session: Session, subject: Subject, caution: str = "") -> None:
        super().__init__(session, subject, caution)
        self._before: ServiceAccount | None = None
        self._known_change = subject.account.updated_at if subject.account else None
        """The account's `updated_at`, as far as whoever is asked here knows of it."""
        self._role_name = subject.manual_role.role_name if subject.manual_role else ""
        """Of the role that can be taken away; empty when none can."""
        self._role_taken = ""
        """In a sentence, once the role is taken away."""

    def heading(self) -> str:
        return f"Regenerate the token of {self.account_name}?"

    def compose_body(self) -> ComposeResult:
        yield Static(
            "The present token stops working, at the latest 5 minutes from now, and whatever uses it is locked out "
            "until it is given the new one. There is no way back to the old token. To change over without a gap, "
            "create a second account with the same role, move to it, then delete this one.",
            markup=False,
        )
        yield from _identity(self.subject, self.caution)
        if self.subject.state == "deactivated":
            yield Static(
                "The account is deactivated: the new token works only after it is reactivated.", classes="warning"
            )
        yield DestinationField()
        if self._role_name:
            yield Static(Content(self._leak_words()), classes="note")

    def _leak_words(self) -> str:
        # What a group gives its members is not among their own roles.
        held = {f"the role {held.role_name}" for held in self.subject.roles or () if not held.by_hand}
        elsewhere = sorted(held | {f"the group {name}" for name in self.subject.groups})
        left = f"keeps only what comes through {' and '.join(elsewhere)}" if elsewhere else "has nothing of it left"
        return (
            f"Leaked? “Revoke now” first takes the role {self._role_name} away, which acts at once: "
            f"for its last minutes the present token {left}. Then it regenerates."
        )

    def compose_buttons(self) -> ComposeResult:
        yield Button("Keep the present token", id="cancel", variant="primary", compact=True)
        yield Button("Regenerate token", id="send", variant="error", compact=True)
        if self._role_name:
            yield Button("Revoke now", id="revoke", variant="error", compact=True)

    def on_mount(self) -> None:
        self.query_one("#cancel").focus()

    @on(Input.Submitted)
    def _typed(self) -> None:
        # What was typed last decides nothing here: the ways on are the buttons.
        self.query_one("#cancel").focus()

    def confirm(self) -> None:
        self._regenerate(revoking=self.pressed == "revoke")

    @work(group="request", description="")
    async def _regenerate(self, revoking: bool) -> None:
        name = self.account_name

        async def send() -> Done:
            to = await self.query_one(DestinationField).tried_out()
            if revoking and not self._role_taken:
                await self._take_role_away()
            token = await self.session.make_token(self._request)
            sentence = f"{self._role_taken} Regenerated the token of {name}.".strip()
            if self._role_taken:
                sentence += " Wait 5 minutes before you give the role back with e: the old token may still be let in."
            return Done(sentence, self.subject.id, token, destination=to)

        async def check() -> Verdict:
            before = self._before
            assert before is not None, "nothing is sent before the account was read"
            verdict = await self.look_after_token(lambda client: operations.check_regeneration(client, before))
            return replace(verdict, sentence=f"{self._role_taken} {verdict.sentence}".strip())

        doing = "Taking the role away, then regenerating" if revoking else "Regenerating"
        await self.carry_out(f"{doing} the token of {name}…", send, check)

    async def _request(self, client: SemaphoreClient, intend: Intend) -> NewToken:
        def note(before: ServiceAccount) -> None:
            self._see_that_nobody_was_faster(before)
            self._before = before
            intend(before)

        return await operations.regenerate_token(client, self.subject.id, self.account_name, note)

    def _see_that_nobody_was_faster(self, now: ServiceAccount) -> None:
        """Stop once when the account has changed since its row was read: the token of that moment may be somebody's
        brand-new one. Raises NotSentError."""
        known, self._known_change = self._known_change, now.updated_at
        if known is not None and (now.updated_at or 0) > known:
            raise NotSentError(
                f"Nothing was sent: {self.account_name} was changed at {clock_time(now.updated_at)}, after this list "
                "was loaded; perhaps somebody has just replaced its token. The same again regenerates it all the same."
            )

    async def _take_role_away(self) -> None:
        """Raises SemaphoreError, in words that say that the token is as it was."""
        subject, name = self.subject, self.account_name
        try:
            await self.session.write(lambda client: client.remove_member(subject.id))
        except OutcomeUnknownError as error:
            self.say(f"{error} It is not known whether the role is gone. Checking… escape calls that off.", "warn")
            verdict = await self.look(
                lambda: self.session.read(lambda client: operations.check_removal(client, subject.id, name))
            )
            if verdict.outcome != "done":
                raise NotSentError(f"The token is not regenerated: {verdict.sentence}") from None
        self._role_taken = f"The role {self._role_name} of {name} is taken away."
        self.achieved = Done(f"{self._role_taken} The token is not regenerated.", subject.id, tone="warn")

    def refusal_words(self, error: SemaphoreError) -> str:
        return f"{self._role_taken} {error}".strip()


class SwitchServiceAccount(_Confirmation):
    """Deactivates an active account, reactivates a deactivated one."""

    @property
    def _deactivate(self) -> bool:
        return self.subject.state != "deactivated"

    def heading(self) -> str:
        return f"{'Deactivate' if self._deactivate else 'Reactivate'} {self.account_name}?"

    def compose_body(self) -> ComposeResult:
        if self._deactivate:
            words = (
                "Its token stops working, at the latest 5 minutes from now, and whatever uses the account is locked "
                "out. Role and token are kept: reactivating makes the same token work again."
            )
        else:
            words = "Its token works again, with the role the account has."
        yield Static(words, markup=False)
        yield from _identity(self.subject, self.caution)

    def compose_buttons(self) -> ComposeResult:
        yield Button("Leave as it is", id="cancel", variant="primary", compact=True)
        yield Button("Deactivate" if self._deactivate else "Reactivate", id="send", variant="warning", compact=True)

    def on_mount(self) -> None:
        self.query_one("#cancel").focus()

    def confirm(self) -> None:
        self._switch()

    @work(group="request", description="")
    async def _switch(self) -> None:
        deactivate, account_id = self._deactivate, self.subject.id

        async def send() -> Done:
            if deactivate:
                await self.session.write(lambda client: client.deactivate_service_account(account_id))
                sentence = f"Deactivated {self.account_name}. A token in use may be accepted for up to 5 minutes more."
                return Done(sentence, account_id)
            await self.session.write(lambda client: client.reactivate_service_account(account_id))
            return Done(f"Reactivated {self.account_name}.", account_id)

        async def check() -> Verdict:
            return await self.session.read(
                lambda client: operations.check_activation(client, account_id, self.account_name, deactivate)
            )

        doing = "Deactivating" if deactivate else "Reactivating"
        await self.carry_out(f"{doing} {self.account_name}…", send, check)


class _Deletion(TypedConfirmation):
    """Deletes a service account or a group once its name is typed."""

    def __init__(self, session: Session, subject: Subject, caution: str = "") -> None:
        super().__init__(session, subject.id, name_of(subject))
        self.subject = subject
        self.caution = caution

    def heading(self) -> str:
        return f"Delete {self.called}?"


class DeleteServiceAccount(_Deletion):
    """Deletes a service account for good."""

    _known: ServiceAccount | None = None
    """As it was found when deleting it was tried before."""

    def compose_warning(self) -> ComposeResult:
        yield Static("Whatever uses this account loses access, for good. There is no undo.", classes="warning")
        yield from _identity(self.subject, self.caution)
        if self.subject.state != "deactivated":
            yield Static("To be able to go back, leave with escape and press d: deactivate.", classes="note")

    async def _see_that_it_is_the_same(self) -> None:
        """Stop once when the account is no longer what was decided upon. Raises NotFoundError and NotSentError."""
        try:
            now = await self.session.read(lambda client: client.describe_service_account(self.subject.id))
        except PermissionDeniedError:
            return
        except (NoAnswerError, UnexpectedAnswerError) as error:
            raise NotSentError(f"{error} Nothing was sent.") from error
        before = self._known or self.subject.account
        self._known = now
        if before is None or (now.name, now.deactivated) == (before.name, before.deactivated):
            return
        raise NotSentError(
            f"Nothing was sent: somebody else has changed this account meanwhile. It was {_state(before)} and is "
            f"{_state(now)} now. The same again deletes it all the same; escape leaves it."
        )

    @work(group="request", description="")
    async def send_typed(self) -> None:
        async def send() -> Done:
            try:
                await self._see_that_it_is_the_same()
                await self.session.write(lambda client: client.delete_service_account(self.subject.id))
            except NotFoundError:
                return Done(f"{self.called} had been deleted already, by somebody else.")
            return Done(f"Deleted {self.called}.")

        async def check() -> Verdict:
            return await self.session.read(
                lambda client: operations.check_deletion(client, self.subject.id, self.called)
            )

        await self.carry_out(f"Deleting {self.called}…", send, check)


class DeleteGroup(_Deletion):
    """Has Semaphore queue the deletion of a group."""

    def compose_warning(self) -> ComposeResult:
        members = self.subject.member_ids
        number = "its members" if members is None else count(len(members), "member")
        words = f"The group goes, and with it what its role gives {number}. There is no undo."
        yield Static(words, classes="warning", markup=False)
        yield from _identity(self.subject, self.caution)
        yield Static("To take only its role away, leave with escape and press R.", classes="note")

    @work(group="request", description="")
    async def send_typed(self) -> None:
        group_id, name = self.subject.id, self.called

        async def send() -> Done:
            await self.session.write(lambda client: client.delete_group(group_id))
            words = f"Semaphore has queued the deletion of the group {name}."
            return Done(words, group_id, queued=Queued(group_id, name, deletion=True))

        async def check() -> Verdict:
            return await self.session.read(lambda client: group_operations.check_group_deletion(client, group_id, name))

        await self.carry_out(f"Deleting the group {name}…", send, check)
