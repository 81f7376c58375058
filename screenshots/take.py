"""Makes the pictures of README.md and .github/WEB.md: opens semtui on the demo organization, presses keys, saves them.

Run it as `python screenshots/take.py`. The pictures are the same every time: fixed data, clock, address and token.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Static

from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.app import SemtuiApp
from semtui.wording.tokens import usage_example

NARROW, WIDE = (80, 24), (160, 50)
PICTURES: dict[str, tuple[tuple[int, int], Sequence[str]]] = {
    "people": (NARROW, ()),
    "wide": (WIDE, ("3", "down", "down", "down")),
    "create": (NARROW, ("c", *"night-watch", "tab", *"Looks after the night builds", "tab", "down", "down")),
    "token": (NARROW, ("3", "down", "down", "down", "T", "wait", "right", "enter", "loaded")),
    "roles": (NARROW, ("5", "w", *"secrets", "enter")),
    "role": (
        NARROW,
        ("5", "G", "e", "wait", "tab", "tab", *"manage", "tab", "space", "j", "tab", "enter", "loaded"),
    ),
    "plan": (NARROW, ("3", "A", "d")),
    "delete": (NARROW, ("3", "down", "down", "down", "X", *"ci-dep")),
}


async def press(pilot: Pilot[None], keys: Sequence[str]) -> None:
    """Press keys one by one; `wait` lets a dialog settle in, `loaded` waits for requests."""
    for key in keys:
        if key == "wait":
            await pilot.pause(0.4)
        elif key == "loaded":
            await pilot.pause()
            await pilot.app.workers.wait_for_complete()
        else:
            await pilot.press({" ": "space", "-": "minus"}.get(key, key))
    await pilot.pause()


async def take(name: str, folder: Path) -> None:
    """Save one picture as `folder`/`name`.svg."""
    size, keys = PICTURES[name]
    with DemoServer(clock=lambda: float(REFERENCE_TIME)) as server:
        server.organization.tokens.generate = lambda: "Zq3vX9-demo-token_7Kw"[:20]
        demo = Context("demo", "acme.semaphoreci.com", server.address, server.tokens["owner"], demo=True)
        with Session(demo, SessionOptions(clock=lambda: float(REFERENCE_TIME))) as session:
            app = SemtuiApp(session)
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                await app.workers.wait_for_complete()
                await press(pilot, keys)
                # The port is another each time; what is shown should not be.
                for example in app.screen.query("#example").results(Static):
                    example.update(Content(usage_example("https://acme.semaphoreci.com")))
                await pilot.pause()
                (folder / f"{name}.svg").write_text(app.export_screenshot(title="semtui"))
                for token in session.unstored_tokens:
                    session.vault.release(token)


def main() -> None:
    """Take the pictures named on the command line, or all of them."""
    folder = Path(__file__).parent
    for name in sys.argv[1:] or PICTURES:
        asyncio.run(take(name, folder))
        print(f"{name}.svg")


if __name__ == "__main__":
    main()
