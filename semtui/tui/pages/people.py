"""The People page: members, service accounts and groups in one table, and the keys that change them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work

from semtui.settings.keymap import key
from semtui.text.counting import count
from semtui.tui.content.people import PeopleContent
from semtui.tui.pages.follow_up import FollowUp
from semtui.tui.pages.marked_changes import MarkedChanges
from semtui.tui.pages.page import Page
from semtui.tui.screens.actions import PEOPLE_ACTIONS, bindings
from semtui.tui.widgets.columns import Column
from semtui.wording.styled_text import listed

if TYPE_CHECKING:
    from semtui.organization.store import OrganizationStore
    from semtui.organization.subject import Subject
    from semtui.tui.screens.request_modal import RequestModal


_NAME = Column("name", "NAME", 23, most=40)
_ROLE = Column("role", "ROLE", 18, most=24, rank=1)
_STATE = Column("state", "STATE", 13, rank=2)
_CREATED = Column("created", "CREATED", 12, rank=4)
_DESCRIPTION = Column("description", "DESCRIPTION", 16, most=80, rank=5, extra=True)
_SOURCE = Column("source", "SOURCE", 13, most=24, rank=2)
_GROUPS = Column("groups", "GROUPS", 21, most=80, rank=3)
_AGE = Column("age", "TOKEN AGE", 11, rank=3)
_CREATOR = Column("creator", "CREATOR", 12, most=26, rank=4)
_MEMBERS = Column("members", "MEMBERS", 9, rank=3)
_LAST_CREATED = replace(_CREATED, rank=6, extra=True)
PEOPLE_COLUMNS = {
    "all": (_NAME, Column("kind", "KIND", 8, rank=3), _ROLE, _STATE, _CREATED, _DESCRIPTION),
    "person": (_NAME, _ROLE, _SOURCE, _GROUPS),
    "account": (_NAME, replace(_ROLE, width=15), _STATE, _AGE, _CREATOR, _DESCRIPTION, _LAST_CREATED),
    "group": (_NAME, _ROLE, _MEMBERS, replace(_DESCRIPTION, width=24, extra=False)),
}
"""The columns of each tab."""


class PeopleScreen(Page):
    """Everyone in the organization. The first four tabs are this page, narrowed."""

    ACTIONS = PEOPLE_ACTIONS
    WIDEST = "all"
    BINDINGS = bindings(PEOPLE_ACTIONS)
    COLUMNS = PEOPLE_COLUMNS["all"]

    content: PeopleContent

    def __init__(
        self, store: OrganizationStore, open_tab: Callable[[str], None], warnings: tuple[str, ...] = ()
    ) -> None:
        """`warnings` are kept above the rows until the next reload."""
        content = PeopleContent(store, warnings)
        super().__init__(content, open_tab)
        self._marked_changes = MarkedChanges(self, content)
        self._follow_up = FollowUp(self)
        self._range_from = ""
        """The id of the row at which a range of marks begins."""
        self._cursor_of: dict[str, str] = {}
        """The id of the row under the cursor, by tab."""

    def open_first(self) -> None:
        """Load the lists, and report what an earlier run left behind."""
        super().open_first()
        self._report_unfinished()

    @work(group="journal", description="")
    async def _report_unfinished(self) -> None:
        from semtui.tui.pages.recovery import report_due, report_unfinished

        await report_unfinished(self)
        await report_due(self)

    def show_tab(self, tab: str) -> None:
        """Show the rows of a tab in its columns, with the cursor where it was there last."""
        self._cursor_of[self.content.tab] = self.rows.selected.id if self.rows.selected else ""
        self.rows.take_columns(PEOPLE_COLUMNS[tab], self.content.cells)
        self.content.open_tab(tab)
        if tab not in self._cursor_of:
            self.rows.start_over()
        self.draw(self._cursor_of.get(tab, ""))

    def action_open_rescued(self) -> None:
        """Open a token that an earlier run saved."""
        from semtui.tui.pages.recovery import open_rescued

        open_rescued(self)

    def action_filter_role(self) -> None:
        """Let the user choose the role whose holders are shown; it is written into the search line."""
        from semtui.tui.screens.candidate import Candidate
        from semtui.tui.screens.chooser import Chooser

        offers = self.content.filter.role_choices(self.content.view.kind)
        choices = [Candidate(value, name, count(number, "row")) for value, name, number in offers]
        self.app.push_screen(Chooser("Show only holders of", choices, "a role"), self._filter_role)

    def _filter_role(self, value: str | None) -> None:
        from semtui.organization.filters.language import with_term

        if value is not None and self.search_for(with_term(self.content.view.search, "role", value)):
            self.rows.pin_cursor()
            self.say(f"{key('clear')} clears the search line." if value else "Any role is shown.")

    def action_named_filters(self) -> None:
        """Let the user choose one of the filters of the settings."""
        from semtui.settings.named_filters import named
        from semtui.tui.screens.candidate import Candidate
        from semtui.tui.screens.chooser import Chooser

        filters = named()
        if not filters:
            self.say('No filter has a name yet; give one a name in config.toml: [filters] stale = "age>365d".', "warn")
            return

        def chosen(name: str | None) -> None:
            if name is not None and self.search_for(filters[name]):
                self.rows.pin_cursor()
                self.say(self.content.found_words() or f"{key('clear')} clears the search line.")

        choices = [Candidate(name, name, text) for name, text in filters.items()]
        self.app.push_screen(Chooser("Show only", choices, "a name"), chosen)

    def action_what_can(self) -> None:
        """Show everything the person, account or group can do."""
        from semtui.tui.answers.access_questions import AccessQuestions

        if not self.blocked("what_can") and (subject := self.rows.selected) is not None:
            self.answer(AccessQuestions(self.store).can(subject.id))

    # Marking

    def action_mark(self) -> None:
        """Mark or unmark the row, and move to the next."""
        if (subject := self.rows.selected) is not None:
            self.content.marks.toggle(subject.id)
            self._marked()
            self.rows.action_move(1)

    def action_mark_range(self) -> None:
        """Begin a range at the cursor, or mark every row from there to here."""
        if (subject := self.rows.selected) is None:
            return
        ids = self.rows.ids
        if self._range_from not in ids:
            self._range_from = subject.id
            words = (
                f"A range begins at {self.content.title(subject)}: move, then {key('mark_range')} marks up to there."
            )
            self.say(words, lasts=True)
            return
        first, last = sorted((ids.index(self._range_from), ids.index(subject.id)))
        self._range_from = ""
        self.content.marks.add(ids[first : last + 1])
        self._marked()

    def action_mark_all(self) -> None:
        """Mark every row that is shown."""
        self.content.marks.add(self.rows.ids)
        self._marked()

    def action_unmark(self) -> None:
        """Unmark every row, shown or not."""
        self.content.marks.clear()
        self._marked()

    def _marked(self) -> None:
        self.draw()
        marks = self.content.marks
        words = f"{count(len(marks), 'row')} marked: "
        several = listed([key(each) for each in ("switch", "edit", "regenerate", "rotate", "delete")])
        words += f"{several} apply to all; {key('unmark')} unmarks."
        self.say(words if marks else "No row is marked.")

    # Changing

    def _asked_about(self, method: str, on_marked: Callable[[], None]) -> Subject | None:
        """The row that an action is asked for; None where it is not available, which is said, or is done to the marked
        rows instead."""
        if self.blocked(method):
            return None
        if self.content.marks:
            on_marked()
            return None
        selected: Subject | None = self.rows.selected
        return selected

    def action_create(self) -> None:
        """Open the form for a new service account, or a new group on the Groups tab."""
        from semtui.tui.screens.service_account_form import ServiceAccountForm

        if self.content.view.kind == "group":
            self.action_create_group()
        elif not self.blocked("create"):
            self._open(ServiceAccountForm(self.store))

    def action_create_group(self) -> None:
        """Open the form for a new group."""
        from semtui.tui.screens.group_form import GroupForm

        if not self.blocked("create_group"):
            self._open(GroupForm(self.store))

    def action_edit(self) -> None:
        """Open the form for the account or group, or the roles of the person or of the marked rows."""
        from semtui.tui.screens.change_role import ChangeRole
        from semtui.tui.screens.group_form import GroupForm
        from semtui.tui.screens.service_account_form import ServiceAccountForm

        if (subject := self._asked_about("edit", self._marked_changes.change_role)) is None:
            return
        if subject.kind == "account":
            self._open(ServiceAccountForm(self.store, subject))
        elif subject.kind == "group":
            self._open(GroupForm(self.store, subject))
        else:
            self._open(ChangeRole(self.store, subject))

    def action_regenerate(self) -> None:
        """Ask for confirmation before the token of the account, or of the marked ones, is regenerated."""
        from semtui.tui.screens.confirmations import RegenerateToken

        if (subject := self._asked_about("regenerate", self._marked_changes.regenerate)) is not None:
            self._open(RegenerateToken(self.store, subject, self.content.people.caution(subject)))

    def action_switch(self) -> None:
        """Ask for confirmation before the account, or the marked rows, are deactivated or reactivated."""
        from semtui.tui.screens.confirmations import SwitchServiceAccount

        if (subject := self._asked_about("switch", self._marked_changes.switch)) is not None:
            self._open(SwitchServiceAccount(self.store, subject, self.content.people.caution(subject)))

    def action_delete(self) -> None:
        """Ask for confirmation before the row, or the marked rows, are deleted or removed."""
        from semtui.tui.screens.confirmations import DeleteGroup, DeleteServiceAccount
        from semtui.tui.screens.remove_member import removal

        if (subject := self._asked_about("delete", self._marked_changes.delete)) is None:
            return
        alike = [row.id for row in self.content.people.alike(subject)]
        if subject.kind == "account":
            self._open(DeleteServiceAccount(self.store, subject, self.content.people.caution(subject), alike))
        elif subject.kind == "group":
            self._open(DeleteGroup(self.store, subject, self.content.people.caution(subject), alike))
        else:
            self._open(removal(self.store, subject))

    def action_remove_role(self) -> None:
        """Ask for confirmation before the group's role is removed; the group is kept."""
        from semtui.tui.screens.remove_member import removal

        if not self.blocked("remove_role") and (subject := self.rows.selected) is not None:
            self._open(removal(self.store, subject))

    def action_invite(self) -> None:
        """Open the form that invites a person."""
        from semtui.tui.screens.invite import Invite

        if not self.blocked("invite"):
            self._open(Invite(self.store))

    def action_rotate(self) -> None:
        """Offer the next step of replacing the account, or the marked ones, by twins."""
        from semtui.tui.pages.rotation import RotationGuide

        if (subject := self._asked_about("rotate", self._marked_changes.rotate)) is not None:
            RotationGuide(self, subject, self._follow_up.after).offer()

    def action_offboard(self) -> None:
        """Plan what becomes of everything that depends on the person, and of the person."""
        if not self.blocked("offboard") and (subject := self.rows.selected) is not None:
            self._offboard(subject)

    @work(group="offboard", exclusive=True, description="")
    async def _offboard(self, person: Subject) -> None:
        from semtui.tui.pages.offboarding import offboard

        await offboard(self, person)

    def _open(self, modal: RequestModal) -> None:
        # Opened here and now rather than in a worker: the next key, typed ahead, must meet the dialog.
        self.app.push_screen(modal, self._follow_up.after)
