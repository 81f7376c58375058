"""Create and edit a group: its name, description, organization role and members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.getters import query_one
from textual.widgets import Label, Static

from semtui.api.errors import SemaphoreError
from semtui.changes.edit_group import GroupDraft, GroupEdit, may_join
from semtui.changes.group_queue import TOLD
from semtui.changes.result import ChangeResult
from semtui.organization.store import OrganizationStore
from semtui.organization.subject import Subject
from semtui.tui.screens.details_form import DetailsForm
from semtui.tui.screens.effect import BUTTON, Effect, EffectButton
from semtui.tui.screens.form import UNCHANGED, FormError
from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.tui.widgets.picker import Choice, Picker
from semtui.tui.widgets.role_list import RoleList
from semtui.wording.edits import change_line
from semtui.wording.granting import withheld_roles
from semtui.wording.styled_text import Line
from semtui.wording.subjects import KIND_WORDS, name_of

if TYPE_CHECKING:
    from semtui.api.models import Role


class GroupForm(DetailsForm):
    """With `subject` the form edits that group, otherwise it creates one."""

    role_list = query_one("#roles", RoleList)
    members = query_one("#members", Picker)

    def __init__(self, store: OrganizationStore, subject: Subject | None = None) -> None:
        super().__init__(store.session, subject.id if subject else "")
        self._store = store
        self._people = store.people
        self._subject = subject
        self._edit = GroupEdit(store.session, store.people, self._show_progress, subject)

    def heading(self) -> str:
        """Name the group being edited, or say that one is created."""
        return f"Edit the group {name_of(self._subject)}" if self._subject else "Create group"

    def compose_body(self) -> ComposeResult:
        """Lay out name, description, role and members; present members come first."""
        yield from self.compose_name(self._edit.name)
        yield from self.compose_description(self._edit.description)
        yield Static(id="field-error", classes="field-error")
        roles, _ = self._people.role_offers
        others = (role for role in roles if role.id != self._edit.role_id)
        with Horizontal(id="role-field"):
            yield Label("Role")
            withheld = withheld_roles(others, self._people, self.session.permissions.not_held)
            # What Semaphore gives a new group by itself is a choice, but nothing that is held now.
            held = self._edit.role_id if self._subject else ""
            yield RoleList(roles, held, withheld, chosen=self._edit.role_id, id="roles")
        present = (self._subject.member_ids or ()) if self._subject else ()
        able = [subject for subject in self._people.subjects if may_join(subject)]
        able.sort(key=lambda subject: (subject.id not in present, name_of(subject).casefold()))
        choices = [Choice(each.id, name_of(each), KIND_WORDS[each.kind], each.haystack) for each in able]
        yield Picker(
            choices,
            present,
            columns=(Column("name", "MEMBERS", 20, share=2), Column("words", "", 8, rank=1)),
            hint="find people and service accounts",
            nothing="Nobody matches.",
            id="members",
        )
        if self._subject:
            yield Effect(self._store, TOLD, BUTTON, examples=False)
        yield Paragraphs(id="changes")

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Save" or "Create", "Cancel", and for an edit "What changes"."""
        yield from self.compose_form_buttons("Save" if self._subject else "Create")
        if self._subject:
            yield EffectButton()

    def on_mount(self) -> None:
        """Focus the name."""
        self.name_input.focus()

    def review(self) -> None:
        """Show why name or description will not do, if so, and who gains and loses what by an edit."""
        self.show_error("#field-error", self._field_error)
        for effect in self.query(Effect):
            effect.ask(self._edit.operations(self._wanted()))

    def differences(self) -> Sequence[Line]:
        """The changes to name, description and role; the picker itself shows those to the members."""
        if self._subject is None:
            return ()
        wanted, edit = self._wanted(), self._edit
        role = wanted.role.name if wanted.role else ""
        before = next((each.name for each in self.role_list.roles if each.id == edit.role_id), "")
        pairs = (("Name", edit.name, wanted.name), ("Description", edit.description, wanted.description))
        # Who is to be a member stands below the list of members.
        return [change_line(*each) for each in (*pairs, ("Role", before, role)) if each[1].strip() != each[2]]

    @property
    def _field_error(self) -> str:
        return self._edit.validation_error(self.typed_name, self.typed_description)

    def _wanted(self) -> GroupDraft:
        name, description = self.typed_name, self.typed_description
        return GroupDraft(name, description, self.members.added, self.members.removed, self.role_list.chosen)

    def validation_error(self) -> FormError | None:
        """Refuse an empty or unusable name or description, and an edit that changes nothing."""
        for field, words in ((self.name_input, "name"), (self.description_input, "description")):
            if not field.value.strip():
                return FormError(f"A {words} is needed: Semaphore makes no group without one.", field)
        if self._field_error:
            return FormError("The name or description cannot be used; the reason is below it.", self.name_input)
        return None if self._edit.changes(self._wanted()) else FormError(UNCHANGED, tone="plain")

    def submit(self) -> None:
        """Create the group, or send the edit."""
        self._send(self._wanted())

    @work(group="request", description="")
    async def _send(self, wanted: GroupDraft) -> None:
        async def send() -> ChangeResult:
            try:
                return await self._edit.send(wanted)
            finally:
                self.achieved = self._edit.achieved

        doing = "Saving" if self._subject else "Creating"
        await self.carry_out(f"{doing} {wanted.name}…", send, partial(self._edit.check, wanted))

    def refusal_words(self, error: SemaphoreError) -> str:
        """Explain a refused creation or edit."""
        return self._edit.refusal_words(error)

    def role_page(self, role: Role) -> tuple[str, Sequence[Line]]:
        """The page of what a role permits and, for an edit, of what it would change together with the members."""
        if self._subject is None:
            return super().role_page(role)
        operations = self._edit.operations(replace(self._wanted(), role=role))
        return f"{name_of(self._subject)} as {role.name}", self.query_one(Effect).role_page(role, operations)

    def _show_progress(self, words: str) -> None:
        # Heard on the session's own thread.
        self.call_later(self.say, words, "warn")
