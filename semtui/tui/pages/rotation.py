"""Leads through replacing an account by a twin: offers what can be done next, and opens the dialog for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from semtui.changes.rotation import missing, note_step, twin_name
from semtui.organization.rotations import rotation_of
from semtui.system.private_files import PrivateFileError
from semtui.tui.screens.candidate import Candidate
from semtui.tui.screens.chooser import Chooser
from semtui.tui.screens.confirmations import DeleteServiceAccount, RegenerateToken, SwitchServiceAccount
from semtui.tui.screens.impact import show_traces
from semtui.tui.screens.rotation import CompleteTwin, CreateTwin, RenameTwin
from semtui.wording import rotation as words

if TYPE_CHECKING:
    from semtui.changes.result import ChangeResult
    from semtui.organization.rotations import Rotation
    from semtui.organization.subject import Subject
    from semtui.tui.pages.frame import PageFrame
    from semtui.tui.screens.request_modal import RequestModal


class RotationGuide:
    """Offers the steps of one rotation."""

    def __init__(self, page: PageFrame, subject: Subject, after: Callable[[ChangeResult | None], None]) -> None:
        """`after` is called with the result of a dialog."""
        self._page = page
        self._after = after
        self._code: str | None = None
        """What was chosen last."""
        self._rotation: Rotation = rotation_of(page.store.people, subject)
        try:
            entries = page.session.history.entries()
        except PrivateFileError:
            # What semtui gave on projects is then not known, like everything else there.
            entries = []
        self._entries = entries
        self._lacking = missing(self._rotation, page.store.people, entries)

    def offer(self) -> None:
        """Offer what can be done now."""
        rotation, page = self._rotation, self._page
        found = [Candidate(code, told) for code, told in words.offers(rotation, self._lacking.words)]
        page.say(words.stage_words(rotation, self._lacking.words, self._lacking.doubts))
        page.app.push_screen(Chooser(words.title(rotation), found, "what to do"), self._chosen)

    def _chosen(self, code: str | None) -> None:
        self._code = code
        if code is not None:
            # What it says of the twin may no longer be true once that is done.
            self._page.say("")
        rotation, page, store = self._rotation, self._page, self._page.store
        old, twin = rotation.old, rotation.twin
        if code == "create" and old is not None:
            name = twin_name(old, store.people, page.session.context.host, self._entries)
            self._open(CreateTwin(store, old, name))
        elif code == "complete":
            self._open(CompleteTwin(store, rotation, self._lacking))
        elif code == "rename":
            self._open(RenameTwin(store, rotation))
        elif code == "traces" and old is not None:
            show_traces(page.app, store, old, page.say)
        elif code in ("deactivate", "reactivate") and old is not None:
            self._open(SwitchServiceAccount(store, old, store.people.caution(old)))
        elif code == "delete" and old is not None:
            self._open(self._deletion(old))
        elif code == "token" and twin is not None:
            self._open(RegenerateToken(store, twin, store.people.caution(twin)))
        elif code == "take back" and twin is not None:
            self._open(self._deletion(twin))

    def _deletion(self, account: Subject) -> RequestModal:
        people = self._page.store.people
        return DeleteServiceAccount(
            self._page.store, account, people.caution(account), [each.id for each in people.alike(account)]
        )

    def _open(self, dialog: RequestModal) -> None:
        def left(result: ChangeResult | None) -> None:
            if result is not None and not dialog.is_unknown:
                note_step(self._page.session, self._rotation, self._code or "")
            self._after(result)

        self._page.app.push_screen(dialog, left)
