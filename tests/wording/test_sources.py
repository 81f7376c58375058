"""Where a role comes from is told in words wherever it is told, and exported as Semaphore spells it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from semtui.cli.export import Order, export
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from semtui.settings.contexts import Chosen, Context
from tests.conftest import OpenScreen, find, screen_text, settle
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio

SOURCES = {
    "scim": ("Admin (SCIM)", "from SCIM provisioning"),
    "github": ("Admin (GitHub)", "synced from GitHub"),
    "bitbucket": ("Admin (Bitbucket)", "synced from Bitbucket"),
    "gitlab": ("Admin (GitLab)", "synced from GitLab"),
    "saml_jit": ("Admin (SAML)", "from a SAML sign-in"),
    "inherited_from_org_role": ("Admin (from org role)", "from an organization role"),
    "unspecified": ("Admin (source not named)", "from a source Semaphore does not name"),
    "unknown": ("Admin (unknown source)", "from an unknown source"),
    "": ("Admin (unknown source)", "from an unknown source"),
    "xy_z": ("Admin (unknown source “xy_z”)", "from the unknown source “xy_z”"),
}
NAME = "Noor Haddad"
every_source = pytest.mark.parametrize("source", SOURCES)


def held_from(server: DemoServer, source: str) -> None:
    """Noor holds Admin from there, and nothing else."""
    organization = server.organization
    noor, admin = organization.person_named(NAME), organization.role_named("Admin")
    assert noor is not None
    assert admin is not None
    organization.state.org_bindings[noor] = {source: admin.id}


def raw_words(source: str) -> tuple[str, ...]:
    """How a source would be seen as Semaphore spells it."""
    if "_" in source or source == "unspecified":
        return (f"~{source}", f" {source}", f"({source}")
    return (f"~{source}",) if source else ()


@every_source
async def test_the_screen_tells_it_in_words(open_screen: OpenScreen, server: DemoServer, source: str) -> None:
    held_from(server, source)
    short, long = SOURCES[source]
    async with open_screen((200, 40)) as pilot:
        await pilot.press("2")
        await find(pilot, NAME)
        seen = screen_text(pilot.app)
        assert short.removeprefix("Admin (").removesuffix(")")[:23] in seen, "the column, cut where it is too narrow"
        assert long in seen, "the pane"
        await pilot.press("enter")
        await settle(pilot)
        assert long in screen_text(pilot.app)
        await pilot.press("enter", "e")
        await settle(pilot)
        seen += screen_text(pilot.app)
        await pilot.press("escape", "escape", "5")
        await settle(pilot)
        await find(pilot, "Admin")
        await pilot.press("h")
        await settle(pilot)
        seen += screen_text(pilot.app)
        assert long in screen_text(pilot.app)
        for raw in raw_words(source):
            assert raw not in seen


@every_source
def test_line_mode_tells_it_in_words(session: Session, server: DemoServer, source: str) -> None:
    held_from(server, source)
    said = talk(session, "2", NAME, "1", "0", "0", "0", "5", "1", "Admin", "1", "1", "", "q")
    assert said.count(SOURCES[source][1]) >= 2
    for raw in raw_words(source):
        assert raw not in said


@every_source
def test_exports_keep_what_semaphore_sent(server: DemoServer, context: Context, tmp_path: Path, source: str) -> None:
    held_from(server, source)
    table, record = tmp_path / "people.csv", tmp_path / "people.json"
    assert export(Chosen(context, ()), Order("people", "csv", table)) == 0
    assert export(Chosen(context, ()), Order("people", "json", record)) == 0
    rows = csv.DictReader(io.StringIO(table.read_bytes().decode(), newline=""))
    assert {row["name"]: row["source"] for row in rows}[NAME] == source
    people = json.loads(record.read_text())["people"]
    assert [role["source"] for one in people if one["name"] == NAME for role in one["roles"]] == [source]
