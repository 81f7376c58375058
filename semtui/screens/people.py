"""The People screen: members, service accounts and groups in one table, and the keys that change them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.screen import Screen
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from semtui import presentation
from semtui.errors import PermissionDeniedError, SemaphoreError
from semtui.people import LIST_NAMES, SORTS, Kind, ListName, People, View, select
from semtui.presentation import Piece, Tone, styled
from semtui.screens.actions import ACTIONS, BINDINGS, Action, help_page, key_line, obstacle
from semtui.screens.change_role import ChangeRole
from semtui.screens.confirmations import DeleteServiceAccount, RegenerateToken, SwitchServiceAccount
from semtui.screens.pick_role import PickRole
from semtui.screens.reading import ReadingScreen
from semtui.screens.request_modal import Done, RequestModal
from semtui.screens.service_account_form import ServiceAccountForm
from semtui.screens.token_display import TokenDisplay
from semtui.session import Session
from semtui.widgets.row_table import Column, RowTable

if TYPE_CHECKING:
    from semtui.client import SemaphoreClient

COLUMNS = (
    Column("name", "NAME", 24, share=2),
    Column("kind", "KIND", 8, rank=3),
    Column("role", "ROLE", 17, share=1, rank=1),
    Column("state", "STATE", 13, rank=2),
    Column("created", "CREATED", 12, rank=4),
    Column("description", "DESCRIPTION", 20, share=3, rank=5),
)
TABS: tuple[tuple[Kind | None, str], ...] = (
    (None, "All"),
    ("person", "People"),
    ("account", "Service accounts"),
    ("group", "Groups"),
)
_REQUESTS: dict[ListName, Callable[[SemaphoreClient], Coroutine[Any, Any, tuple[Any, ...]]]] = {
    "users": lambda client: client.list_members("user"),
    "account_members": lambda client: client.list_members("service_account"),
    "group_members": lambda client: client.list_members("group"),
    "accounts": lambda client: client.list_service_accounts(),
    "groups": lambda client: client.list_groups(),
    "roles": lambda client: client.list_roles(),
}


class PeopleScreen(Screen[None]):
    """Holds the lists, loads them, and answers the keys."""

    CSS_PATH = "people.tcss"
    AUTO_FOCUS = "#rows"
    BINDINGS = BINDINGS

    rows = query_one("#rows", RowTable)
    search = query_one("#search", Input)
    message = query_one("#message", Static)

    def __init__(self, session: Session, clock: Callable[[], float], warnings: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.session = session
        self.people = People()
        self.view = View()
        self._clock = clock
        self._warnings = warnings

    def compose(self) -> ComposeResult:
        with Horizontal(id="top"):
            yield Static(id="place")
            yield Static(id="loaded")
        yield Static(id="tabs")
        with Horizontal(id="narrowing"):
            yield Static("/", id="slash")
            yield Input(placeholder="search name, description, id", id="search", compact=True, select_on_focus=False)
            yield Static(id="how")
        yield Static(id="notices")
        with Horizontal(id="middle"):
            yield RowTable(COLUMNS, presentation.cells, id="rows")
            with VerticalScroll(id="pane", can_focus=False):
                yield Static(id="details")
        with Vertical(id="bottom"):
            yield Static(id="sentence")
            yield Static(id="keys")
            yield Static(id="message")

    def on_mount(self) -> None:
        self.search.cursor_blink = False
        self._draw_place()
        self.reload()

    # Loading

    @work(group="load", exclusive=True, description="")
    async def reload(self, select_id: str = "", sentence: str = "", tone: Tone = "good") -> None:
        """Ask for every list at once; each shows as it arrives. At the end say `sentence`, or what came of it."""
        self.people = self.people.begun()
        self._draw(select_id)
        if not sentence:
            self.say("Loading…" if not self.people.users.known else "Reloading…")
        await asyncio.gather(*(self._load(name, select_id) for name in LIST_NAMES))
        if sentence:
            self.say(sentence, tone)
        elif not self.people.subjects and self.people.users.trouble:
            self.say("Nothing could be loaded; r tries again.", "warn")
        else:
            missing = "; what is missing stands above" if presentation.troubled(self.people) else ""
            self.say(f"Loaded {presentation.count(len(self.people.subjects), 'row')}{missing}.")

    async def _load(self, name: ListName, select_id: str) -> None:
        try:
            items = await self.session.read(_REQUESTS[name])
            self.people = self.people.arrived(name, items, self._clock())
        except SemaphoreError as error:
            if isinstance(error, PermissionDeniedError) and error.missing:
                self.session.denied.add(error.missing)
            self.people = self.people.failed(name, error)
        self._draw(select_id)

    # Drawing

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence in the last line, where it stays until the next."""
        self.message.update(styled([(words, tone)]))

    def _draw(self, select_id: str = "") -> None:
        """Show the lists as they are now."""
        placeholder = presentation.placeholder(self.people, self.view)
        self.rows.show(select(self.people, self.view), placeholder, select_id or None)
        self._draw_tabs()
        warnings: list[list[Piece]] = [[(words, "warn")] for words in self._warnings]
        notices = warnings + presentation.notices(self.people)
        area = self.query_one("#notices", Static)
        area.update(Content("\n").join(styled(line) for line in notices))
        area.display = bool(notices)
        times = [self.people.listing(name).loaded_at or 0 for name in LIST_NAMES if self.people.listing(name).known]
        loading = any(self.people.listing(name).loading for name in LIST_NAMES)
        words = "loading" if loading else f"loaded {presentation.clock_words(min(times, default=None))}"
        self.query_one("#loaded", Static).update(styled([(words, "muted")]))

    def _draw_place(self) -> None:
        context = self.session.context
        place = [Content.styled(f" {context.host} ", "bold")]
        demo = context.name == "demo"
        if not demo and context.name.replace("_", ".") != context.host:
            place.append(Content.styled(f"context {context.name} ", "$muted"))
        marks = ["DEMO"] * demo + ["READ-ONLY"] * self.session.read_only
        place += [Content.assemble((f" {mark} ", "bold reverse $warning"), " ") for mark in marks]
        self.query_one("#place", Static).update(Content("").join(place))

    def _draw_tabs(self) -> None:
        parts = []
        for key, (kind, words) in enumerate(TABS, start=1):
            style = "bold underline $accent" if kind == self.view.kind else "$muted"
            parts.append(
                Content.assemble(f" {key} ", (f"{words} {presentation.count_words(self.people, kind)}", style), " ")
            )
        self.query_one("#tabs", Static).update(Content("").join(parts))

    def _draw_how(self) -> None:
        """What narrows and orders the rows, and where the cursor stands among them."""
        position, total = self.rows.place
        how: list[Piece] = [(f"role {self.view.role or 'any'}", "strong" if self.view.role else "muted")]
        how.append((f" · by {self.view.sort} · {position:,}/{total:,}", "muted"))
        self.query_one("#how", Static).update(styled(how))

    @on(RowTable.Moved)
    def _draw_row(self) -> None:
        subject = self.rows.selected
        self.query_one("#sentence", Static).update(
            styled([(" ", "plain")]) + presentation.sentence(subject, self.people) if subject else Content(" ")
        )
        self.query_one("#details", Static).update(
            presentation.details(subject, self.people, self._clock()) if subject else Content("")
        )
        self.query_one("#keys", Static).update(key_line(subject, self._obstacle))
        self._draw_how()

    # Narrowing and sorting

    def _look(self, view: View) -> None:
        self.view = view
        self._draw()

    def action_show_kind(self, kind: Kind | None) -> None:
        self._look(replace(self.view, kind=kind))

    def action_sort(self) -> None:
        following = SORTS[(SORTS.index(self.view.sort) + 1) % len(SORTS)]
        self._look(replace(self.view, sort=following))
        self.say(f"Sorted by {following}.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed into the search box, only Escape and Enter are commands."""
        return action in ("clear", "details") or self.focused is not self.search

    def action_search(self) -> None:
        # What is typed replaces the old search, and appends to it after an arrow key.
        self.search.selection = Selection(0, len(self.search.value))
        self.set_focus(self.search)

    @on(Input.Changed, "#search")
    def _search_changed(self, event: Input.Changed) -> None:
        self._look(replace(self.view, search=event.value))

    async def _leave_search(self) -> None:
        """Back to the rows, once what was typed has arrived: the next key must meet the rows it was meant for."""
        typed = asyncio.Event()
        self.search.call_later(typed.set)
        await typed.wait()
        self._look(replace(self.view, search=self.search.value))
        self.set_focus(self.rows)

    async def action_clear(self) -> None:
        """Escape: leave the search box and drop what narrows the rows."""
        if self.focused is self.search:
            await self._leave_search()
        if self.view.narrowed:
            self.view = replace(self.view, role="")
            self.search.value = ""
            self._look(replace(self.view, search=""))
            self.say("Search and role filter dropped.")

    def action_filter_role(self) -> None:
        self.app.push_screen(PickRole(self.people.role_names, self.view.role), self._filter_role)

    def _filter_role(self, role: str | None) -> None:
        if role is not None:
            self._look(replace(self.view, role=role))
            self.say(f"Only holders of {role} are shown; escape drops it." if role else "Any role is shown.")

    # Reading

    def action_reload(self) -> None:
        self._warnings = ()
        # Permissions may have been granted meanwhile; a refusal met again is remembered again.
        self.session.denied.clear()
        self.reload()

    @on(RowTable.Chosen)
    async def action_details(self) -> None:
        """Enter: what was searched for is found, or everything about the row."""
        if self.focused is self.search:
            await self._leave_search()
        elif (subject := self.rows.selected) is not None:
            text = presentation.details(subject, self.people, self._clock())
            self.app.push_screen(ReadingScreen(presentation.name_of(subject), text))

    def action_help(self) -> None:
        self.app.push_screen(ReadingScreen("Keys", help_page()))

    async def action_quit(self) -> None:
        await self.app.action_quit()

    # Changing

    def _obstacle(self, action: Action) -> str:
        return obstacle(action, self.rows.selected, read_only=self.session.read_only, denied=self.session.denied)

    def _blocked(self, method: str) -> bool:
        """Say what is in the way of an action, if something is."""
        action = next(action for action in ACTIONS if action.method == method)
        words = self._obstacle(action)
        if words:
            self.say(words, "warn")
        return bool(words)

    def action_create(self) -> None:
        if not self._blocked("create"):
            self._open(ServiceAccountForm(self.session, self.people))

    def action_edit(self) -> None:
        if self._blocked("edit") or (subject := self.rows.selected) is None:
            return
        if subject.kind == "account":
            self._open(ServiceAccountForm(self.session, self.people, subject))
        else:
            self._open(ChangeRole(self.session, self.people, subject))

    def action_regenerate(self) -> None:
        if not self._blocked("regenerate") and (subject := self.rows.selected) is not None:
            self._open(RegenerateToken(self.session, subject))

    def action_switch(self) -> None:
        if not self._blocked("switch") and (subject := self.rows.selected) is not None:
            self._open(SwitchServiceAccount(self.session, subject))

    def action_delete(self) -> None:
        if not self._blocked("delete") and (subject := self.rows.selected) is not None:
            self._open(DeleteServiceAccount(self.session, subject))

    def _open(self, modal: RequestModal) -> None:
        # Opened here and now rather than in a worker: the next key, typed ahead, must meet the dialog.
        self.app.push_screen(modal, self._follow_up)

    def _follow_up(self, done: Done | None) -> None:
        """Show the token if there is one, then reload and stand on the row concerned."""
        if done is None:
            self._draw_row()
        elif done.token is None:
            self.reload(done.subject_id, done.sentence, done.tone)
        else:
            subject_id, sentence = done.subject_id, done.sentence

            def left(fate: str | None) -> None:
                self.reload(subject_id, f"{sentence} {fate or ''}")

            self.app.push_screen(TokenDisplay(self.session, done.token, done.role, sentence), left)
