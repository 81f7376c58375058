"""What the keys of every page do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from textual import work
from textual.message import Message
from textual.worker import Worker

from semtui.organization.store import MANY
from semtui.settings import screen_settings
from semtui.settings.keymap import key
from semtui.tui.content.page import PageContent
from semtui.tui.pages.detailed import DetailedPage
from semtui.tui.screens.actions import menu
from semtui.wording import dates
from semtui.wording.dates import clock_time
from semtui.wording.styled_text import Tone

if TYPE_CHECKING:
    from semtui.organization.store import OrganizationStore

_ANSWERING = ("semtui.tui.answers.answer_screen", "semtui.wording.why_answer")
"""Modules that an answer needs."""
BEFORE = "before"
"""Stands for the tab that was open before."""
_FIRST_FRAME = 0.02
"""Seconds a terminal needs to take the first frame."""


def _count_findings(store: OrganizationStore) -> None:
    from semtui.tui.answers.findings_questions import FindingsQuestions

    FindingsQuestions(store).work_out()


class Page(DetailedPage):
    """Rows of one kind of thing, loaded, searched, sorted, opened and exported."""

    class ContextsRequested(Message):
        """The user wants to open another organization."""

    def __init__(self, content: PageContent[Any], open_tab: Callable[[str], None]) -> None:
        """`open_tab` shows another page, or the same one narrowed."""
        super().__init__(content)
        self._open_tab = open_tab
        self._load_worker: Worker[None] | None = None

    def on_mount(self) -> None:
        """Start loading once the first frame is out."""
        if (seconds := screen_settings.own().refresh) is not None:
            self.set_interval(seconds, self.refresh_lists)
        # Loading imports what sends requests, which blocks everything else for a moment.
        if self.app.is_headless:
            self.call_after_refresh(self.call_after_refresh, self._first)
        else:
            self.set_timer(_FIRST_FRAME, self._first)

    def _first(self) -> None:
        self.open_first()
        self._draw_keys_once_known()

    def open_first(self) -> None:
        """Load the page when it is opened for the first time."""
        self.reload()

    @work(group="permissions", exclusive=True, description="")
    async def _draw_keys_once_known(self) -> None:
        await self.session.permissions.wait()
        self.draw_row()

    # Loading

    def reload(self, select_id: str = "", sentence: str = "", tone: Tone = "good") -> Worker[None]:
        """Reload everything shown, and move the cursor to the row `select_id` as soon as it is there.

        At the end, say `sentence` in `tone`, or the result of loading where there is no sentence.
        """
        worker: Worker[None] = self._reload(select_id, sentence, tone)
        self._load_worker = worker
        return worker

    @work(group="load", exclusive=True, description="")
    async def _reload(self, select_id: str, sentence: str, tone: Tone, *, quiet: bool = False) -> None:
        self._select_id = select_id
        if not sentence and not quiet:
            doing = "Reloading" if self.store.people.users.is_known else "Loading"
            since = clock_time(self.session.clock())
            self.say(f"{doing} {self.content.LOADED} since {since}; {key('clear')} stops it.", lasts=True)
        result, result_tone = await self.content.load(self.draw_loaded)
        await self._prepare_answers()
        self._select_id = ""
        if quiet:
            if result_tone == "warn":
                self.say(result, result_tone, lasts=True)
        elif not sentence:
            self.say(result, result_tone, lasts=result_tone == "warn")
        elif result_tone == "warn":
            self.say(f"{sentence} {result}", "warn", lasts=True)
        else:
            # What ended other than was hoped for stays to be looked after.
            self.say(sentence, tone, lasts=tone == "warn")

    def refresh_lists(self) -> None:
        """Reload everything and say nothing unless it fails; not in the middle of something else."""
        loading = self._load_worker is not None and self._load_worker.is_running
        busy = loading or self.search.has_keys or self.session.writes_under_way
        if self.is_active and not busy and not self.session.reload_obstacle:
            self._load_worker = self._reload("", "", "good", quiet=True)

    async def _prepare_answers(self) -> None:
        """In the background, index who holds which role, so that no question has to wait for it, and count the
        findings; where there are many people, findings are counted when they are asked for."""
        if self.store.people.size > MANY:
            from semtui.audit.access.current import graph_of

            await asyncio.to_thread(graph_of(self.store.people, self.store.projects).prepare)
        else:
            await asyncio.to_thread(_count_findings, self.store)
            self._draw_tabs()

    def action_reload(self) -> None:
        """Reload everything, and ask again what this API token may do; a file stays as it is."""
        if obstacle := self.session.reload_obstacle:
            self.say(obstacle, "warn")
            return
        self.content.renew_warnings()
        # Permissions may have been granted meanwhile; a permission that is still denied is learned again.
        self.session.permissions.fetch_again()
        self._draw_keys_once_known()
        self.reload()

    # Tabs, search and sort order

    def action_tab_before(self) -> None:
        """Open the tab that was open before this one."""
        self._open_tab(BEFORE)

    def action_tab(self, tab: str) -> None:
        """Open a tab."""
        self._open_tab(tab)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While the search box has the focus, letters are text and no keys of the page."""
        return not self.search.has_keys

    def action_search(self) -> None:
        """Move the focus into the search box."""
        self.search.edit()

    def _search_left(self, keep: bool) -> None:
        super()._search_left(keep)
        if not keep:
            self.action_clear()

    def action_last_filter(self) -> None:
        """Search for what was searched for last."""
        if not self.content.latest_search:
            self.say("Nothing was searched for yet.", "warn")
        elif self.search_for(self.content.latest_search):
            self.rows.pin_cursor()
            self.say(self.content.found_words() or f"{key('clear')} clears the search line.")

    def action_clear(self) -> None:
        """Drop the search and the filters; where there are none, stops loading."""
        if self.content.view.narrowed or self.search.value:
            self.search.clear()
            self.narrow(search="")
            self.say("Filters cleared.")
        elif self._load_worker is not None and self._load_worker.is_running:
            self._load_worker.cancel()
            self.store.cancel_loading()
            self.draw()
            self.say(f"Loading stopped; {key('reload')} loads again.", "warn")

    # Dialogs

    def action_export(self) -> None:
        """Offer to write rows of this page to a file."""
        from semtui.tui.screens.export_form import ExportForm

        offers = self.content.export_offers()
        if not offers:
            self.say("There is nothing on this page to export.", "warn")
            return
        day = dates.day_words(self.session.clock())

        def written(sentence: str | None) -> None:
            self.say(sentence or "Nothing was exported.", "good" if sentence else "plain")

        self.app.push_screen(ExportForm(self.store, offers, f"~/semtui-{offers[0].what}-{day}"), written)

    def action_who_can(self) -> None:
        """Let the user choose a permission, and show who holds it."""
        from semtui.tui.answers.permission_chooser import permission_chooser

        self.app.push_screen(*permission_chooser(self.store, self.project_in_question, self.answer))
        # While somebody types, so that the answer does not have to wait for it.
        for module in _ANSWERING:
            self.call_after_refresh(import_module, module)

    def action_undo(self) -> None:
        """Ask whether to undo the last change that can be undone."""
        from semtui.tui.pages.undoing import ask_to_undo

        ask_to_undo(self)

    def action_snapshot(self) -> None:
        """Offer to write everything that has been read to a file."""
        from semtui.tui.answers.snapshot_form import SnapshotForm

        if self.session.snapshot:
            self.say(f"This is a file already, the {self.session.snapshot}.", "warn")
            return
        stem = f"~/{self.session.context.host}-{dates.day_words(self.session.clock())}"

        def written(sentence: str | None) -> None:
            self.say(sentence or "Nothing was written.", "good" if sentence else "plain")

        self.app.push_screen(SnapshotForm(self.store, stem), written)

    @property
    def project_in_question(self) -> str | None:
        """The id of the project that `who can` may be asked about, besides everything."""
        return None

    def action_menu(self) -> None:
        """Offer every action of this page, to be found by typing."""
        from semtui.tui.screens.chooser import Chooser

        async def chosen(method: str | None) -> None:
            if method is not None:
                await self.run_action(method)

        row = self.rows.selected
        words = partial(self.content.menu_words, row=row)
        title = self.content.menu_title(row)
        self.app.push_screen(Chooser(title, menu(self.ACTIONS, self.obstacle, words), "what to do"), chosen)

    def action_help(self) -> None:
        """Show every key."""
        from semtui.tui.screens.help import help_page, wide_help_page
        from semtui.tui.screens.text_page import TextPage

        self.app.push_screen(TextPage("Keys", help_page(self.ACTIONS), partial(wide_help_page, self.ACTIONS)))

    # Handed to the application: a key of the page, unlike one of the application, does nothing in the search box.

    async def action_theme(self) -> None:
        """Switch between the dark and the light theme."""
        await self.app.run_action("switch_theme")

    async def action_draw_anew(self) -> None:
        """Send the whole screen again."""
        await self.app.run_action("draw_anew")

    def action_contexts(self) -> None:
        """Offer the other organizations."""
        self.post_message(self.ContextsRequested())

    async def action_quit(self) -> None:
        """Quit semtui."""
        await self.app.action_quit()
