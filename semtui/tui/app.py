"""The application: theme, shared look, palette, and an orderly way out."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual import events, on, work
from textual.app import SystemCommand
from textual.binding import Binding
from textual.driver import Driver
from textual.screen import Screen

from semtui.organization.store import OrganizationStore
from semtui.session.manager import SessionManager
from semtui.session.session import Session
from semtui.settings import keymap as keys
from semtui.system.errors import ConfigurationError
from semtui.system.gc_tuning import freeze_loaded
from semtui.system.private_files import PrivateFileError
from semtui.system.terminal import Terminal, no_way_back
from semtui.tui import theme
from semtui.tui.crash_reporting import CrashReportingApp
from semtui.tui.pages.page import Page
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.dialog import AnnouncingScreen
from semtui.tui.terminal.driver import DiffingDriver, driver_for
from semtui.tui.terminal.key_queue import KeyQueue
from semtui.tui.widgets.field import Field

if TYPE_CHECKING:
    from semtui.api.models import NewToken


_PAGES = ("people", "roles", "projects")


@runtime_checkable
class Masking(Protocol):
    """A screen that may show a token."""

    def mask(self) -> None: ...


class SemtuiApp(CrashReportingApp):
    """Shows one organization."""

    TITLE = "semtui"
    CSS_PATH = "semtui.tcss"
    DEFAULT_MODE = "people 0"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (140, "-wide")]
    BINDINGS = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "Stop, until the shell's fg", show=False, priority=True),
        Binding("ctrl+l", "draw_anew", "Draw the screen anew", show=False, priority=True),
    ]

    def __init__(
        self,
        session: Session,
        *,
        organizations: SessionManager | None = None,
        warnings: tuple[str, ...] = (),
        terminal: Terminal = Terminal(),  # noqa: B008 - frozen, so one for all is safe
    ) -> None:
        self._terminal = terminal
        # The filter for NO_COLOR is chosen right here, and fits only if the colors are known to be the terminal's.
        super().__init__(ansi_color=True if terminal.own_colors else None)
        for each in (theme.DARK, theme.LIGHT, theme.SIXTEEN):
            self.register_theme(each)
        self.theme = (theme.SIXTEEN if terminal.own_colors else theme.DARK).name
        self.session = session
        self._organizations = organizations
        self._store = OrganizationStore(session)
        self._startup_warnings = warnings
        self._opened = 0
        """How many organizations were opened before this one."""
        self._asked_about: tuple[str, tuple[NewToken, ...]] = ("", ())
        """What was said last to stand in the way of quitting: a yes to one token is none to the next."""
        self._asked_to_lose = False
        self.typed = KeyQueue(self, super().on_event)
        self.set_keymap(keys.own_keymap())

    def get_driver_class(self) -> type[Driver]:
        usual = super().get_driver_class()
        return driver_for(usual, ascii_only=self._terminal.ascii_only, before_stop=self._hide_tokens)

    def _hide_tokens(self) -> None:
        """What was stopped may be resumed by somebody else, or before other eyes."""
        for screen in self.screen_stack:
            if isinstance(screen, Masking):
                screen.mask()

    def _resumed(self, _: object) -> None:
        """Back from a stop: what was hidden then is drawn now."""
        self._hide_tokens()
        self.action_draw_anew()

    def action_suspend_process(self) -> None:
        """Stop as the terminal itself would: with everything that was started together, so that the shell goes on."""
        if why := no_way_back():
            self._tell(why)
        elif isinstance(self._driver, DiffingDriver):
            self._suspend_signal()
            os.killpg(os.getpgrp(), signal.SIGTSTP)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self.typed.take(event)
        else:
            await super().on_event(event)

    def on_resize(self) -> None:
        self._draw_anew()

    def _draw_anew(self) -> None:
        """Send the whole screen again: a terminal that was resized or written to by others may show anything."""
        if isinstance(self._driver, DiffingDriver):
            self._driver.draw_anew()

    def action_draw_anew(self) -> None:
        self._draw_anew()
        if isinstance(self._driver, DiffingDriver):
            self._driver.look_at_size()
        self.screen.refresh()

    def get_default_screen(self) -> Screen[None]:
        """The first page is no mode before it is drawn, because Textual works out the look of those twice."""
        return self._page("people")

    def on_mount(self) -> None:
        self._add_pages()
        self.app_resume_signal.subscribe(self, self._resumed)
        self.call_after_refresh(freeze_loaded)

    def _add_pages(self) -> None:
        """Each page is a mode: made when it is first opened, and then kept with everything on it."""
        for name in _PAGES:
            self.add_mode(self._mode(name), partial(self._page, name))

    def _mode(self, page: str) -> str:
        return f"{page} {self._opened}"

    def _page(self, name: str) -> Page:
        if name == "roles":
            from semtui.tui.pages.roles import RolesScreen

            return RolesScreen(self._store, self.open_tab)
        if name == "projects":
            from semtui.tui.pages.projects import ProjectsScreen

            return ProjectsScreen(self._store, self.open_tab)
        return PeopleScreen(self._store, self.open_tab, self._startup_warnings)

    def open_tab(self, tab: str) -> None:
        """Show the page `tab` belongs to."""
        self.switch_mode(self._mode(tab if tab in _PAGES else "people"))
        if isinstance(self.screen, Page) and self.screen.is_mounted:
            self.screen.show_tab(tab)

    def delay_update(self, delay: float = 0.001) -> None:
        """Textual delays the first display of a screen for a moment; these screens need no delay."""
        super().delay_update(delay)

    # Other organizations

    @on(Page.ContextsAsked)
    def _choose_context(self) -> None:
        """Offer the contexts of ~/.sem.yaml, unless something here would be cut off."""
        from semtui.tui.screens.context_picker import ContextPicker

        try:
            contexts = self._organizations.listed() if self._organizations else ()
        except ConfigurationError as error:
            self._tell(str(error))
            return
        if self.session.writes_under_way:
            self._tell("A request is still under way; open another organization once it has finished.")
        elif not contexts:
            self._tell("There is no context in ~/.sem.yaml to open; `sem-ai connect` adds one.")
        else:
            self.push_screen(ContextPicker(contexts, self.session.context.name), self._context_chosen)

    def _context_chosen(self, name: str | None) -> None:
        if name is not None and name != self.session.context.name:
            self._open_context(name)

    @work(group="switch", exclusive=True, description="")
    async def _open_context(self, name: str) -> None:
        """Close everything of this organization and open that of the context `name`."""
        assert self._organizations is not None, "a context was chosen among its contexts"
        try:
            chosen = self._organizations.choose(name)
            session = self._organizations.open(chosen.context)
        except ConfigurationError as error:
            self._tell(str(error))
            return
        before, modes = self.session, [self._mode(page) for page in _PAGES]
        self._opened += 1
        self.session = session
        self._store = OrganizationStore(self.session)
        self._startup_warnings = chosen.warnings
        self._add_pages()
        await self.switch_mode(self._mode("people"))
        for mode in modes:
            await self.remove_mode(mode)
        await asyncio.to_thread(before.close)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colors exist under every theme, Textual's included."""
        return theme.DARK.variables

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of the page in words. Textual's screenshot is left out: it would save a token."""
        if isinstance(screen, Page):
            for action in screen.ACTIONS:
                yield SystemCommand(action.words, f"key {action.shown_key}", self._runner(screen, action.method))
        else:
            yield SystemCommand("Switch between the dark and the light theme", "", self.action_switch_theme)

    def _runner(self, screen: Page, method: str) -> Callable[[], object]:
        def run() -> None:
            self.call_later(screen.run_action, method)

        return run

    def action_switch_theme(self) -> None:
        if self._terminal.own_colors:
            self._tell("The colors here are the terminal's own; its settings change them.")
            return
        self.theme = theme.LIGHT.name if self.theme == theme.DARK.name else theme.DARK.name

    async def action_quit(self) -> None:
        """Leave; when something would be cut off or a token is not stored, say so first and leave at the second try."""
        pending = ""
        if self.session.writes_under_way:
            pending = "A request is still under way; semtui waits for it before closing."
        elif self.session.unstored_tokens:
            pending = "An API token is not stored yet; semtui saves it to a private file when it closes."
        asking = (pending, self.session.unstored_tokens)
        if pending and asking != self._asked_about:
            self._asked_about = asking
            self._tell(f"{pending} Press the same key again to quit.")
            return
        if self._asked_to_lose or self._tokens_are_kept():
            self.exit()

    def _tokens_are_kept(self) -> bool:
        """Save what is not stored while there is still a screen to tell that it cannot be saved."""
        for token in self.session.unstored_tokens:
            try:
                self.session.vault.keep(token)
            except PrivateFileError as error:
                self._asked_to_lose = True
                self._tell(
                    f"The API token of {token.account_name} cannot be saved at the end. {error} "
                    "c copies, w saves it elsewhere; press the same key once more to lose it."
                )
                return False
        return True

    @on(Field.Remark)
    def _remark(self, remark: Field.Remark) -> None:
        self._tell(remark.words)

    def on_paste(self) -> None:
        """A paste that no field has taken."""
        self._tell("Nothing was pasted: no line to type into has the focus here.")

    def _tell(self, words: str) -> None:
        """Say it where the screen in front says things; only a screen without such a place gets a toast."""
        if isinstance(self.screen, AnnouncingScreen):
            self.screen.say(words, "warn")
        else:
            self.notify(words, severity="warning", markup=False)
