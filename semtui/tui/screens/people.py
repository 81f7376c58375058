"""The People page: members, service accounts and groups in one table, and the keys that change them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import work

from semtui.changes.availability import permission_for, row_obstacle
from semtui.organization.people import (
    KINDS,
    Kind,
    People,
    Subject,
)
from semtui.organization.query import SORTS, select
from semtui.settings.keymap import key
from semtui.tui.screens.actions import PEOPLE_ACTIONS, Action, bindings
from semtui.tui.screens.page import Lines, Page
from semtui.tui.widgets.row_table import Column
from semtui.wording import lists as list_words
from semtui.wording import styled_text
from semtui.wording import subjects as presentation
from semtui.wording.styled_text import Line, Piece, Tone

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.changes.bulk import BulkAction, Plan
    from semtui.changes.result import ChangeResult, QueuedChange
    from semtui.export.contents import What
    from semtui.export.offer import Offer
    from semtui.tui.screens.request_modal import RequestModal


class PeopleScreen(Page):
    """Everyone in the organization. The first four tabs are this page, narrowed."""

    ACTIONS = PEOPLE_ACTIONS
    BINDINGS = bindings(PEOPLE_ACTIONS)
    SORTS = SORTS
    SEARCH_HINT = "search name, description, id"
    CONTENTS = "all lists"
    COLUMNS = (
        Column("name", "NAME", 24, share=2),
        Column("kind", "KIND", 8, rank=3),
        Column("role", "ROLE", 17, share=1, rank=1),
        Column("state", "STATE", 13, rank=2),
        Column("created", "CREATED", 12, rank=4),
        Column("description", "DESCRIPTION", 20, share=3, rank=5),
    )

    @property
    def people(self) -> People:
        """The lists, as far as they are known."""
        return self.roster.people

    @property
    def tab(self) -> str:
        return self.view.kind or "all"

    def show_tab(self, tab: str) -> None:
        kind: Kind | None = next((kind for kind in KINDS if kind == tab), None)
        self.look(self.view._replace(kind=kind))

    def selection(self) -> Sequence[Subject]:
        return select(self.people, self.view)

    def cells(self, row: Subject) -> dict[str, list[Piece]]:
        return presentation.cells(row)

    def nothing(self) -> Lines:
        return list_words.placeholder(self.people, self.view)

    def notices(self) -> Lines:
        return list_words.notices(self.people)

    def sentence(self, row: Subject) -> list[Piece]:
        return presentation.sentence(row, self.people)

    def details(self, row: Subject) -> list[Line]:
        return presentation.details(row, self.people, self.session.clock())

    def heading(self, row: Subject) -> str:
        return presentation.name_of(row)

    def meant(self) -> str:
        return f"Actions for {styled_text.count(len(self.marks), 'marked row')}" if self.marks else super().meant()

    def open_first(self) -> None:
        super().open_first()
        self._look_back()

    @work(group="journal", description="")
    async def _look_back(self) -> None:
        from semtui.tui.screens.recovery import look_back

        await look_back(self)

    def warn(self, words: str, instead_of: str = "") -> None:
        """Keep a sentence above the rows until the next reload."""
        self._warnings = (*(each for each in self._warnings if each != instead_of), words)
        self.draw()

    def warn_no_more(self, of: str) -> None:
        """Drop what was said of it above the rows."""
        self._warnings = tuple(words for words in self._warnings if of not in words)
        self.draw()

    def action_open_rescued(self) -> None:
        from semtui.tui.screens.recovery import open_rescued

        open_rescued(self)

    def action_reload(self) -> None:
        super().action_reload()
        # A token that waits for its place is no notice of the moment.
        vault = self.session.vault
        self._warnings = tuple(
            list_words.rescued_words(each, vault.warning_of(each)) for each in vault.rescued_before()
        )

    async def load(self) -> tuple[str, Tone]:
        await self.roster.load_people(self.draw)
        return list_words.load_words(self.people)

    def export_offers(self) -> Sequence[Offer]:
        from semtui.export.offer import Offer

        names: dict[Kind | None, What] = {
            None: "all",
            "person": "people",
            "account": "service-accounts",
            "group": "groups",
        }
        what = names[self.view.kind]
        shown = self.selection()
        everything = [row for row in self.people.subjects if self.view.kind in (None, row.kind)]
        offers = [Offer(f"The {styled_text.count(len(shown), 'row')} shown", what, shown)]
        if len(everything) > len(shown):
            offers.append(Offer(f"All {styled_text.count(len(everything), 'row')}", what, everything))
        return offers if everything else ()

    def narrowing(self) -> list[Piece]:
        marked: list[Piece] = [(f"{len(self.marks)} marked", "good"), (" · ", "muted")] if self.marks else []
        return [
            *marked,
            (f"role {self.view.role or 'any'}", "strong" if self.view.role else "muted"),
            (" · ", "muted"),
        ]

    def action_filter_role(self) -> None:
        from semtui.tui.screens.role_filter import RoleFilter

        self.app.push_screen(RoleFilter(self.people.role_names, self.view.role), self._filter_role)

    def _filter_role(self, role: str | None) -> None:
        if role is not None:
            self.look(self.view._replace(role=role))
            self.rows.hold()
            words = f"Only holders of {role} are shown; {key('clear')} drops it."
            self.say(words if role else "Any role is shown.")

    # Marking

    def action_mark(self) -> None:
        if (subject := self.rows.selected) is not None:
            self.turn_mark(subject.id)
            self._marked()
            self.rows.action_move(1)

    def action_mark_all(self) -> None:
        self.marks.update(dict.fromkeys(self.rows.ids))
        self._marked()

    def action_unmark(self) -> None:
        self.marks.clear()
        self._marked()

    def _marked(self) -> None:
        self.draw()
        words = f"{styled_text.count(len(self.marks), 'row')} marked: "
        words += f"{key('switch')}, {key('edit')} and {key('delete')} apply to all; {key('unmark')} unmarks."
        self.say(words if self.marks else "No row is marked.")

    def _plan(self, verb: BulkAction, role: Role | None = None) -> None:
        """Show what `verb` would do to the marked rows, in the order of the table."""
        from semtui.changes.bulk import make_plan
        from semtui.tui.screens.bulk import BulkScreen

        subjects = [subject for subject in self.people.subjects if subject.id in self.marks]
        self.app.push_screen(BulkScreen(self.session, make_plan(verb, subjects, self.people, role)), self._planned)

    def _planned(self, plan: Plan | None) -> None:
        """Rows that are done lose their mark; the others keep it, to be tried again or looked at."""
        if plan is not None:
            from semtui.changes import bulk
            from semtui.changes import bulk_wording as bulk_words

            self.roster.deleted_ids |= {*bulk.deleted_accounts(plan)}
            for step in plan.steps:
                if step.fate == "done":
                    self.marks.pop(step.id, None)
            words, tone = bulk_words.summary(plan)
            self.reload("", words, tone)

    def _switch_marked(self) -> None:
        marked = [subject for subject in self.people.subjects if subject.id in self.marks]
        accounts = [subject for subject in marked if subject.kind == "account"]
        back = bool(accounts) and all(subject.state == "deactivated" for subject in accounts)
        self._plan("reactivate" if back else "deactivate")

    def _change_marked(self) -> None:
        from semtui.tui.screens.role_chooser import RoleChooser

        def chosen(role: Role | None) -> None:
            if role is not None:
                self._plan("role", role)

        self.app.push_screen(RoleChooser(self.people, self.session.not_held, len(self.marks)), chosen)

    # Changing

    def permission_for(self, action: Action) -> str:
        return permission_for(action, self.rows.selected)

    def objection(self, action: Action) -> str:
        if self.marks and action.method in ("switch", "edit", "delete"):
            # Which of the marked rows it can be done to stands in the plan.
            return ""
        if self.marks and action.method == "regenerate":
            return f"Tokens are regenerated one at a time; {key('unmark')} unmarks the rows."
        return row_obstacle(action, self.rows.selected, community=self.people.community)

    def short_key(self, action: Action) -> str:
        subject = self.rows.selected
        if action.method == "switch" and subject is not None and subject.state == "deactivated":
            return "reactivate"
        if action.method == "delete" and subject is not None and subject.kind == "person":
            return "remove"
        return action.short

    def action_create(self) -> None:
        from semtui.tui.screens.service_account_form import ServiceAccountForm

        if self.view.kind == "group":
            self.action_create_group()
        elif not self.blocked("create"):
            self._open(ServiceAccountForm(self.session, self.people))

    def action_create_group(self) -> None:
        from semtui.tui.screens.group_form import GroupForm

        if not self.blocked("create_group"):
            self._open(GroupForm(self.roster))

    def action_edit(self) -> None:
        from semtui.tui.screens.change_role import ChangeRole
        from semtui.tui.screens.group_form import GroupForm
        from semtui.tui.screens.service_account_form import ServiceAccountForm

        if self.marks and not self.blocked("edit"):
            self._change_marked()
            return
        if self.blocked("edit") or (subject := self.rows.selected) is None:
            return
        if subject.kind == "account":
            self._open(ServiceAccountForm(self.session, self.people, subject))
        elif subject.kind == "group":
            self._open(GroupForm(self.roster, subject))
        else:
            self._open(ChangeRole(self.roster, subject))

    def action_regenerate(self) -> None:
        from semtui.tui.screens.confirmations import RegenerateToken

        if not self.blocked("regenerate") and (subject := self.rows.selected) is not None:
            self._open(RegenerateToken(self.session, subject, self.people.caution(subject)))

    def action_switch(self) -> None:
        from semtui.tui.screens.confirmations import SwitchServiceAccount

        if self.marks and not self.blocked("switch"):
            self._switch_marked()
            return
        if not self.blocked("switch") and (subject := self.rows.selected) is not None:
            self._open(SwitchServiceAccount(self.session, subject, self.people.caution(subject)))

    def action_delete(self) -> None:
        from semtui.tui.screens.confirmations import DeleteGroup, DeleteServiceAccount
        from semtui.tui.screens.remove_member import removal

        if self.marks and not self.blocked("delete"):
            self._plan("delete")
            return
        if self.blocked("delete") or (subject := self.rows.selected) is None:
            return
        alike = [row.id for row in self.people.alike(subject)]
        if subject.kind == "account":
            gone, caution = self.roster.deleted_ids.add, self.people.caution(subject)
            self._open(DeleteServiceAccount(self.session, subject, gone, caution, alike))
        elif subject.kind == "group":
            self._open(DeleteGroup(self.session, subject, self.people.caution(subject), alike))
        else:
            self._open(removal(self.roster, subject))

    def action_remove_role(self) -> None:
        from semtui.tui.screens.remove_member import removal

        if not self.blocked("remove_role") and (subject := self.rows.selected) is not None:
            self._open(removal(self.roster, subject))

    def action_invite(self) -> None:
        from semtui.tui.screens.invite import Invite

        if not self.blocked("invite"):
            self._open(Invite(self.roster))

    def _open(self, modal: RequestModal) -> None:
        # Opened here and now rather than in a worker: the next key, typed ahead, must meet the dialog.
        self.app.push_screen(modal, self._follow_up)

    def _follow_up(self, done: ChangeResult | None) -> None:
        """Show the token if there is one, then reload and stand on the row concerned."""
        from semtui.tui.screens.token_display import TokenDisplay

        if done is None:
            self.draw()
        elif done.queued is not None:
            self._watch(done.sentence, done.queued)
        elif done.token is None:
            self.reload(done.subject_id, done.sentence, done.tone)
        else:
            subject_id, sentence = done.subject_id, done.sentence
            if done.role is not None:
                self.roster.created_ids.add(subject_id)

            display = TokenDisplay(self.session, done.token, done.role, sentence, done.destination)

            def left(fate: str | None) -> None:
                if display.kept is not None:
                    warning = self.session.vault.warning_of(display.kept)
                    self.warn(list_words.rescued_words(display.kept, warning))
                self.reload(subject_id, f"{sentence} {fate or ''}")

            self.app.push_screen(display, left)

    @work(group="queue", description="")
    async def _watch(self, sentence: str, queued: QueuedChange) -> None:
        """Tell what Semaphore's queue has made of a change of a group, for as long as that may take."""
        from semtui.changes.delete_group import check_group_deletion
        from semtui.changes.group_queue import follow_members

        group_id, name = queued.group_id, queued.group_name
        await self.reload(group_id, sentence).wait()

        def tell(words: str) -> None:
            # The queue is watched on the session's own thread.
            self.call_later(self.say, f"{name}: {words}")

        if queued.deletion:
            watch = partial(check_group_deletion, group_id=group_id, name=name)
        else:
            watch = partial(follow_members, group_id=group_id, add=queued.add, remove=queued.remove, report=tell)
        verdict = await self.session.read(lambda client: watch(client))
        words = verdict.sentence if queued.deletion else f"{sentence} {verdict.sentence}"
        self.reload("" if queued.deletion else group_id, words, "good" if verdict.outcome == "done" else "warn")
