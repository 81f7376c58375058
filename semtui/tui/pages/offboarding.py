"""Reads what depends on a person, and opens the plan that offboards them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from semtui.api.errors import SemaphoreError
from semtui.changes.offboard import offboarding
from semtui.organization.ties import load_ties
from semtui.system.private_files import PrivateFileError
from semtui.tui.answers.offboard_screen import OffboardScreen
from semtui.wording.offboarding import KEPT
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.changes.result import ChangeResult
    from semtui.organization.subject import Subject
    from semtui.tui.pages.frame import PageFrame


async def offboard(page: PageFrame, person: Subject) -> None:
    """Open the plan over the page, or say why it cannot be made."""
    from semtui.audit.access.current import graph_of
    from semtui.audit.impact import impact

    store, session, asked_on = page.store, page.session, page.app.screen
    if reason := session.reload_obstacle:
        page.say(reason, "warn")
        return
    page.say(f"Reading what depends on {name_of(person)}…", lasts=True)
    try:
        if not store.projects.listing.is_known:
            await store.load_projects(lambda: None)
        ties = await load_ties(session.read, store.projects.listing.items)
        entries = await asyncio.to_thread(session.history.entries)
    except (SemaphoreError, PrivateFileError) as error:
        page.say(str(error), "bad")
        return
    found = await asyncio.to_thread(impact, graph_of(store.people, store.projects), person, ties)
    page.say("")

    def changed(result: ChangeResult | None) -> None:
        if result is not None:
            page.reload(result.subject_id, result.sentence, result.tone)

    if page.app.screen is asked_on:
        plan = offboarding(found, entries, community=store.people.community)
        screen = OffboardScreen(store, plan, changed)

        def left(_: None) -> None:
            if screen.plan.to_send:
                page.say(KEPT)

        page.app.push_screen(screen, left)
