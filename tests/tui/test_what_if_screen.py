"""What would change, on the screen: of every kind of row, down to the reason, as the command answers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from semtui.audit.access.graph import AccessGraph
from semtui.audit.what_if.question import what_if
from semtui.demo.server import DemoServer
from semtui.organization.projects import Projects
from semtui.organization.snapshot_store import SnapshotStore
from semtui.organization.store import MANY
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.answers.details_screen import DetailsScreen
from semtui.tui.answers.what_if_screen import WhatIfScreen
from semtui.tui.app import SemtuiApp
from semtui.tui.pages.page import Page
from semtui.wording.answered import FORMS, Form, ending_of
from semtui.wording.what_if_answer import what_if_text
from semtui.wording.what_if_parts import parts
from tests.audit.in_a_line import operation
from tests.audit.test_diff import source
from tests.conftest import OpenScreen, people_screen, screen_text, settle, type_ahead, writes
from tests.support.organizations import parse
from tests.support.served import NOW
from tests.support.terminal import SEMTUI, clean_environment
from tests.tui.asking import WORDS, app_on, ask, write_snapshot

pytestmark = pytest.mark.anyio
ORGANIZATION = parse(
    "ee | P ana:Owner ben:Admin~scim,Member dan:Member rey:Cap | A bot:Member<dan; old:Admin<ana -700d -400d off "
    "| G ops:Admin{dan,ben,!zed} void:Admin{} | R Cap={o.view,o.people.view} | Q api@dan{dan:Reader} | Z api"
)


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    return write_snapshot(ORGANIZATION, tmp_path / "a.json")


@pytest.fixture
def app(snapshot: Path, tmp_path: Path) -> Iterator[SemtuiApp]:
    """The screen on that snapshot. There is nobody at its address."""
    with app_on(snapshot, tmp_path) as app:
        yield app


def on(name: str) -> tuple[str, ...]:
    """The keys that put the cursor on a person, account or group."""
    return ("1", "/", *name, "enter")


CAP = ("5", "j", "j", "j")
QUESTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "another role": ((*on("dan"), "b", *"change the", "enter", *"admin", "enter"), "role dan Admin"),
    "removed": ((*on("dan"), "b", *"remove", "enter"), "remove dan"),
    "refused": ((*on("ana"), "b", *"remove", "enter"), "remove ana"),
    "into a group": ((*on("rey"), "b", *"add", "enter", *"ops", "enter"), "join rey ops"),
    "out of a group": ((*on("dan"), "b", *"remove from a", "enter", "enter"), "leave dan ops"),
    "an account deactivated": ((*on("bot"), "b", *"deact", "enter"), "deactivate bot"),
    "an account deleted": ((*on("bot"), "b", *"delete", "enter"), "delete bot"),
    "the role of a group": ((*on("ops"), "b", "enter", *"member", "enter"), "role ops Member"),
    "somebody into a group": ((*on("void"), "b", *"add", "enter", *"bot", "enter"), "join bot void"),
    "a group deleted": ((*on("ops"), "b", *"delete", "enter"), "delete-group ops"),
    "a role deleted": ((*CAP, "b", *"delete", "enter"), "delete-role Cap"),
    "a role edited": (
        (*CAP, "b", "enter", *"people.view", "tab", " ", "tab", "enter"),
        "edit-role Cap -organization.people.view",
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_file_of_an_answer_is_what_the_command_writes(
    app: SemtuiApp, snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    keys, asked = QUESTIONS[name]
    form: Form = FORMS[[*QUESTIONS].index(name) % len(FORMS)]
    path = tmp_path / f"answer.{ending_of(form)}"
    async with app.run_test(size=(80, 24)) as pilot:
        text = await ask(pilot, *keys)
        assert isinstance(pilot.app.screen, WhatIfScreen)
        assert f"What would change {WORDS}" in text
        await ask(pilot, "E", *["down"] * FORMS.index(form), "ctrl+u", *str(path), "enter", "tab", "enter")
        assert "Written to" in await ask(pilot)
    command_line = [SEMTUI, "what-if", asked, "--from", str(snapshot), "--format", form]
    told = await anyio.run_process(command_line, env=clean_environment(tmp_path), check=False)
    assert told.stdout
    assert path.read_bytes() == told.stdout


@pytest.mark.parametrize("name", QUESTIONS)
async def test_the_screen_says_the_sentences_of_the_command(app: SemtuiApp, name: str) -> None:
    keys, asked = QUESTIONS[name]
    made = source(ORGANIZATION)
    answer = what_if(AccessGraph(made.people, made.projects), [operation(ORGANIZATION, asked)])
    sentences = {part.words for part in parts(answer) if part.kind in ("title", "sentence")}
    async with app.run_test(size=(160, 50)) as pilot:
        await ask(pilot, *keys)
        await ask(pilot, "i")
        text = " ".join(screen_text(app).translate(dict.fromkeys(map(ord, "│›▌"), " ")).split())
        assert sentences
        for sentence in sentences:
            assert sentence in text
    assert sentences <= {line.strip() for line in what_if_text(answer).lines}


async def test_down_to_the_reason_and_back(app: SemtuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await ask(pilot, *QUESTIONS["the role of a group"][0])
        assert "If somebody were to give ops the role Member:" in text
        assert "Access changes for 1 person; 1 keeps everything by other means; 1 unknown." in text
        assert "Loses 20 permissions of the organization, and Admin on every project." in text
        assert "1 person unchanged, because of Admin from SCIM provisioning" in text
        text = await ask(pilot, "j", "enter")
        assert "What dan can do" in text
        text = await ask(pilot, "backspace", "j", "enter")
        assert "What dan would lose" in text
        assert "! people.manage organization Admin, group ops" in text
        text = await ask(pilot, "enter")
        assert "dan holds organization.people.manage, in 1 way." in text
        assert "Who can organization.people.manage" in await ask(pilot, "backspace", "v")
        await ask(pilot, *["backspace"] * 3)
        assert isinstance(pilot.app.screen, Page)


async def test_it_is_asked_of_what_details_show_too(app: SemtuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, *on("dan"), "enter")
        assert isinstance(app.screen, DetailsScreen)
        text = await ask(pilot, "b", *"remove", "enter")
        assert "If somebody were to remove dan:" in text
        await ask(pilot, "q")
        assert isinstance(app.screen, DetailsScreen)


async def test_whole_ids_are_shown_in_what_is_asked_too(app: SemtuiApp) -> None:
    async with app.run_test(size=(160, 50)) as pilot:
        dan = ORGANIZATION.id("dan")
        assert dan not in await ask(pilot, *QUESTIONS["removed"][0])
        text = await ask(pilot, "i")
        assert f"If somebody were to remove dan [{dan}]:" in text
        assert f"dan [{dan}] owns the project api." in text
        assert dan not in await ask(pilot, "i")


async def test_an_answer_is_searched(app: SemtuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await ask(pilot, *QUESTIONS["a group deleted"][0])
        assert "Not everything is known: what is missing is listed below." in text
        text = await ask(pilot, "/", *"unlisted", "enter")
        # Running text is not narrowed.
        assert "(no name)" in text
        assert "is deleted" in text
        assert "1 of 1" in text
        assert "not found" in await ask(pilot, "backspace", "/", *"zebra", "enter")
        text = await ask(pilot, "backspace", "/", *"not in the api", "enter")
        assert "What the group ops gives on single projects is not in the API" in text


async def test_keys_in_one_burst_arrive_where_slow_ones_do(app: SemtuiApp) -> None:
    keys = (*QUESTIONS["another role"][0], "j", "j", "enter", "enter")
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "1")
        slow = await ask(pilot, *keys)
        await ask(pilot, "q", "backspace")
        type_ahead(pilot.app, *keys)
        await settle(pilot)
        assert screen_text(pilot.app) == slow
        assert isinstance(pilot.app.screen, WhatIfScreen)


async def test_what_cannot_be_asked_about_says_why(app: SemtuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await ask(pilot, "6", "b")
        assert "What would change is asked of people, service accounts, groups and roles" in text
        text = await ask(pilot, "5", "b")
        assert "Owner is built in; Semaphore lets nobody edit or delete it." in text
        assert isinstance(pilot.app.screen, Page)
        text = await ask(pilot, *on("ana"), "b", *"remove from a", "enter")
        assert "ana is in no group." in text
        await ask(pilot, *["backspace"] * len("remove from a "))
        assert isinstance(pilot.app.screen, Page)


async def test_what_was_asked_about_may_be_gone_after_a_reload(app: SemtuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, *QUESTIONS["a group deleted"][0])
        page = people_screen(app)
        whole = page.store.people
        without = (each for each in whole.groups.items if each.name != "ops")
        members = (each for each in whole.group_members.items if each.name != "ops")
        page.store.people = replace(
            whole,
            groups=replace(whole.groups, items=tuple(without)),
            group_members=replace(whole.group_members, items=tuple(members)),
        )
        page.draw()
        await settle(pilot)
        assert "This is no longer listed." in screen_text(app)


async def test_nothing_is_sent(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen(size=(80, 24)) as pilot:
        text = await ask(pilot, "2", "j", "j", "b", *"remove", "enter")
        assert "Semaphore would refuse to remove Henrik Sørensen: an Owner cannot be" in text
        assert writes(server) == []


async def test_many_people_are_counted_and_listed_behind_that(tmp_path: Path) -> None:
    organization = parse("ee | P ana:Owner ben:Member | G ops:Admin{ben}")
    people = organization.people(NOW)
    (pattern,) = (each for each in people.users.items if each.name == "ben")
    users = [replace(pattern, id=f"person-{number}", name=f"Person {number}") for number in range(MANY + 1)]
    people = people.arrived("users", (*people.users.items, *users), NOW)
    inside = tuple(
        replace(each, member_ids=(*each.member_ids, *(one.id for one in users))) for each in people.groups.items
    )
    people = people.arrived("groups", inside, NOW)
    context = Context("big", "big.example.com", "http://127.0.0.1:9", "")
    with Session(context, SessionOptions(snapshot=WORDS, rescue_directory=tmp_path)) as session:
        app = SemtuiApp(session, store=SnapshotStore(session, people, Projects(), int(NOW)))
        async with app.run_test(size=(80, 24)) as pilot:
            text = await ask(pilot, "4", "b", "enter", *"member", "enter")
            assert f"Access changes for {MANY + 2:,} people." in text
            assert f"{MANY + 2:,} people" in text
            assert "Person 1" not in text
            text = await ask(pilot, "enter")
            assert "NAME ID KIND STATE" in text
            text = await ask(pilot, "/", *"person 2017", "enter", "enter")
            assert "What Person 2017 can do" in text
            text = await ask(pilot, "backspace", "backspace", "backspace", "j", "enter")
            assert f"What {MANY + 2:,} people would lose" in text
            assert "Who can organization.people.manage" in await ask(pilot, "enter")
