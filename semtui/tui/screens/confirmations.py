"""Confirmations for regenerating, deleting, deactivating and reactivating; each says what it breaks."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key
from textual.widgets import Button, Input, Static

from semtui.api.errors import SemaphoreError
from semtui.audit.what_if.operations import Operation
from semtui.changes import (
    deactivate_first,
    delete_account,
    delete_group,
    group_queue,
    regenerate_token,
    switch_account,
)
from semtui.changes.result import ChangeResult
from semtui.changes.secret_exposure import stronger_roles
from semtui.organization.store import OrganizationStore
from semtui.organization.subject import Subject
from semtui.session.session import Session
from semtui.settings.keymap import key
from semtui.tui.screens.destination_field import DestinationField
from semtui.tui.screens.effect import BUTTON, Effect, EffectButton
from semtui.tui.screens.impact import ImpactButton
from semtui.tui.screens.request_modal import RequestModal
from semtui.tui.screens.secret_exposure import once_accepted
from semtui.tui.screens.typed_confirmation import TypedConfirmation
from semtui.tui.styling import styled
from semtui.wording import confirmations as confirmation_words
from semtui.wording.confirmations import identity
from semtui.wording.subjects import name_of


def _identity(subject: Subject, caution: str) -> ComposeResult:
    """Enough to tell an account or group from a look-alike."""
    if caution:
        yield Static(Content(caution), classes="caution")
    yield Static(styled(identity(subject)), classes="identity")


class _Confirmation(RequestModal):
    """A question about one service account; `caution` is what to look at twice in its name."""

    def __init__(self, session: Session, subject: Subject, caution: str = "") -> None:
        super().__init__(session, subject.id)
        self.caution = caution
        self.subject = subject
        self.account_name = name_of(subject)


class RegenerateToken(_Confirmation):
    """Asks, sends, and returns the new token."""

    def __init__(self, store: OrganizationStore, subject: Subject, caution: str = "") -> None:
        super().__init__(store.session, subject, caution)
        self._regeneration = regenerate_token.Regeneration(
            store.session, subject, self._show_progress, self.outcome_check.run
        )
        self._stronger = stronger_roles(store.people, subject)
        self._leak_words = confirmation_words.revoke_now_words(subject)

    def _show_progress(self, words: str) -> None:
        self.say(f"{words} q stops checking.", "warn")

    def heading(self) -> str:
        """Ask whether to regenerate this account's token."""
        return f"Regenerate the token of {self.account_name}?"

    def compose_body(self) -> ComposeResult:
        """Lay out what regenerating does, the account, where the token goes, and any leak warning."""
        yield Static(confirmation_words.REGENERATION, markup=False)
        yield from _identity(self.subject, self.caution)
        if self.subject.state == "deactivated":
            yield Static(confirmation_words.DEACTIVATED_ALREADY, classes="warning", markup=False)
        yield DestinationField(self._stronger)
        if self._leak_words:
            yield Static(Content(self._leak_words), classes="note")

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Keep the current token", "Regenerate token" and, for a leaked token, "Revoke now"."""
        yield Button("Keep the current token", id="cancel", variant="primary", compact=True)
        yield Button("Regenerate token", id="send", variant="error", compact=True)
        if self._leak_words:
            yield Button("Revoke now", id="revoke", variant="error", compact=True)

    def on_mount(self) -> None:
        """Focus the button that changes nothing."""
        self.query_one("#cancel").focus()

    def letter_on_button(self, event: Key, letter: str) -> None:
        """Put a character typed on a button into the destination field instead."""
        # A place typed before its line has the focus would be lost, and the tabs after it would end on “Revoke now”.
        event.stop()
        where = self.query_one(DestinationField).where
        self.set_focus(where)
        where.insert_text_at_cursor(letter)

    @on(Input.Submitted)
    def _typed(self) -> None:
        # What was typed last decides nothing here: the ways on are the buttons.
        self.query_one("#cancel").focus()

    def confirm(self) -> None:
        """Regenerate the token; revoking is asked about once more first."""
        revoking = self.pressed == "revoke"
        if revoking and not self.asked:
            self.ask_again(confirmation_words.revoking_question(self.subject))
        else:
            exposed = self.query_one(DestinationField).exposed
            once_accepted(self.app, self.session, exposed, partial(self._regenerate, revoking))

    @work(group="request", description="")
    async def _regenerate(self, revoking: bool) -> None:
        async def send() -> ChangeResult:
            try:
                return await self._regeneration.send(self.query_one(DestinationField).chosen, revoking=revoking)
            finally:
                self.achieved = self._regeneration.achieved

        doing = "Removing the role, then regenerating" if revoking else "Regenerating"
        await self.carry_out(f"{doing} the token of {self.account_name}…", send, self._regeneration.check)

    def refusal_words(self, error: SemaphoreError) -> str:
        """Explain a refused regeneration."""
        return self._regeneration.refusal_words(error)


class SwitchServiceAccount(_Confirmation):
    """Deactivates an active account, reactivates a deactivated one."""

    def __init__(self, store: OrganizationStore, subject: Subject, caution: str = "") -> None:
        super().__init__(store.session, subject, caution)
        self._store = store

    @property
    def _deactivate(self) -> bool:
        return self.subject.state != "deactivated"

    def heading(self) -> str:
        """Ask whether to deactivate or reactivate this account."""
        return f"{'Deactivate' if self._deactivate else 'Reactivate'} {self.account_name}?"

    def compose_body(self) -> ComposeResult:
        """Lay out what the change does, and to which account."""
        words = confirmation_words.DEACTIVATION if self._deactivate else confirmation_words.REACTIVATION
        yield Static(words, markup=False)
        yield from _identity(self.subject, self.caution)
        if self._deactivate:
            yield Effect(self._store, more=BUTTON)

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Leave as it is" and "Deactivate" or "Reactivate"."""
        yield Button("Leave as it is", id="cancel", variant="primary", compact=True)
        yield Button("Deactivate" if self._deactivate else "Reactivate", id="send", variant="warning", compact=True)
        if self._deactivate:
            yield EffectButton()
            yield ImpactButton(self._store, self.subject)

    def on_mount(self) -> None:
        """Focus the button that changes nothing, and work out what deactivating changes."""
        self.query_one("#cancel").focus()
        for effect in self.query(Effect):
            effect.ask([Operation("deactivate", self.subject.id)])

    def confirm(self) -> None:
        """Send the deactivation or reactivation."""
        self._switch()

    @work(group="request", description="")
    async def _switch(self) -> None:
        doing = "Deactivating" if self._deactivate else "Reactivating"
        await self.carry_out(
            f"{doing} {self.account_name}…",
            partial(switch_account.switch, self.session, self.subject),
            partial(switch_account.check_switched, self.session, self.subject),
        )


class _Deletion(TypedConfirmation):
    """Deletes a service account or a group once its name is typed."""

    def __init__(
        self, store: OrganizationStore, subject: Subject, caution: str = "", alike: Collection[str] = ()
    ) -> None:
        super().__init__(store.session, subject.id, name_of(subject), alike)
        self.store = store
        self.subject = subject
        self.caution = caution

    def heading(self) -> str:
        return f"Delete {self.called}?"


class DeleteServiceAccount(_Deletion):
    """Deletes a service account for good."""

    def __init__(
        self, store: OrganizationStore, subject: Subject, caution: str = "", alike: Collection[str] = ()
    ) -> None:
        super().__init__(store, subject, caution, alike)
        self.operations = (Operation("delete", subject.id),)
        self._deletion = delete_account.AccountDeletion(store.session, subject, store.deleted_ids.add)

    def compose_warning(self) -> ComposeResult:
        """Lay out what deletion does, the account, and deactivation as the reversible alternative."""
        yield Static(confirmation_words.DELETION, classes="warning", markup=False)
        yield from _identity(self.subject, self.caution)
        if self.subject.state != "deactivated":
            way_back = "“Deactivate” can be taken back, and reminds you to delete it after 24 h."
            yield Static(way_back, classes="note", markup=False)
        yield Effect(self.store, more=BUTTON)

    def compose_buttons(self) -> ComposeResult:
        """Lay out the buttons of every deletion, and one that shows what depends on the account."""
        yield from super().compose_buttons()
        if self.subject.state != "deactivated":
            yield Button("Deactivate", id="first", variant="warning", compact=True)
        yield ImpactButton(self.store, self.subject)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Deactivate instead, without the name: that can be taken back."""
        # Textual calls the base class's handler too.
        if event.button.id != "first":
            return
        event.stop()
        event.prevent_default()
        if not self.busy and self._may_confirm("first"):
            self._deactivate_first()

    @work(group="request", description="")
    async def _deactivate_first(self) -> None:
        await self.carry_out(
            f"Deactivating {self.called}…",
            partial(deactivate_first.deactivate_first, self.session, self.subject),
            partial(deactivate_first.check, self.session, self.subject),
        )

    @work(group="request", description="")
    async def send_typed(self) -> None:
        """Delete the account; a lost answer is checked until the outcome is known."""
        await self.carry_out(f"Deleting {self.called}…", self._deletion.send, self._deletion.check)


class DeleteGroup(_Deletion):
    """Has Semaphore queue the deletion of a group."""

    def __init__(
        self, store: OrganizationStore, subject: Subject, caution: str = "", alike: Collection[str] = ()
    ) -> None:
        super().__init__(store, subject, caution, alike)
        self.operations = (Operation("delete-group", subject.id),)

    def compose_warning(self) -> ComposeResult:
        """Lay out what deletion does, the group, and removing only its role as the alternative."""
        words = confirmation_words.group_deletion_words(self.subject)
        yield Static(words, classes="warning", markup=False)
        yield from _identity(self.subject, self.caution)
        less = f"To remove only its role, keep the group and press {key('remove_role')}."
        yield Static(less, classes="note", markup=False)
        yield Effect(self.store, group_queue.TOLD, BUTTON)

    @work(group="request", description="")
    async def send_typed(self) -> None:
        """Queue the deletion of the group; a lost answer is checked until the outcome is known."""
        await self.carry_out(
            f"Deleting the group {self.called}…",
            partial(delete_group.delete_group, self.session, self.subject),
            partial(delete_group.check_group_deleted, self.session, self.subject),
        )
