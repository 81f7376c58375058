"""What follows a dialog in which something was changed: a token to store, a queue to watch, a reload."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from semtui.wording.lists import rescued_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from semtui.api.models import NewToken
    from semtui.changes.result import ChangeResult, QueuedChange
    from semtui.tui.pages.frame import PageFrame
    from semtui.wording.styled_text import Tone


class FollowUp:
    """Acts on the result of a dialog, on the page below it."""

    def __init__(self, page: PageFrame) -> None:
        self._page = page

    def after(self, result: ChangeResult | None) -> None:
        """Show the token if there is one, then reloads and moves the cursor to the row concerned.

        None is the result of a dialog that was closed without a change.
        """
        if result is None:
            self._page.draw()
        elif result.queued is not None:
            self._page.run_worker(self._watch(result.sentence, result.queued), group="queue", description="")
        elif result.token is None:
            self._page.reload(result.subject_id, result.sentence, result.tone)
        else:
            self.show_token(result, result.token)

    def show_token(self, result: ChangeResult, token: NewToken, then: Callable[[], None] = lambda: None) -> None:
        """Show a token until the user is done with it; `then` is called after that."""
        from semtui.changes.secret_exposure import stronger_roles
        from semtui.tui.screens.token_display import TokenDisplay

        page = self._page
        people = page.store.people
        stronger = stronger_roles(people, people.by_id.get(result.subject_id), result.role)
        display = TokenDisplay(
            page.session, token, result.role, result.sentence, result.destination, stronger, result.also
        )

        def left(stored: str | None) -> None:
            """Take a sentence that says where the token is now."""
            if display.kept is not None:
                page.warn(rescued_words(display.kept, page.session.vault.warning_of(display.kept)))
            page.reload(result.subject_id, f"{result.sentence} {stored or ''}")
            then()

        page.app.push_screen(display, left)

    async def _watch(self, sentence: str, queued: QueuedChange) -> None:
        """Report what Semaphore's queue does to a group, for as long as that may take."""
        from semtui.changes import group_queue

        page, group_id, name = self._page, queued.group_id, queued.group_name
        await page.reload(group_id, sentence).wait()

        def report(words: str) -> None:
            # Called on the session's own thread.
            page.call_later(partial(page.say, lasts=True), f"{name}: {words}")

        reconciled = await group_queue.watch(page.session, queued, report)
        words = reconciled.sentence if queued.deletion else f"{sentence} {reconciled.sentence}"
        tone: Tone = "good" if reconciled.outcome == "done" else "warn"
        page.reload("" if queued.deletion else group_id, words, tone)
