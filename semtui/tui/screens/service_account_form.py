"""Create and edit a service account: one form, two uses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Label, Static

from semtui.api.errors import SemaphoreError
from semtui.audit.what_if.operations import Operation
from semtui.changes import create_account
from semtui.changes.create_account import LONGEST_DESCRIPTION, name_obstacle
from semtui.changes.edit_account import FROZEN, AccountChange, AccountEdit
from semtui.changes.result import ChangeResult
from semtui.changes.secret_exposure import stronger_roles
from semtui.organization.store import OrganizationStore
from semtui.organization.subject import Subject
from semtui.tui.screens.destination_field import DestinationField
from semtui.tui.screens.details_form import DetailsForm
from semtui.tui.screens.effect import ROLE_PAGE, Effect
from semtui.tui.screens.form import UNCHANGED, FormError
from semtui.tui.screens.more_access import MoreAccess, OpeningButton
from semtui.tui.screens.secret_exposure import once_accepted
from semtui.tui.styling import styled
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.tui.widgets.reserved import Reserved
from semtui.tui.widgets.role_list import RoleList
from semtui.wording.edits import change_line
from semtui.wording.granting import withheld_roles
from semtui.wording.permissions import description, meaning
from semtui.wording.styled_text import Line
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Role


class ServiceAccountForm(DetailsForm):
    """A name, a description and a role. With `subject` the form edits that account, otherwise it creates one."""

    role_list = query_one("#roles", RoleList)

    def __init__(self, store: OrganizationStore, subject: Subject | None = None) -> None:
        super().__init__(store.session, subject.id if subject else "")
        self._store = store
        self._people = store.people
        self._subject = subject
        self._edit = AccountEdit(store.session, subject) if subject else None
        self._more = MoreAccess(store, self.say, lambda role_id: self.role_list.choose(role_id))
        self.set_class(subject is not None, "-edit")

    @property
    def _role_id(self) -> str:
        return self._edit.role_id if self._edit else ""

    def heading(self) -> str:
        """Name the account being edited, or say that one is created."""
        return f"Edit {name_of(self._subject)}" if self._subject else "Create service account"

    def compose_body(self) -> ComposeResult:
        """Lay out name, description and role and, for a new account, where the token goes."""
        # Semaphore refuses every edit of an account whose creator is gone; its role can still change.
        frozen = self._subject is not None and not self._subject.creator_id
        yield from self.compose_name(self._edit.name if self._edit else "", disabled=frozen)
        yield Static(id="name-error", classes="field-error")
        saved = self._edit.description if self._edit else ""
        yield from self.compose_description(saved, Static(id="counter"), disabled=frozen)
        if frozen:
            yield Static(FROZEN, classes="note", markup=False)
        roles, note = self._people.role_offers
        with Horizontal(id="role-field"):
            yield Label("Role")
            yield RoleList(roles, self._role_id, self._withheld(), id="roles")
        if note:
            yield Static(note, classes="note", markup=False)
        if self._subject is None:
            yield self._more
            yield DestinationField()
        yield Reserved(lambda: map(self._role_words, roles), id="meaning")
        yield Effect(self._store, more=ROLE_PAGE)
        yield Paragraphs(id="changes")

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Save" or "Create", "Cancel" and, for a new account, what else it is given."""
        yield from self.compose_form_buttons("Save" if self._subject else "Create")
        if self._subject is None:
            yield OpeningButton("Projects…", self._more.choose, id="projects")
            yield OpeningButton("Like…", self._more.choose_account, id="like")

    def on_mount(self) -> None:
        """Focus the name, or the roles when the name cannot be edited."""
        (self.role_list if self.name_input.disabled else self.name_input).focus()

    def review(self) -> None:
        """Show the description's length, why the name will not do, and the chosen role's meaning."""
        typed = self.description_input.value
        over = len(typed) > LONGEST_DESCRIPTION
        counter = self.query_one("#counter", Static)
        counter.update(styled([(f"{len(typed)} / {LONGEST_DESCRIPTION}", "bad" if over else "muted")]))
        self.show_error("#name-error", self._name_error())
        self._explain(self.role_list.chosen)
        for field in self.query(DestinationField):
            role = self.role_list.chosen
            self._more.show_for(role)
            field.show_stronger(stronger_roles(self._people, None, role) if role else ())
            self.set_class(bool(field.exposed.words), "-exposing")

    def differences(self) -> Sequence[Line]:
        """The changes to name, description and role; empty for a new account."""
        edit, change = self._edit, self._change() if self._edit else None
        if edit is None or change is None:
            return ()
        lines = []
        if change.name is not None:
            lines.append(change_line("Name", edit.name, change.name))
        if change.description is not None:
            lines.append(change_line("Description", edit.description, change.description))
        if change.role is not None:
            lines.append(change_line("Role", self._role_name, change.role.name))
        return lines

    @property
    def _role_name(self) -> str:
        """The name of the role assigned now."""
        return next((role.name for role in self._people.role_offers[0] if role.id == self._role_id), "")

    def _explain(self, role: Role | None) -> None:
        """Describe the role and, for an account with another one, say who gains and loses what by it."""
        words = self._role_words(role) if role else styled([("A role is needed: choose one above.", "muted")])
        self.query_one("#meaning", Static).update(words)
        self.query_one(Effect).ask(self._operations(role) if role and self._is_new(role) else ())

    def _is_new(self, role: Role) -> bool:
        """Whether an account that exists would get another role."""
        return self._subject is not None and role.id != self._role_id

    def _role_words(self, role: Role) -> Content:
        # What another role would change is said below its description.
        return styled(description(role) if self._subject else meaning(role))

    def _operations(self, role: Role) -> list[Operation]:
        return [Operation("role", self._subject.id, role.id)] if self._subject else []

    def _withheld(self) -> dict[str, str]:
        others = (role for role in self._people.role_offers[0] if role.id != self._role_id)
        return withheld_roles(others, self._people, self.session.permissions.not_held)

    def _name_error(self) -> str:
        edit = self._edit
        typed, host = self.typed_name, self.session.context.host
        return name_obstacle(typed, self._people, host, self._subject, edit.name if edit else "")

    def _change(self) -> AccountChange | None:
        """What differs from what is saved; None when nothing does."""
        assert self._edit is not None, "only an edit changes something"
        name, description = self.typed_name, self.typed_description
        return self._edit.change(name, description, self.role_list.chosen)

    def validation_error(self) -> FormError | None:
        """Refuse unusable fields, a new account without a role, and an edit that changes nothing."""
        if not self.typed_name:
            return FormError("A name is needed.", self.name_input)
        if self._name_error():
            return FormError("Another name is needed; the reason is below it.", self.name_input)
        if len(self.typed_description) > LONGEST_DESCRIPTION:
            words = f"The description is longer than {LONGEST_DESCRIPTION} characters."
            return FormError(words, self.description_input)
        if self._subject is not None:
            return FormError(UNCHANGED, tone="plain") if self._change() is None else None
        if self.role_list.chosen is None:
            return FormError(create_account.ROLE_NEEDED, self.role_list)
        return None

    def submit(self) -> None:
        """Create the account, or send the edit."""
        change = self._change() if self._subject is not None else None
        if self._subject is None or change is None:
            once_accepted(self.app, self.session, self.query_one(DestinationField).exposed, self._create)
        else:
            self._save(self._subject, change)

    @work(group="request", description="")
    async def _create(self) -> None:
        name, description = self.typed_name, self.typed_description
        known_ids = {account.id for account in self._people.accounts.items}
        creation = create_account.AccountCreation(self._store, name, description, known_ids)
        to, also = self.query_one(DestinationField).chosen, self._more.chosen
        await self.carry_out(
            f"Creating {name}…", partial(creation.send, self.role_list.chosen, to, also), creation.check
        )

    @work(group="request", description="")
    async def _save(self, subject: Subject, change: AccountChange) -> None:
        edit = self._edit
        assert edit is not None, "only an edit is saved"

        async def send() -> ChangeResult:
            try:
                return await edit.send(change)
            finally:
                self.achieved = edit.achieved

        await self.carry_out(f"Saving {name_of(subject)}…", send, partial(edit.check, change))
        if self.is_attached:
            self.role_list.withhold(self._withheld())
            self._reviewed()

    def refusal_words(self, error: SemaphoreError) -> str:
        """Explain a refused creation or edit."""
        return self._edit.refusal_words(error) if self._edit else create_account.creation_refusal(error)

    def role_page(self, role: Role) -> tuple[str, Sequence[Line]]:
        """The page of what a role permits and, for an edit, of what giving it would change."""
        if self._subject is None or role.id == self._role_id:
            return super().role_page(role)
        return f"{name_of(self._subject)} as {role.name}", self.query_one(Effect).role_page(
            role, self._operations(role)
        )
