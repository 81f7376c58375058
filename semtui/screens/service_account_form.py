"""Create and edit a service account: one form, two uses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.getters import query_one
from textual.widgets import Button, Input, Label, Static

from semtui import conflicts, operations
from semtui.access import Effect, effect
from semtui.access_words import effect_lines, effect_page, withheld_roles
from semtui.errors import ConflictError, RefusedError, SemaphoreError
from semtui.operations import Change
from semtui.people import People, Subject, slug
from semtui.permission_words import description, meaning
from semtui.presentation import Line, name_of
from semtui.screens.destination_field import DestinationField
from semtui.screens.request_modal import Done, RequestModal
from semtui.session import Session
from semtui.styling import styled
from semtui.verdicts import Verdict
from semtui.widgets.paragraphs import Paragraphs
from semtui.widgets.role_list import RoleList

if TYPE_CHECKING:
    from semtui.models import Role

LONGEST_NAME = 255
LONGEST_DESCRIPTION = 500
_LONGEST_ADDRESS = 255
_NO_REASON_GIVEN = "Failed to create service account"
"""What Semaphore says to every name it does not take, former names of other accounts included (`api.md` §2.12)."""


class ServiceAccountForm(RequestModal):
    """A name, a description and a role. With `subject` the form edits that account, otherwise it creates one."""

    name_input = query_one("#name", Input)
    description_input = query_one("#description", Input)
    role_list = query_one("#roles", RoleList)

    def __init__(self, session: Session, people: People, subject: Subject | None = None) -> None:
        super().__init__(session, subject.id if subject else "")
        self._people = people
        self._subject = subject
        # What is on the server as far as we know; moves on when half of a change went through.
        self._saved_name = subject.name if subject else ""
        self._saved_description = subject.description if subject else ""
        manual = subject.manual_role if subject else None
        self._role_id = manual.role_id if manual else ""
        self._asked = Change()
        self._saved_so_far = ""

    def heading(self) -> str:
        return f"Edit {name_of(self._subject)}" if self._subject else "Create service account"

    def compose_body(self) -> ComposeResult:
        # Semaphore refuses every edit of an account whose creator is gone; its role can still change.
        frozen = self._subject is not None and not self._subject.creator_id
        with Horizontal(classes="field"):
            yield Label("Name")
            yield Input(self._saved_name, id="name", compact=True, disabled=frozen, select_on_focus=False)
        yield Static(id="name-trouble", classes="trouble")
        with Horizontal(classes="field"):
            yield Label("Description")
            yield Input(self._saved_description, id="description", compact=True, disabled=frozen, select_on_focus=False)
            yield Static(id="counter")
        if frozen:
            words = "The creator of this account is gone; Semaphore then lets nobody edit its name or description."
            yield Static(words, classes="note", markup=False)
        roles, note = self._people.role_offers
        with Horizontal(id="role-field"):
            yield Label("Role")
            yield RoleList(roles, self._role_id, self._withheld(), id="roles")
        if note:
            yield Static(note, classes="note", markup=False)
        if self._subject is None:
            yield DestinationField()
        yield Static(id="meaning", classes="note")
        yield Paragraphs(id="effect")

    def compose_buttons(self) -> ComposeResult:
        yield Button("Save" if self._subject else "Create", id="send", variant="primary", compact=True)
        yield Button("Cancel", id="cancel", compact=True)
        yield Static("tab next field   p all permissions", id="hint")

    def on_mount(self) -> None:
        for field in (self.name_input, self.description_input):
            field.cursor_blink = False
        self._review()
        (self.role_list if self.name_input.disabled else self.name_input).focus()

    @on(Input.Changed)
    @on(RoleList.OptionHighlighted)
    def _review(self) -> None:
        """Say what is wrong with what is typed, and what the role means, as it changes."""
        typed = self.description_input.value
        over = len(typed) > LONGEST_DESCRIPTION
        counter = self.query_one("#counter", Static)
        counter.update(styled([(f"{len(typed)} / {LONGEST_DESCRIPTION}", "bad" if over else "muted")]))
        trouble = self.query_one("#name-trouble", Static)
        words = self._name_trouble()
        trouble.update(styled([(words, "warn")]))
        trouble.display = bool(words)
        self._explain(self.role_list.chosen)
        self.query_one("#send", Button).disabled = self._subject is not None and self._change() is None

    def _explain(self, role: Role | None) -> None:
        """What the role means, and for an account that has another one what the change gives and takes."""
        changing = self._subject is not None and role is not None and role.id != self._role_id
        words = styled([("A role is needed: tab here and choose one.", "muted")])
        if role is not None:
            words = styled(description(role) if changing else meaning(role))
        self.query_one("#meaning", Static).update(words)
        self.query_one("#effect", Paragraphs).update(effect_lines(self._effect(role)) if changing else ())

    def _effect(self, role: Role | None) -> Effect | None:
        return effect(self._subject, self._people, role) if self._subject is not None else None

    def _withheld(self) -> dict[str, str]:
        others = (role for role in self._people.role_offers[0] if role.id != self._role_id)
        return withheld_roles(others, self._people, self.session.not_held)

    def _name_trouble(self) -> str:
        """What Semaphore would refuse about the name, as far as it can be known before sending (`api.md` §2.12)."""
        typed = self.name_input.value.strip()
        if typed == self._saved_name.strip():
            return ""
        if len(typed) > LONGEST_NAME:
            return f"{len(typed)} characters; Semaphore takes at most {LONGEST_NAME}."
        host = self.session.context.host.partition(":")[0]
        address = len(slug(typed)) + len("@service-accounts.") + len(host)
        if address > _LONGEST_ADDRESS and not self._subject:
            return f"Too long by {address - _LONGEST_ADDRESS} bytes for the address Semaphore makes of it."
        own = self._subject.id if self._subject else ""
        for other in self._people.accounts.items:
            if other.id != own and slug(other.name) == slug(typed):
                return f"The same as “{other.name}” to Semaphore: names must differ in letters, digits or length."
        return ""

    def _change(self) -> Change | None:
        """What differs from what is saved; None when nothing does."""
        name, description = self.name_input.value.strip(), self.description_input.value.strip()
        role = self.role_list.chosen
        change = Change(
            name=name if name != self._saved_name.strip() else None,
            description=description if description != self._saved_description.strip() else None,
            role=role if role is not None and role.id != self._role_id else None,
        )
        return None if change == Change() else change

    @on(Input.Submitted)
    @on(RoleList.OptionSelected)
    def confirm(self) -> None:
        """Send, when everything that can be checked here is right."""
        if self.busy or not self.settled_in:
            return
        if not self.name_input.value.strip():
            self.say("A name is needed.", "bad")
            self.name_input.focus()
        elif self._name_trouble():
            self.say("Another name is needed; the reason stands below it.", "bad")
            self.name_input.focus()
        elif len(self.description_input.value.strip()) > LONGEST_DESCRIPTION:
            self.say(f"The description is longer than {LONGEST_DESCRIPTION} characters.", "bad")
            self.description_input.focus()
        elif self._subject is None and self.role_list.chosen is None:
            self.say("A role is needed; without one the account may do nothing.", "bad")
            self.role_list.focus()
        elif self._subject is None:
            self._create()
        elif (change := self._change()) is None:
            self.say("Nothing is changed.")
        else:
            self._save(self._subject, change)

    @work(group="request", description="")
    async def _create(self) -> None:
        name, description = self.name_input.value.strip(), self.description_input.value.strip()
        known_ids = {account.id for account in self._people.accounts.items}

        async def send() -> Done:
            to = await self.query_one(DestinationField).tried_out()
            token = await self.session.make_token(
                lambda client, intend: operations.create_account(client, name, description, intend)
            )
            sentence = f"Created {token.account_name}."
            return Done(sentence, token.account_id, token, self.role_list.chosen, destination=to)

        async def check() -> Verdict:
            return await self.look_after_token(lambda client: operations.check_creation(client, name, known_ids))

        await self.carry_out(f"Creating {name}…", send, check)

    @work(group="request", description="")
    async def _save(self, subject: Subject, change: Change) -> None:
        await self.carry_out(
            f"Saving {name_of(subject)}…",
            partial(self._send_change, subject, change),
            partial(self._check_change, subject, change),
        )
        if self.is_attached:
            self.role_list.withhold(self._withheld())

    async def _send_change(self, subject: Subject, change: Change) -> Done:
        """Name and description first, then the role; what went through is remembered, so a retry sends the rest."""
        self._asked = Change()
        saved = ""
        if change.details:
            self._asked = Change(change.name, change.description)
            await self._expect_details(subject, change)
            account = await self.session.write(
                lambda client: client.update_service_account(
                    subject.id, name=change.name, description=change.description
                )
            )
            self._saved_name, self._saved_description = account.name, account.description
            saved = "Name and description are saved. "
            self.achieved = Done("Name and description are saved; the role is not changed.", subject.id, tone="warn")
        if change.role is not None:
            self._asked = Change(role=change.role)
            self._saved_so_far = saved
            role = change.role
            await self._expect_role(subject, role)
            await self.session.write(lambda client: client.assign_role(subject.id, role.id))
            self._role_id = role.id
        return Done(f"Saved {self._saved_name}.", subject.id)

    async def _expect_details(self, subject: Subject, change: Change) -> None:
        """Stop once when somebody else has changed the same meanwhile; what is theirs then counts as saved."""
        before, ours = (self._saved_name, self._saved_description), (change.name, change.description)
        try:
            await self.session.read(lambda client: conflicts.account_unchanged(client, subject.id, before, ours))
        except ConflictError as conflict:
            self._saved_name = conflict.theirs.get("name", self._saved_name)
            self._saved_description = conflict.theirs.get("description", self._saved_description)
            raise

    async def _expect_role(self, subject: Subject, role: Role) -> None:
        manual = subject.manual_role
        before = (self._role_id, manual.role_name if manual else "")
        try:
            await self.session.read(
                lambda client: conflicts.held_role_unchanged(client, subject.id, subject.kind, before, role)
            )
        except ConflictError as conflict:
            self._role_id = conflict.theirs["role"]
            raise

    def refusal_words(self, error: SemaphoreError) -> str:
        if isinstance(error, RefusedError) and error.message == _NO_REASON_GIVEN:
            return f"{error} It gives no reason; most often an account has, or once had, that name. Try another."
        if self._asked.role is None:
            return str(error)
        return f"{self._saved_so_far}The role is not changed. {error}"

    async def _check_change(self, subject: Subject, change: Change) -> Verdict:
        role = self._asked.role
        if role is not None:
            verdict = await self.session.read(
                lambda client: operations.check_role(client, subject.id, self._saved_name, role)
            )
            return Verdict(verdict.outcome, self._saved_so_far + verdict.sentence)
        verdict = await self.session.read(lambda client: operations.check_details(client, subject.id, self._asked))
        if verdict.outcome == "done" and change.role is not None:
            return Verdict("done", f"{verdict.sentence} The role is not changed yet: open the form again.")
        return verdict

    def reading_of(self, role: Role) -> tuple[str, Sequence[Line]]:
        if self._subject is None or role.id == self._role_id:
            return super().reading_of(role)
        return f"What {role.name} permits", effect_page(self._effect(role), role, self._people)
