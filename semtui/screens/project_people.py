"""The people of one project: their roles there, given and taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Static

from semtui import project_requests, project_words
from semtui.outcomes import Done
from semtui.people import Subject
from semtui.presentation import KIND_WORDS, Piece, Tone, name_of, role_pieces
from semtui.roster import Roster
from semtui.screens.find_one import Candidate, FindOne
from semtui.screens.project_role import GiveProjectRole, RetractProjectRole
from semtui.styling import styled
from semtui.verdicts import clock_time
from semtui.widgets.row_table import Column, RowTable

if TYPE_CHECKING:
    from semtui.models import Member, Project


class ProjectPeople(ModalScreen[None]):
    """A table of people, and the keys that change it."""

    CSS_PATH = "project_people.tcss"
    BINDINGS = [
        Binding("escape,q", "dismiss", "Close", show=False),
        Binding("e,enter", "give", "Give the person another role here", show=False, priority=True),
        Binding("c,i", "add", "Add somebody", show=False, priority=True),
        Binding("X", "retract", "Take the role away", show=False, priority=True),
        Binding("r", "reload", "Reload", show=False, priority=True),
    ]
    COLUMNS = (Column("name", "NAME", 24, share=1), Column("role", "ROLES HERE", 36, share=2))

    rows = query_one("#people", RowTable)

    def __init__(self, roster: Roster, project: Project) -> None:
        super().__init__()
        self.roster = roster
        self.session = roster.session
        self.project = project

    def compose(self) -> ComposeResult:
        with Vertical(id="frame") as frame:
            frame.border_title = Content(f"People on {self.project.name}")
            yield RowTable(self.COLUMNS, self._cells, id="people")
            yield Static(project_words.UNKNOWN_OTHERS, id="others", markup=False)
            yield Static(id="status")
            yield Static("e role   c add somebody   X take away   r reload   escape leaves", id="hint", markup=False)

    def on_mount(self) -> None:
        self.rows.focus()
        self.draw()

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence below the people."""
        status = self.query_one("#status", Static)
        status.update(styled([(words, tone)]))
        status.display = bool(words)

    def draw(self) -> None:
        """Show the people as they are known now."""
        listing = self.roster.projects.members_of(self.project.id)
        empty: list[list[Piece]] = [[("Nobody, as far as Semaphore shows.", "strong")]]
        if listing.trouble is not None and not listing.known:
            empty = [[("The people of this project are not shown to this API token.", "strong")]]
            self.say(str(listing.trouble), "warn")
        elif not listing.known:
            empty = [[("Loading people…", "muted")]]
        people: list[Member] = sorted(listing.items, key=lambda member: member.name.casefold())
        self.rows.show(people, empty)

    def _cells(self, member: Member) -> dict[str, list[Piece]]:
        return {"name": [(member.name or member.id, "plain")], "role": role_pieces(member.roles)}

    # What may be done

    def _obstacle(self) -> str:
        """Why nothing can be changed here; empty when something can (`api.md` §2.13)."""
        if self.session.barrier:
            return self.session.barrier
        return "" if self.roster.people.roles.known else project_words.EDITION_UNKNOWN

    def _blocked(self, words: str) -> bool:
        if words:
            self.say(words, "warn")
        return bool(words)

    def action_give(self) -> None:
        member: Member | None = self.rows.selected
        if self._blocked(self._obstacle()) or member is None:
            return
        if self.roster.people.community:
            self.say("Community has no project roles: a person is a member of the project or is not.", "warn")
        else:
            subject = Subject(member.id, "person", member.name)
            self._open(GiveProjectRole(self.roster, self.project, subject, member.name, member.roles))

    def action_add(self) -> None:
        if self._blocked(self._obstacle()):
            return
        present = {member.id for member in self.roster.projects.members_of(self.project.id).items}
        candidates = [
            Candidate(subject.id, name_of(subject), KIND_WORDS[subject.kind])
            for subject in self.roster.people.subjects
            if subject.id not in present and project_requests.may_join(subject, self.roster.people)
        ]
        self.app.push_screen(FindOne(f"Add to {self.project.name}", candidates, "name"), self._add)

    def _add(self, subject_id: str | None) -> None:
        subject = self.roster.people.by_id.get(subject_id or "")
        if subject is not None:
            self._open(GiveProjectRole(self.roster, self.project, subject, name_of(subject), ()))

    def action_retract(self) -> None:
        member: Member | None = self.rows.selected
        if member is not None and not self._blocked(
            self._obstacle() or project_requests.retract_obstacle(member, self.roster.people)
        ):
            self._open(RetractProjectRole(self.roster, self.project, member))

    def action_reload(self) -> None:
        self.say(f"Reloading since {clock_time(self.session.clock())}…")
        self._reload("")

    def _open(self, modal: GiveProjectRole | RetractProjectRole) -> None:
        self.app.push_screen(modal, self._follow_up)

    def _follow_up(self, done: Done | None) -> None:
        if done is not None:
            self.say(done.sentence, done.tone)
            self._reload(done.sentence, done.tone)

    @work(group="load", exclusive=True, description="")
    async def _reload(self, sentence: str, tone: Tone = "plain") -> None:
        """Read the people again: what is shown is what Semaphore says now."""
        await self.roster.load_project_members(self.project.id, self.draw)
        trouble = self.roster.projects.members_of(self.project.id).trouble
        if trouble is None:
            self.say(sentence or "Reloaded.", tone)
        else:
            self.say(f"{sentence} The people could not be read again: {trouble}".strip(), "warn")
