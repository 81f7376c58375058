"""Create and edit a custom role: its name, description, scope and permissions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button, Input, Label, RadioButton, RadioSet, Static

from semtui import conflicts, role_words
from semtui.catalog import all_permissions
from semtui.errors import ConflictError, SemaphoreError
from semtui.role_operations import check_role_creation, check_role_deletion, check_role_edit
from semtui.roles import KnownRole, known_roles
from semtui.roster import Roster
from semtui.screens.request_modal import Done, RequestModal
from semtui.screens.typed_confirmation import TypedConfirmation
from semtui.styling import styled
from semtui.verdicts import Verdict
from semtui.widgets.paragraphs import Paragraphs
from semtui.widgets.picker import Choice, Picker
from semtui.widgets.row_table import Column

if TYPE_CHECKING:
    from semtui.models import Permission, Role

LONGEST = 255
"""Characters of a name or a description; Semaphore answers more with a 500 (`api.md` §2.7)."""
Scope = Literal["org", "project"]
_ALWAYS: dict[Scope, str] = {"org": "organization.view", "project": "project.view"}
"""What Semaphore puts into every role of a scope (`api.md` §2.7)."""


@dataclass(frozen=True)
class _Draft:
    """A role as it is to be."""

    name: str
    description: str
    permissions: tuple[str, ...]


class RoleForm(RequestModal):
    """With `known` the form edits that role, otherwise it creates one."""

    CSS_PATH = "role_form.tcss"

    name_input = query_one("#name", Input)
    description_input = query_one("#description", Input)
    picker = query_one("#permissions", Picker)

    def __init__(self, roster: Roster, known: KnownRole | None = None) -> None:
        super().__init__(roster.session, known.id if known else "")
        self._roster = roster
        self._known = known
        self._scope: Scope = "project" if known and known.role.scope == "project" else "org"
        names = known.role.permissions if known else ()
        self._present = frozenset(names) - {_ALWAYS[self._scope]}
        others = (each.role for each in known_roles(roster.people, roster.projects) if each.id != self._subject_id)
        self._taken = {(role.scope == "project", role.name) for role in others}
        """Names of other roles, and whether they are project roles: unique within a scope."""

    def heading(self) -> str:
        return f"Edit the role {self._known.role.name}" if self._known else "Create role"

    def compose_body(self) -> ComposeResult:
        role = self._known.role if self._known else None
        with Horizontal(classes="field"):
            yield Label("Name")
            yield Input(role.name if role else "", id="name", compact=True, select_on_focus=False)
        with Horizontal(classes="field"):
            yield Label("Description")
            yield Input(role.description if role else "", id="description", compact=True, select_on_focus=False)
        yield Static(id="trouble", classes="trouble")
        with Horizontal(id="scope-field"):
            yield Label("Scope")
            if role is None:
                with RadioSet(id="scope", compact=True):
                    yield RadioButton("organization", value=True, id="org")
                    yield RadioButton("project", id="project")
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

    def compose_buttons(self) -> ComposeResult:
        yield Button("Save…" if self._known else "Create", id="send", variant="primary", compact=True)
        yield Button("Cancel", id="cancel", compact=True)
        yield Static("tab next   space adds, removes", id="hint")

    def on_mount(self) -> None:
        for field in (self.name_input, self.description_input):
            field.cursor_blink = False
        self._forbid()
        self._review()
        self.name_input.focus()
        self._load_permissions()

    @work(group="permissions", exclusive=True, description="")
    async def _load_permissions(self) -> None:
        """What roles of this scope can be made of, by Semaphore's own list; till then by the catalogue."""
        scope = self._scope
        self._tell_source("Loading the permissions…")
        try:
            listed = await self.session.read(lambda client: client.list_permissions(scope))
        except SemaphoreError as error:
            self.session.learn(error)
            self._tell_source(f"{error} Shown are the permissions of semtui's built-in catalogue; yours may differ.")
            return
        self.picker.offer(_choices(listed, self._present, scope))
        self._tell_source(f"{_ALWAYS[scope]} is part of every role.")

    def _tell_source(self, words: str) -> None:
        self.query_one("#source", Static).update(styled([(words, "muted")]))

    def _forbid(self) -> None:
        """Permissions Semaphore said this API token does not hold cannot be granted with it (`api.md` §2.7)."""
        # For project roles Semaphore does not check that.
        names = self.session.not_held if self._scope == "org" else ()
        self.picker.forbid(dict.fromkeys(names, "not yours to give: this API token lacks it"))

    @on(RadioSet.Changed)
    def _scope_chosen(self, event: RadioSet.Changed) -> None:
        self._scope = "project" if event.pressed.id == "project" else "org"
        self.picker.start_over(_choices(all_permissions(self._scope), (), self._scope), ())
        self._forbid()
        self._review()
        self._load_permissions()

    @on(Input.Changed)
    def _review(self) -> None:
        words = self._trouble()
        trouble = self.query_one("#trouble", Static)
        trouble.update(styled([(words, "warn")]))
        trouble.display = bool(words)
        self.say("")

    def _trouble(self) -> str:
        """What Semaphore would stumble over, as far as it can be known (`api.md` §2.7)."""
        draft = self._draft()
        if max(len(draft.name), len(draft.description)) > LONGEST:
            return f"Semaphore takes at most {LONGEST} characters."
        if (self._scope == "project", draft.name) in self._taken:
            return f"Among the {role_words.scope_word(self._scope)} roles is one called {draft.name} already."
        return ""

    def _draft(self) -> _Draft:
        permissions = tuple(sorted({*self.picker.chosen, _ALWAYS[self._scope]}))
        return _Draft(self.name_input.value.strip(), self.description_input.value.strip(), permissions)

    @on(Input.Submitted, "#name")
    @on(Input.Submitted, "#description")
    def confirm(self) -> None:
        """Send, or for an edit ask for the name first, when everything that can be checked here is right."""
        if self.busy or not self.settled_in:
            return
        draft = self._draft()
        if not draft.name:
            self.say("A name is needed.", "bad")
            self.name_input.focus()
        elif self._trouble():
            self.say("Something else is needed there; the reason stands below it.", "bad")
            self.name_input.focus()
        elif self._known is None:
            self._create(draft, self._scope)
        elif not draft.description and self._known.role.description:
            self.say("Semaphore keeps the old description when it is sent an empty one; write another.", "bad")
            self.description_input.focus()
        elif draft == _draft_of(self._known.role, self._scope):
            self.say("Nothing is changed.")
        else:
            self.say("")
            self.app.push_screen(SaveRole(self._roster, self._known.role, draft), self._saved)

    def _saved(self, done: Done | None) -> None:
        """What the question that was asked before saving came to; without an end the form stays."""
        if done is not None:
            self.dismiss(done)
        else:
            self._forbid()
            self.say("Nothing is saved yet.")

    @work(group="request", description="")
    async def _create(self, draft: _Draft, scope: Scope) -> None:
        known_ids = {role.id for role in self._roster.people.roles.items}

        async def send() -> Done:
            role = await self.session.write(
                lambda client: client.create_role(draft.name, draft.description, scope, draft.permissions)
            )
            words = f"Created the role {role.name}."
            if scope == "project":
                self._roster.projects = self._roster.projects.with_role(role)
                words += " Semaphore lists no project roles: it is known here until semtui ends, or where it is held."
            return Done(words, role.id)

        async def check() -> Verdict:
            return await self.session.read(lambda client: check_role_creation(client, draft.name, scope, known_ids))

        await self.carry_out(f"Creating {draft.name}…", send, check)
        if self.is_attached:
            self._forbid()


def _draft_of(role: Role, scope: Scope) -> _Draft:
    return _Draft(role.name.strip(), role.description.strip(), tuple(sorted({*role.permissions, _ALWAYS[scope]})))


def _choices(listed: Iterable[Permission], present: Collection[str], scope: Scope) -> list[Choice]:
    """What can be picked; what the role has and Semaphore does not list is among them, so that it is not lost."""
    words = dict.fromkeys(present, "") | {each.name: each.description for each in listed}
    prefix = "project." if scope == "project" else "organization."
    return [
        Choice(name, name.removeprefix(prefix), words[name], f"{name}\n{words[name]}".lower())
        for name in sorted(words, key=lambda name: name.rpartition(".")[::2])
        if name != _ALWAYS[scope]
    ]


class SaveRole(TypedConfirmation):
    """Says what an edit of a role costs, asks for its name, and sends it."""

    VERB = "save"
    UNDONE = "Nothing was saved."
    LEAVE = "Back to the form"

    def __init__(self, roster: Roster, role: Role, draft: _Draft) -> None:
        super().__init__(roster.session, role.id, role.name)
        self._roster = roster
        self._role = role
        self._draft = draft
        # None is not sent, and so stays as it is.
        self._new_name = draft.name if draft.name != role.name else None
        self._new_description = draft.description if draft.description != role.description else None
        self._new_permissions = None if set(draft.permissions) == set(role.permissions) else draft.permissions
        self._warned = False
        """That somebody else changed the role was said; the next try is meant."""

    def heading(self) -> str:
        return f"Save the role {self.called}?"

    def compose_warning(self) -> ComposeResult:
        yield Paragraphs(role_words.saving_lines(self._role, self._draft.permissions, self._roster.people))

    @work(group="request", description="")
    async def send_typed(self) -> None:
        role, draft = self._role, self._draft

        async def send() -> Done:
            await self._expect_unchanged()
            saved = await self.session.write(
                lambda client: client.update_role(
                    role.id, name=self._new_name, description=self._new_description, permissions=self._new_permissions
                )
            )
            if role.scope == "project":
                self._roster.projects = self._roster.projects.with_role(saved)
            return Done(f"Saved the role {saved.name}.", role.id)

        async def check() -> Verdict:
            return await self.session.read(
                lambda client: check_role_edit(client, role.id, draft.name, draft.description, draft.permissions)
            )

        await self.carry_out(f"Saving {draft.name}…", send, check)

    async def _expect_unchanged(self) -> None:
        """Stop once when somebody else has changed the same meanwhile."""
        if self._warned:
            return
        ours = (self._new_name, self._new_description, self._new_permissions is not None)
        try:
            await self.session.read(lambda client: conflicts.role_unchanged(client, self._role, ours))
        except ConflictError:
            self._warned = True
            raise


class DeleteRole(TypedConfirmation):
    """Deletes a custom role nobody is seen to hold."""

    def __init__(self, roster: Roster, known: KnownRole) -> None:
        super().__init__(roster.session, known.id, known.role.name)
        self._roster = roster
        self._known = known

    def heading(self) -> str:
        return f"Delete the role {self.called}?"

    def compose_warning(self) -> ComposeResult:
        yield Static("The role goes, for good. Semaphore refuses while anybody holds it.", classes="warning")
        words = "Nobody in the lists that could be loaded holds it."
        if self._known.role.scope == "project":
            words = "Who holds a project role can only be seen project by project: 6."
        yield Static(f"id {self._known.id} · {words}", classes="identity", markup=False)

    @work(group="request", description="")
    async def send_typed(self) -> None:
        role_id, name = self._known.id, self.called

        async def send() -> Done:
            await self.session.write(lambda client: client.delete_role(role_id))
            self._roster.projects = self._roster.projects.without_role(role_id)
            return Done(f"Deleted the role {name}.")

        async def check() -> Verdict:
            return await self.session.read(lambda client: check_role_deletion(client, role_id, name))

        await self.carry_out(f"Deleting the role {name}…", send, check)
