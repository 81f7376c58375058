"""The groups and projects of a new account: chosen in a dialog, or as another account has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label, Static

from semtui.changes.lacking import Missing
from semtui.changes.new_account_access import NOTHING, like
from semtui.tui.screens.candidate import Candidate
from semtui.tui.styling import styled
from semtui.wording.new_account import more_words
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.changes.result import ChangeResult
    from semtui.organization.store import OrganizationStore
    from semtui.wording.styled_text import Tone


class OpeningButton(Button):
    """Opens something; sends nothing."""

    def __init__(self, label: str, opens: Callable[[], object], id: str) -> None:
        super().__init__(label, id=id, compact=True)
        self._opens = opens

    def press(self) -> Self:
        """Open it."""
        self._opens()
        return self


class MoreAccess(Vertical):
    """A line of the form for a new account that tells what is chosen."""

    DEFAULT_CSS = """
    MoreAccess { height: auto; }
    """

    def __init__(
        self, store: OrganizationStore, say: Callable[[str, Tone], object], take_role: Callable[[str], object]
    ) -> None:
        """`take_role` chooses the role of this id in the form."""
        super().__init__(id="more-access")
        self._store = store
        self._say = say
        self._take_role = take_role
        self._role: Role | None = None
        self.chosen = NOTHING

    def compose(self) -> ComposeResult:
        """Lay out the label and what is chosen."""
        with Horizontal(classes="field"):
            yield Label("Projects")
            yield Static(id="more-chosen")

    def show_for(self, role: Role | None) -> None:
        """Show what is chosen, beside a role that may reach everything by itself."""
        self._role = role
        words = more_words(role, self.chosen.words)
        self.query_one("#more-chosen", Static).update(styled([(words, "plain" if self.chosen.words else "muted")]))

    def _take(self, chosen: Missing) -> None:
        self.chosen = chosen
        self.show_for(self._role)

    @work(group="projects", exclusive=True, description="")
    async def choose(self) -> None:
        """Open the dialog for projects, once they are known."""
        from semtui.tui.screens.project_picker import ProjectPicker

        store = self._store
        if not store.projects.listing.is_known:
            self._say("Loading the projects…", "plain")
            await store.load_projects(lambda: None)
            error = store.projects.listing.error
            self._say(f"The projects could not be loaded. {error}" if error else "", "bad" if error else "plain")
            if not store.projects.listing.is_known:
                return
        picker = ProjectPicker(store, self.chosen.projects)

        def chosen(result: ChangeResult | None) -> None:
            if result is not None:
                self._take(Missing(None, self.chosen.groups, picker.grants))

        self.app.push_screen(picker, chosen)

    def choose_account(self) -> None:
        """Ask which account the new one is to be like, and take what is known of it."""
        from semtui.tui.screens.chooser import Chooser

        accounts = [each for each in self._store.people.subjects if each.kind == "account"]
        candidates = [
            Candidate(each.id, name_of(each), ", ".join(role.role_name for role in each.roles or ()), haystack=each.id)
            for each in sorted(accounts, key=lambda each: name_of(each).casefold())
        ]

        def chosen(account_id: str | None) -> None:
            account = self._store.people.by_id.get(account_id or "")
            if account is None:
                return
            found, words = like(self._store.people, self._store.session, account)
            if found.role is not None:
                self._take_role(found.role.id)
            self._take(Missing(None, found.groups, found.projects))
            self._say(f"As {name_of(account)} has it. {words}", "plain")

        self.app.push_screen(Chooser("Like which account?", candidates, "name of an account"), chosen)
