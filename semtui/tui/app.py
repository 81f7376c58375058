"""The application: its pages, themes, suspending and quitting."""

from __future__ import annotations

import asyncio
import os
import signal
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual import events, on, work
from textual.binding import Binding
from textual.driver import Driver
from textual.screen import Screen

from semtui.organization.store import OrganizationStore
from semtui.session.manager import SessionManager
from semtui.session.session import Session
from semtui.settings import keymap as keys
from semtui.settings import screen_settings
from semtui.settings.contexts import NONE_TO_OPEN
from semtui.system.errors import ConfigurationError
from semtui.system.gc_tuning import freeze_loaded
from semtui.system.private_files import PrivateFileError
from semtui.system.terminal import Terminal, no_way_back
from semtui.tui import theme
from semtui.tui.crash_reporting import CrashReportingApp
from semtui.tui.pages.page import BEFORE, Page
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.dialog import AnnouncingScreen
from semtui.tui.terminal.driver import DiffingDriver, driver_for
from semtui.tui.terminal.key_queue import KeyQueue
from semtui.tui.widgets.field import Field
from semtui.wording.tokens import NOT_STORED_YET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.actions import ActionParseResult
    from textual.dom import DOMNode

    from semtui.api.models import NewToken


_PAGES = ("people", "roles", "projects")


@runtime_checkable
class Masking(Protocol):
    """A screen that may show a token."""

    def mask(self) -> None:
        """Hide the token, as when the screen opened."""


class SemtuiApp(CrashReportingApp):
    """Shows one organization."""

    TITLE = "semtui"
    CSS_PATH = "semtui.tcss"
    DEFAULT_MODE = "people 0"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (140, "-wide")]
    BINDINGS = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "Stop, until the shell's fg", show=False, priority=True),
        Binding("ctrl+l", "draw_anew", "Redraw the screen", show=False, priority=True),
    ]

    def __init__(
        self,
        session: Session,
        *,
        organizations: SessionManager | None = None,
        store: OrganizationStore | None = None,
        warnings: tuple[str, ...] = (),
        terminal: Terminal = Terminal(),  # noqa: B008 - frozen, so one for all is safe
    ) -> None:
        self._terminal = terminal
        # The filter for NO_COLOR is chosen right here, and fits only if the colors are known to be the terminal's.
        super().__init__(ansi_color=True if terminal.own_colors else None)
        for each in (theme.DARK, theme.LIGHT, theme.SIXTEEN):
            self.register_theme(each)
        chosen = theme.LIGHT if screen_settings.own().theme == "light" else theme.DARK
        self.theme = (theme.SIXTEEN if terminal.own_colors else chosen).name
        self.session = session
        self._organizations = organizations
        self._store = store or OrganizationStore(session)
        self._startup_warnings = warnings
        self._opened = 0
        """How many organizations were opened before this one; part of the names of its modes."""
        self._tabs = ("all", "all")
        """The tab before, and the present one."""
        self._quit_warning: tuple[str, tuple[NewToken, ...]] = ("", ())
        """The last reason given not to quit, and the tokens it was about: confirming one does not confirm the next."""
        self._given_up: list[NewToken] = []
        """Tokens that cannot be saved, each of which the user was told of before quitting loses it."""
        self.key_queue = KeyQueue(self, super().on_event)
        self.set_keymap(keys.own_keymap())

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver for this platform, made to send only changed cells."""
        usual = super().get_driver_class()
        return driver_for(usual, ascii_only=self._terminal.ascii_only, before_stop=self._hide_tokens)

    def _hide_tokens(self) -> None:
        """Mask every token: somebody else may resume a suspended program, or look on."""
        for screen in self.screen_stack:
            if isinstance(screen, Masking):
                screen.mask()

    def _resumed(self, _: object) -> None:
        """Draw everything again after a suspension, with tokens masked."""
        self._hide_tokens()
        self.action_draw_anew()

    def action_suspend_process(self) -> None:
        """Suspend the whole process group, as the terminal itself would, so that the shell takes over."""
        if why := no_way_back():
            self._announce(why)
        elif isinstance(self._driver, DiffingDriver):
            self._suspend_signal()
            os.killpg(os.getpgrp(), signal.SIGTSTP)

    async def on_event(self, event: events.Event) -> None:
        """Queue keys and pastes, so that each meets the screen as the one before left it."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self.key_queue.take(event)
        else:
            await super().on_event(event)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Perform an action; the page in front first drops a message that no longer matters. Suspending is none of
        its actions."""
        page_acts = default_namespace is not None and default_namespace is not self
        if page_acts and isinstance(self.screen, Page) and self.screen.is_mounted:
            self.screen.begin_action()
        return await super().run_action(action, default_namespace, namespaces)

    @on(events.Resize)
    def _draw_anew(self) -> None:
        """Send the whole screen again: a terminal that was resized, or that others wrote to, may show anything."""
        if isinstance(self._driver, DiffingDriver):
            self._driver.draw_anew()

    def action_draw_anew(self) -> None:
        """Send the whole screen again, at the size the terminal has now."""
        self._draw_anew()
        if isinstance(self._driver, DiffingDriver):
            self._driver.look_at_size()
        self.screen.refresh()

    def get_default_screen(self) -> Screen[None]:
        """The first page, which is no mode until it is drawn: Textual computes the styles of a mode twice."""
        return self._page("people")

    def on_mount(self) -> None:
        """Add the pages, and exempt what is loaded from garbage collection once the first frame is out."""
        self._add_pages()
        self.app_resume_signal.subscribe(self, self._resumed)
        self.call_after_refresh(freeze_loaded)
        if (tab := screen_settings.own().tab) != self._tabs[1]:
            self.call_after_refresh(self.open_tab, tab)

    def _add_pages(self) -> None:
        """Make each page a mode: it is created when it is first opened, and then kept with everything on it."""
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
        if tab == BEFORE:
            tab = self._tabs[0]
        if tab != self._tabs[1]:
            self._tabs = (self._tabs[1], tab)
        self.switch_mode(self._mode(tab if tab in _PAGES else "people"))
        if isinstance(self.screen, Page) and self.screen.is_mounted:
            self.screen.begin_action()
            self.screen.show_tab(tab)

    def delay_update(self, delay: float = 0.001) -> None:
        """Textual delays the first display of a screen for a moment; these screens need no delay."""
        super().delay_update(delay)

    # Other organizations

    @on(Page.ContextsRequested)
    def _choose_context(self) -> None:
        """Offer the contexts of ~/.sem.yaml, unless a request is still under way."""
        from semtui.tui.screens.context_picker import ContextPicker

        try:
            contexts = self._organizations.listed() if self._organizations else ()
        except ConfigurationError as error:
            self._announce(str(error))
            return
        if self.session.writes_under_way:
            self._announce("A request is still under way; open another organization once it has finished.")
        elif not contexts:
            self._announce(NONE_TO_OPEN)
        else:
            self.push_screen(ContextPicker(contexts, self.session.context.name), self._context_chosen)

    def _context_chosen(self, name: str | None) -> None:
        if name is not None and name != self.session.context.name:
            self._open_context(name)

    @work(group="switch", exclusive=True, description="")
    async def _open_context(self, name: str) -> None:
        """Open the organization of the context `name`, and close this one with all of its pages."""
        assert self._organizations is not None, "a context was chosen among its contexts"
        try:
            chosen = self._organizations.choose(name)
            session = self._organizations.open(chosen.context)
        except ConfigurationError as error:
            self._announce(str(error))
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
        """Defaults for our own colors, so that they exist under every theme."""
        return theme.DARK.variables

    def action_command_palette(self) -> None:
        """Open the menu of the page; Textual's palette could save a token in a screenshot."""
        if isinstance(self.screen, Page):
            self.screen.action_menu()
        else:
            self._announce("Close this first: the menu is for the list.")

    def action_keys_of_dialogs(self) -> None:
        """Show the keys of a dialog with fields, lists and buttons."""
        from semtui.tui.screens.help import form_help
        from semtui.tui.screens.text_page import TextPage

        self.push_screen(TextPage("Keys of dialogs", form_help()))

    def action_switch_theme(self) -> None:
        """Switch between dark and light, unless the colors are the terminal's own."""
        if self._terminal.own_colors:
            self._announce("The colors here are the terminal's own; its settings change them.")
            return
        self.theme = theme.LIGHT.name if self.theme == theme.DARK.name else theme.DARK.name

    async def action_quit(self) -> None:
        """Quit; while a request runs or a token is not stored, say so first and quit when asked again."""
        pending = ""
        if self.session.writes_under_way:
            pending = "A request is still under way; semtui waits for it before closing."
        elif self.session.unstored_tokens:
            pending = NOT_STORED_YET
        warning = (pending, self.session.unstored_tokens)
        if pending and warning != self._quit_warning:
            self._quit_warning = warning
            self._announce(f"{pending} Press the same key again to quit.")
            return
        if self._save_tokens():
            self.exit()

    def _save_tokens(self) -> bool:
        """Save unstored tokens while there is still a screen on which to report a failure; False where one that fails
        has not been reported before."""
        for token in self.session.unstored_tokens:
            try:
                self.session.vault.save_privately(token)
            except PrivateFileError as error:
                if token in self._given_up:
                    continue
                self._given_up.append(token)
                self._announce(
                    f"The API token of {token.account_name} cannot be saved at the end. {error} "
                    "c copies, w saves it elsewhere; press the same key once more to lose it."
                )
                return False
        return True

    @on(Field.Remark)
    def _remark(self, remark: Field.Remark) -> None:
        self._announce(remark.words)

    def on_paste(self) -> None:
        """Say that a paste outside any field was ignored."""
        self._announce("Nothing was pasted: no line to type into has the focus here.")

    def _announce(self, words: str) -> None:
        """Show a warning where the screen in front shows messages; a screen without such a place gets a toast."""
        if isinstance(self.screen, AnnouncingScreen):
            self.screen.say(words, "warn")
        else:
            self.notify(words, severity="warning", markup=False)
