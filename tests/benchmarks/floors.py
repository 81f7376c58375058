"""What is measured beside semtui: programs that do less, so that no figure stands alone."""

NOTHING = "pass"
"""Python itself."""

ARGUMENTS = "import argparse"
"""What understanding a command line takes."""

LIBRARIES = "import httpx, pydantic"
"""What any client of ours has to import."""

REQUEST = """
import asyncio, os
import httpx, pydantic
async def ask():
    async with httpx.AsyncClient(base_url=os.environ["SEMAPHORE_HOST"]) as client:
        await client.get("/")
asyncio.run(ask())
"""
"""The same, until the first request leaves: httpx loads more for that."""

STATIC = """
from textual.app import App
from textual.widgets import Static
class Floor(App):
    def compose(self):
        yield Static("ready")
Floor().run()
"""
"""The smallest Textual app there is."""

EAGER = """
import sys
import httpx, pydantic, pyperclip, yaml
import semtui.api.client, semtui.api.models, semtui.tui.app
from semtui.__main__ import main
sys.exit(main([]))
"""
"""semtui as it would be if it imported everything before its first frame."""

MODAL = """
from textual.app import App
from textual.screen import ModalScreen
from textual.widgets import DataTable, Footer, Static
class Modal(ModalScreen):
    CSS = "Modal { align: center middle; } Static { width: 78; height: 18; border: round green; }"
    BINDINGS = [("q", "dismiss", "Close")]
    def compose(self):
        yield Static("asking")
class Floor(App):
    BINDINGS = [("c", "open", "Open"), ("e", "edit", "Edit"), ("x", "quit", "Quit")]
    def compose(self):
        yield DataTable(cursor_type="row")
        yield Footer()
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("name", "kind", "role", "state", "created")
        for number in range(37):
            table.add_row(f"ready {number}", "account", "Member", "active", "Jul 16, 2025")
        table.focus()
    def action_open(self):
        self.push_screen(Modal())
Floor().run()
"""
"""A dialog over the table and the footer that Textual comes with."""
