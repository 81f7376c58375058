"""Create and edit a custom role: its name, description, scope and permissions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Label, Static

from semtui.api.errors import SemaphoreError
from semtui.changes import custom_role
from semtui.changes.custom_role import (
    ALWAYS,
    RoleDraft,
    Scope,
    draft_obstacle,
    draft_of,
    edit_obstacle,
)
from semtui.changes.result import ChangeResult
from semtui.organization.role_catalog import all_permissions
from semtui.organization.roles import KnownRole
from semtui.organization.store import OrganizationStore
from semtui.text.folding import haystack
from semtui.tui.screens.details_form import DetailsForm
from semtui.tui.screens.drafts import Draft as Kept
from semtui.tui.screens.effect import BUTTON, Effect
from semtui.tui.screens.form import UNCHANGED, FormError
from semtui.tui.screens.typed_confirmation import TypedConfirmation
from semtui.tui.styling import styled
from semtui.tui.widgets.choice_list import Choice as Radio
from semtui.tui.widgets.choice_list import ChoiceList
from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.tui.widgets.picker import Choice, Picker
from semtui.wording import roles as role_words
from semtui.wording.edits import change_line
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from semtui.api.models import Permission, Role


class RoleForm(DetailsForm):
    """With `known` the form edits that role, otherwise it creates one."""

    picker = query_one("#permissions", Picker)

    def __init__(self, store: OrganizationStore, known: KnownRole | None = None) -> None:
        super().__init__(store.session, known.id if known else "")
        self._store = store
        self._known = known
        self._scope: Scope = "project" if known and known.role.scope == "project" else "org"
        names = known.role.permissions if known else ()
        self._present = frozenset(names) - {ALWAYS[self._scope]}
        self._taken = custom_role.taken_names(store, self._subject_id)

    def heading(self) -> str:
        """Name the role being edited, or say that one is created."""
        return f"Edit the role {self._known.role.name}" if self._known else "Create role"

    def compose_body(self) -> ComposeResult:
        """Lay out name, description, scope and permissions; the scope of an existing role is fixed."""
        role = self._known.role if self._known else None
        yield from self.compose_name(role.name if role else "")
        yield from self.compose_description(role.description if role else "")
        yield Static(id="field-error", classes="field-error")
        with Horizontal(id="scope-field"):
            yield Label("Scope")
            if role is None:
                scopes = {"org": "organization", "project": "project"}
                yield ChoiceList(
                    (Radio(key, words, ((words, "plain"),)) for key, words in scopes.items()), "org", id="scope"
                )
            else:
                yield Static(Content(role_words.scope_word(role.scope)))
        yield Picker(
            _choices(all_permissions(self._scope), self._present, self._scope),
            self._present,
            columns=(Column("name", "PERMISSIONS", 28), Column("words", "", 20, share=1, rank=1)),
            hint="find permissions by name or meaning",
            nothing="No permission matches.",
            id="permissions",
        )
        yield Static(id="source", classes="note", markup=False)
        yield Paragraphs(id="changes")

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Save…" or "Create", and "Cancel"."""
        yield from self.compose_form_buttons("Save…" if self._known else "Create")

    def on_mount(self) -> None:
        """Focus the name and load the permissions Semaphore offers."""
        self._forbid()
        self.name_input.focus()
        self._load_permissions()

    @work(group="permissions", exclusive=True, description="")
    async def _load_permissions(self) -> None:
        """Load the permissions of this scope from Semaphore; until then the built-in catalog stands in."""
        scope = self._scope
        self._show_source("Loading the permissions…")
        try:
            listed = await self.session.read(lambda client: client.list_permissions(scope))
        except SemaphoreError as error:
            self.session.permissions.note_refusal(error)
            self._show_source(f"{error} Shown are the permissions of semtui's built-in catalog; yours may differ.")
            return
        self.picker.offer(_choices(listed, self._present, scope))
        self._show_source(f"{ALWAYS[scope]} is part of every role.")

    def _show_source(self, words: str) -> None:
        self.query_one("#source", Static).update(styled([(words, "muted")]))

    def _forbid(self) -> None:
        """Permissions Semaphore said this API token does not hold cannot be granted with it
        (`API.md#creating-a-role`)."""
        # For project roles Semaphore does not check that.
        names = self.session.permissions.not_held if self._scope == "org" else ()
        self.picker.forbid(dict.fromkeys(names, "cannot be granted: this API token lacks it"))

    @on(ChoiceList.Changed)
    def _scope_chosen(self) -> None:
        scope: Scope = "project" if self.query_one("#scope", ChoiceList).chosen_id == "project" else "org"
        if scope == self._scope:
            return
        self._scope = scope
        self.picker.start_over(_choices(all_permissions(self._scope), (), self._scope), ())
        self._forbid()
        self._reviewed()
        self._load_permissions()

    def restore(self, draft: Kept) -> None:
        """Restore a draft; its scope comes first because the permissions depend on it."""
        if self._known is None and (scope := draft.choices.get("scope")):
            # What was picked belongs to this scope.
            self.query_one("#scope", ChoiceList).choose(scope)
            self._scope_chosen()
        super().restore(draft)

    def differences(self) -> Sequence[Line]:
        """The changes to name and description; the picker itself shows those to the permissions."""
        if self._known is None:
            return ()
        role, draft = self._known.role, self._draft()
        pairs = (("Name", role.name, draft.name), ("Description", role.description, draft.description))
        # What permissions are added and removed stands below their list.
        return [change_line(*each) for each in pairs if each[1].strip() != each[2]]

    def review(self) -> None:
        """Show why the name or description will not do, if so."""
        self.show_error("#field-error", self._field_error())

    def _field_error(self) -> str:
        """What Semaphore would stumble over, as far as it can be known (`API.md#creating-a-role`)."""
        return draft_obstacle(self._draft(), self._scope, self._taken)

    def _draft(self) -> RoleDraft:
        return custom_role.draft(self.name_input.value, self.description_input.value, self.picker.chosen, self._scope)

    def validation_error(self) -> FormError | None:
        """Refuse a missing or unusable name, and an edit Semaphore would refuse or that changes nothing."""
        draft = self._draft()
        if not draft.name:
            return FormError("A name is needed.", self.name_input)
        if self._field_error():
            return FormError("The name or description cannot be used; the reason is below it.", self.name_input)
        if self._known is None:
            return None
        if words := edit_obstacle(draft, self._known.role):
            return FormError(words, self.description_input)
        if draft == draft_of(self._known.role, self._scope):
            return FormError(UNCHANGED, tone="plain")
        return None

    def submit(self) -> None:
        """Create the role; an edit is confirmed in a dialog of its own first."""
        draft = self._draft()
        if self._known is None:
            self._create(draft, self._scope)
        else:
            # For an edit the price is told, and a word typed, first.
            self.app.push_screen(SaveRole(self._store, self._known.role, draft), self._saved)

    def _saved(self, done: ChangeResult | None) -> None:
        """Close with the result of the confirmation; without one, the form stays open."""
        if done is not None:
            self.dismiss(done)
        else:
            self._forbid()
            self.say("Nothing is saved yet.")

    @work(group="request", description="")
    async def _create(self, draft: RoleDraft, scope: Scope) -> None:
        known_ids = {role.id for role in self._store.people.roles.items}
        await self.carry_out(
            f"Creating {draft.name}…",
            partial(custom_role.create, self._store, draft, scope),
            partial(custom_role.check_created, self.session, draft, scope, known_ids),
        )
        if self.is_attached:
            self._forbid()


def _choices(listed: Iterable[Permission], present: Collection[str], scope: Scope) -> list[Choice]:
    """The permissions to pick from, including those the role has but Semaphore does not list."""
    words = dict.fromkeys(present, "") | {each.name: each.description for each in listed}
    prefix = "project." if scope == "project" else "organization."
    return [
        Choice(name, name.removeprefix(prefix), words[name], haystack(name, words[name]))
        for name in sorted(words, key=lambda name: name.rpartition(".")[::2])
        if name != ALWAYS[scope]
    ]


class SaveRole(TypedConfirmation):
    """Says what an edit of a role costs, asks for its name, and sends it."""

    VERB = "save"
    UNDONE = "Nothing was saved"
    LEAVE = "Back to the form"

    def __init__(self, store: OrganizationStore, role: Role, draft: RoleDraft) -> None:
        super().__init__(store.session, role.id, role.name, custom_role.alike_ids(store, role))
        self._store = store
        self._role = role
        self._draft = draft
        self._saving = custom_role.RoleUpdate(store, role, draft)
        self.operations = custom_role.edit_operations(role, draft)

    def heading(self) -> str:
        """Ask whether to save this role."""
        return f"Save the role {self.called}?"

    def compose_warning(self) -> ComposeResult:
        """Lay out what the edit does to the role and to those who hold it."""
        yield Paragraphs(role_words.saving_lines(self._role, self._draft.permissions))
        if self.operations:
            yield Effect(self._store, role_words.TOLD_WHEN_SAVING, BUTTON)

    @work(group="request", description="")
    async def send_typed(self) -> None:
        """Save the role; a lost answer is checked until the outcome is known."""
        await self.carry_out(f"Saving {self._draft.name}…", self._saving.send, self._saving.check)


class DeleteRole(TypedConfirmation):
    """Deletes a custom role nobody is seen to hold."""

    def __init__(self, store: OrganizationStore, known: KnownRole) -> None:
        alike = custom_role.alike_ids(store, known.role)
        super().__init__(store.session, known.id, known.role.name, alike)
        self._store = store
        self._known = known
        self.operations = custom_role.deletion_operations(known.role)

    def heading(self) -> str:
        """Ask whether to delete this role."""
        return f"Delete the role {self.called}?"

    def compose_warning(self) -> ComposeResult:
        """Lay out what deletion does, the role's id, and that nobody is seen to hold it."""
        yield Static(custom_role.DELETION, classes="warning", markup=False)
        words = custom_role.not_held_words(self._known)
        yield Static(f"id {self._known.id} · {words}", classes="identity", markup=False)
        if self.operations:
            yield Effect(self._store, more=BUTTON)

    @work(group="request", description="")
    async def send_typed(self) -> None:
        """Delete the role; a lost answer is checked until the outcome is known."""
        await self.carry_out(
            f"Deleting the role {self.called}…",
            partial(custom_role.delete, self._store, self._known),
            partial(custom_role.check_deleted, self.session, self._known),
        )
