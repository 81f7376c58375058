"""The people of one project: their roles there, given and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from semtui.changes import project_role
from semtui.changes.result import ChangeResult
from semtui.organization.store import OrganizationStore
from semtui.organization.subject import Subject
from semtui.settings import keymap as keys
from semtui.tui.screens.actions import (
    Action,
    bindings,
    key_line,
    menu,
)
from semtui.tui.screens.candidate import Candidate
from semtui.tui.screens.chooser import Chooser
from semtui.tui.screens.dialog import Dialog
from semtui.tui.screens.project_role import AssignProjectRole, RemoveProjectRole
from semtui.tui.screens.unbound_keys import does_nothing, unbound
from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.row_table import RowTable
from semtui.tui.widgets.status_line import StatusLine
from semtui.wording import projects as project_words
from semtui.wording.dates import clock_time
from semtui.wording.role_bindings import role_pieces
from semtui.wording.styled_text import Piece, Tone
from semtui.wording.subjects import KIND_WORDS, name_of

if TYPE_CHECKING:
    from semtui.api.models import Member, Project


_ACTIONS = (
    Action("edit", "role", "Change the person's role on this project", needs="row"),
    Action("create", "add somebody", "Add somebody"),
    Action("delete", "remove", "Remove the direct role on this project", needs="row"),
    Action("reload", "reload", "Reload the people"),
    Action("menu", "menu", "Choose what to do by its words"),
    Action("quit", "leave", "Go back to the projects"),
)


_WIDTH = 78
"""Of the frame, at most."""


class ProjectPeople(Dialog[None]):
    """A table of people, and the keys that change it."""

    BINDINGS = [
        *bindings(_ACTIONS),
        Binding("escape", "quit", "Leave", show=False),
        Binding("enter", "edit", "Change the person's role on this project", show=False, priority=True),
        Binding("i", "create", "Add somebody", show=False, priority=True),
    ]
    COLUMNS = (Column("name", "NAME", 24, share=1), Column("role", "ROLES HERE", 36, share=2))

    rows = query_one("#people", RowTable)

    def __init__(self, store: OrganizationStore, project: Project) -> None:
        super().__init__()
        self.store = store
        self.session = store.session
        self.project = project

    def compose(self) -> ComposeResult:
        """Lay out the people on the project and the keys that apply to the selected row."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(f"People on {self.project.name}")
            yield RowTable(self.COLUMNS, self._cells, moved=self._draw_keys, id="people")
            yield Static(project_words.UNKNOWN_OTHERS, id="others", markup=False)
            yield StatusLine()
            yield Static(id="hint")

    def on_mount(self) -> None:
        """Focus the table and fill it."""
        self.rows.focus()
        self.draw()

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence below the people."""
        self.query_one(StatusLine).say(words, tone)

    def draw(self) -> None:
        """Redraw the people as currently known."""
        listing = self.store.projects.members_of(self.project.id)
        empty: list[list[Piece]] = [[("Nobody, as far as Semaphore shows.", "strong")]]
        if listing.error is not None and not listing.is_known:
            empty = [[("The people of this project are not shown to this API token.", "strong")]]
            self.say(str(listing.error), "warn")
        elif not listing.is_known:
            empty = [[("Loading people…", "muted")]]
        people: list[Member] = sorted(listing.items, key=lambda member: member.name.casefold())
        self.rows.show(people, empty)

    def _draw_keys(self) -> None:
        line = key_line(_ACTIONS, lambda action: action.short, self._obstacle, min(self.app.size.width, _WIDTH) - 6)
        self.query_one("#hint", Static).update(line)

    def _cells(self, member: Member) -> dict[str, list[Piece]]:
        return {"name": [(member.name or member.id, "plain")], "role": role_pieces(member.roles)}

    def on_key(self, event: events.Key) -> None:
        """Say that a key does nothing."""
        if key := unbound(self, event):
            self.say(does_nothing(key, f"{keys.key('menu')} shows the menu, {keys.key('quit')} leaves."), "muted")

    # What may be done

    def _obstacle(self, action: Action) -> str:
        """Why `action` cannot be done to the person under the cursor; empty when it can (`API.md#project-roles`)."""
        member: Member | None = self.rows.selected
        if action.method in ("edit", "create", "delete"):
            if self.session.read_only_reason:
                return self.session.read_only_reason
            if not self.store.people.roles.is_known:
                return project_words.EDITION_UNKNOWN
        if action.needs and member is None:
            return "Nobody is selected."
        if action.method == "edit" and self.store.people.community:
            return project_role.NO_ROLES_ON_COMMUNITY
        if action.method == "delete" and member is not None:
            return project_role.removal_obstacle(member, self.store.people)
        return ""

    def _blocked(self, method: str) -> bool:
        words = self._obstacle(next(action for action in _ACTIONS if action.method == method))
        if words:
            self.say(words, "warn")
        return bool(words)

    def action_quit(self) -> None:
        """Close the screen."""
        self.dismiss()

    def action_menu(self) -> None:
        """Offer the actions on the selected person, with reasons for those that are unavailable."""
        member: Member | None = self.rows.selected
        title = f"Actions for {member.name or member.id}" if member else "Actions"
        self.app.push_screen(Chooser(title, menu(_ACTIONS, self._obstacle), "what to do"), self._chosen)

    async def _chosen(self, method: str | None) -> None:
        if method is not None:
            await self.run_action(method)

    def action_edit(self) -> None:
        """Open the dialog that changes the selected person's project role."""
        member: Member | None = self.rows.selected
        if not self._blocked("edit") and member is not None:
            subject = Subject(member.id, "person", member.name)
            self._open(AssignProjectRole(self.store, self.project, subject, member.name, member.roles))

    def action_create(self) -> None:
        """Choose somebody from the organization to add to the project."""
        if self._blocked("create"):
            return
        present = {member.id for member in self.store.projects.members_of(self.project.id).items}
        candidates = [
            Candidate(subject.id, name_of(subject), KIND_WORDS[subject.kind], haystack=subject.haystack)
            for subject in self.store.people.subjects
            if subject.id not in present and project_role.may_join(subject, self.store.people)
        ]
        self.app.push_screen(Chooser(f"Add to {self.project.name}", candidates, "name"), self._add)

    def _add(self, subject_id: str | None) -> None:
        subject = self.store.people.by_id.get(subject_id or "")
        if subject is not None:
            self._open(AssignProjectRole(self.store, self.project, subject, name_of(subject), ()))

    def action_delete(self) -> None:
        """Open the dialog that removes the selected person's project role."""
        member: Member | None = self.rows.selected
        if not self._blocked("delete") and member is not None:
            self._open(RemoveProjectRole(self.store, self.project, member))

    def action_reload(self) -> None:
        """Load the project's people again."""
        self.say(f"Reloading since {clock_time(self.session.clock())}…")
        self._reload("")

    def _open(self, modal: AssignProjectRole | RemoveProjectRole) -> None:
        self.app.push_screen(modal, self._follow_up)

    def _follow_up(self, done: ChangeResult | None) -> None:
        if done is not None:
            self.say(done.sentence, done.tone)
            self._reload(done.sentence, done.tone)

    @work(group="load", exclusive=True, description="")
    async def _reload(self, sentence: str, tone: Tone = "plain") -> None:
        """Load the people again, so that the table shows what Semaphore says now."""
        await self.store.load_project_members(self.project.id, self.draw)
        error = self.store.projects.members_of(self.project.id).error
        if error is None:
            self.say(sentence or "Reloaded.", tone)
        else:
            self.say(f"{sentence} The people could not be read again: {error}".strip(), "warn")
