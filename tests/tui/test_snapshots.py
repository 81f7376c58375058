"""One picture per state of each screen, narrow and wide. After a wanted change: `pytest --snapshot-update`; look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Static

from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.session.manager import SessionManager
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.settings.organization_marks import settings_path
from semtui.tui.app import SemtuiApp
from semtui.wording.tokens import usage_example
from tests.conftest import QUICK, settle, settled_in, until_held

Steps = Callable[[Pilot[None]], Awaitable[None]]
Compare = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=["80x24", "160x50"])


def keys(*pressed: str) -> Steps:
    """Wait for the lists, press keys, wait for what follows; `ready` waits until a dialog lets itself be confirmed,
    `settled` until every request is answered."""

    async def steps(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for key in pressed:
            if key == "ready":
                await settled_in(pilot)
            elif key == "settled":
                await settle(pilot)
            else:
                await pilot.press({" ": "space", "-": "minus", "/": "slash"}.get(key, key))
        await settle(pilot)

    return steps


def with_an_example_of(base_url: str, steps: Steps) -> Steps:
    """The example beside a token names the address, and this server's port is another one every time."""

    async def named(pilot: Pilot[None]) -> None:
        await steps(pilot)
        for example in pilot.app.screen.query("#example").results(Static):
            example.update(Content(usage_example(base_url)))
        await pilot.pause()

    return named


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures name files in full, and must not depend on who takes them."""
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("LOGNAME", "ada")


@pytest.fixture
def shown(server: DemoServer, tmp_path: Path) -> Iterator[Callable[..., SemtuiApp]]:
    """Makes the app as the holder of one of the demo organization's tokens sees it, at an address without a port."""
    server.organization.tokens.generate = lambda: "Zq3vX9-demo-token_7K"
    sessions: list[Session] = []

    def make(who: str = "owner", *, read_only: bool = False) -> SemtuiApp:
        context = Context("demo", "acme.semaphoreci.com", server.address, server.tokens[who], demo=True)
        session = Session(
            context,
            SessionOptions(
                read_only=read_only, limits=QUICK, rescue_directory=tmp_path, clock=lambda: float(REFERENCE_TIME)
            ),
        )
        sessions.append(session)
        session.__enter__()
        return SemtuiApp(session)

    yield make
    for session in sessions:
        session.close()


PEOPLE = {
    "all": keys(),
    "accounts": keys("3", "down", "down", "down"),
    "groups": keys("4"),
    "search": keys("/", *"deploy", "enter"),
    "search-finds-nothing": keys("/", *"zebra", "enter"),
    "search-terms": keys("3", "/", *"state:active age>100d -role:owner", "enter"),
    "search-not-understood": keys("/", *"rol:x"),
    "sorted-by-created": keys("3", "s", *"created", "enter"),
    "choice-finds-nothing": keys("3", "s", *"zebra"),
    "role-filter": keys("f"),
    "details": keys("3", "down", "down", "down", "enter"),
    "help": keys("question_mark"),
    "menu": keys("3", "down", "down", "down", "x"),
    "menu-says-why": keys("2", "x", *"token"),
    "menu-of-a-project": keys("6", "settled", "p", "settled", "x"),
    "create-empty": keys("c"),
    "create-collision": keys("c", *"ci_deployer"),
    "create-role": keys("c", *"night-watch", "tab", *"guards", "tab", "down", "down"),
    "create-without-role": keys("c", *"night-watch", "ready", "tab", "tab", "tab", "tab", "enter"),
    "edit": keys("3", "down", "down", "down", "e"),
    "edit-creator-gone": keys("3", "e"),
    "regenerate": keys("3", "down", "down", "down", "T"),
    "delete-wrong-name": keys("3", "down", "X", "ready", *"audit", "enter"),
    "deactivate": keys("3", "down", "d"),
    "change-role-of-an-owner": keys("2", "e"),
    "not-for-people": keys("2", "T"),
    "change-role-with-what-it-gives": keys("2", "down", "down", "down", "down", "down", "e", "up"),
    "remove": keys("2", "down", "down", "down", "X"),
    "impact": keys("3", "down", "down", "down", "b", *"impact", "enter", "settled"),
    "offboard": keys("2", "/", *"amara", "enter", "O", "settled", "enter", *"deact", "enter"),
    "replace-by-a-twin": keys("3", "/", *"terraform", "enter", "H", "enter"),
    "undo": keys("3", "down", "d", "ready", "right", "enter", "settled", "u", "ready"),
    "journal": keys("3", "down", "d", "ready", "right", "enter", "settled", "J"),
    "invite": keys("i", *"quinn", "tab", "down"),
    "create-group": keys("4", "c"),
    "edit-group": keys("4", "j", "j", "e", "tab", "tab", "tab", "tab", "space", "j", "j", "space"),
    "delete-group": keys("4", "X"),
    "marked": keys("3", "space", "space", "j", "space"),
    "plan": keys("3", "A", "d"),
    "role-for-many": keys("2", "A", "e"),
    "export": keys("3", "/", *"deploy", "enter", "E"),
    "roles": keys("5"),
    "holders": keys("5", "j", "h"),
    "who-can": keys("5", "w", *"secrets"),
    "who-has": keys("5", "w", *"secrets", "enter"),
    "who-has-few": keys("w", *"change_owner", "enter"),
    "who-has-in-part-unknown": keys("w", *"project.delete", "enter"),
    "who-has-by-one-cause": keys("w", *"secrets.manage", "enter", "enter"),
    "unknown-for-whom": keys("w", *"project.delete", "enter", "G", "k", "enter"),
    "why": keys("w", *"secrets.manage", "enter", "enter", "enter"),
    "why-unknown": keys("w", *"project.delete", "enter", "G", "k", "k", "enter", "enter"),
    "what-somebody-can": keys("3", "down", "down", "down", "a"),
    "what-a-role-permits": keys("5", "j", "j", "j", "a"),
    "who-can-on-a-project": keys("6", "settled", "w", *"deployment", "enter", "settled"),
    "what-it-is-based-on": keys("w", *"secrets.manage", "enter", "G", "enter"),
    "answer-taken-away": keys("w", *"secrets.manage", "enter", "E", "down"),
    "what-if": keys("2", "j", "j", "b", "down", "down", "down"),
    "what-if-with-a-choice": keys("4", "j", "b", *"add", "enter"),
    "what-if-refused": keys("2", "/", *"henrik", "enter", "b", *"remove", "enter", "settled"),
    "what-if-in-part-unknown": keys("4", "j", "b", *"delete", "enter", "settled"),
    "what-if-of-a-group": keys("4", "/", *"platform", "enter", "b", "enter", *"member", "enter", "settled", "i"),
    "what-if-lost-by-one": keys("2", "j", "j", "b", "enter", *"member", "enter", "settled", "j", "j", "enter"),
    "what-if-permissions-are-picked": keys("5", "j", "j", "j", "b", "enter", *"billing", "tab", "space"),
    "what-if-of-a-role": keys("5", "j", "j", "j", "b", "enter", "tab", "tab", "enter", "settled"),
    "findings": keys("7", "settled"),
    "finding": keys("7", "settled", "/", *"orphan", "enter", "enter"),
    "waive": keys("7", "settled", "W", *"Known", "tab", "tab", *"2027-02-25"),
    "steps": keys("8", *"owner", "enter", "settled"),
    "changed-since": keys("D", *"~/acme.json"),
    "compare": keys("5", "j", "space", "space", "d"),
    "search-permissions": keys("5", "j", "enter", "/", *"secrets"),
    "create-role-custom": keys(
        "5", "c", "ready", *"Billing reader", "tab", *"Sees the bill", "tab", "tab", *"billing", "tab", "space"
    ),
    "edit-role-custom": keys("5", "G", "e", "ready", "tab", "tab", "tab", "space", "j", "j", "space"),
    "save-role": keys(
        "5",
        "j",
        "j",
        "j",
        "e",
        "ready",
        "tab",
        "tab",
        "tab",
        "end",
        "k",
        "k",
        "k",
        "k",
        "space",
        "tab",
        "enter",
        "settled",
    ),
    "delete-role-held": keys("5", "G", "X"),
    "projects": keys("6", "settled"),
    "project-people": keys("6", "settled", "p"),
    "project-role": keys("6", "settled", "p", "e"),
}


@SIZES
@pytest.mark.parametrize("state", PEOPLE)
def test_picture(snap_compare: Compare, shown: Callable[..., SemtuiApp], state: str, size: tuple[int, int]) -> None:
    assert snap_compare(shown(), terminal_size=size, run_before=PEOPLE[state])


@SIZES
@pytest.mark.parametrize("who", ["support", "member"])
def test_what_others_see(
    snap_compare: Compare, shown: Callable[..., SemtuiApp], who: str, size: tuple[int, int]
) -> None:
    assert snap_compare(shown(who, read_only=True), terminal_size=size, run_before=keys("3"))


TOKENS = {
    "masked": (),
    "shown": ("v",),
    "to-a-file": ("w",),
    "asked-to-leave": ("enter",),
}


@SIZES
@pytest.mark.parametrize("state", TOKENS)
def test_token(snap_compare: Compare, shown: Callable[..., SemtuiApp], state: str, size: tuple[int, int]) -> None:
    app = shown()
    steps = keys("3", "down", "down", "down", "T", "ready", "right", "enter", "settled", *TOKENS[state])
    assert snap_compare(app, terminal_size=size, run_before=with_an_example_of("https://acme.semaphoreci.com", steps))


INTERNAL_ERROR = '"Internal error"'
OWNER_ROLE_REFUSED = Fault("PUT", "/members/*/role", "status", status=403, body='"User unauthorized"', times=None)
TROUBLE: dict[str, tuple[tuple[Fault, ...], Steps]] = {
    "accounts-refused": (
        (Fault("GET", "/service_accounts", "status", status=403, body="Permission denied", times=None),),
        keys("3"),
    ),
    "roles-refused": ((Fault("GET", "/roles", "refuse", times=None),), keys("5")),
    "groups-failed": ((Fault("GET", "/groups", "status", status=500, body=INTERNAL_ERROR, times=None),), keys("4")),
    "everything-failed": ((Fault("GET", "*", "status", status=502, body="bad gateway", times=None),), keys()),
    "who-can-without-groups": (
        (Fault("GET", "/groups", "status", status=500, body=INTERNAL_ERROR, times=None),),
        keys("w", *"people.manage", "enter"),
    ),
    "what-somebody-can-without-accounts": (
        (Fault("GET", "/service_accounts", "status", status=403, body="Permission denied", times=None),),
        keys("3", "down", "a"),
    ),
    "findings-without-accounts": (
        (Fault("GET", "/service_accounts", "status", status=403, body="Permission denied", times=None),),
        keys("7", "settled", "G"),
    ),
    "create-refused": (
        (Fault("POST", "/service_accounts", "status", status=400, body='"Failed to create service account"'),),
        keys("c", *"night-watch", "tab", "tab", "down", "down", "ready", "tab", "tab", "enter"),
    ),
    "create-lost": (
        (Fault("POST", "/service_accounts", "drop_after"),),
        keys("c", *"night-watch", "tab", "tab", "down", "down", "ready", "tab", "tab", "enter"),
    ),
    "edit-half-saved": (
        (OWNER_ROLE_REFUSED,),
        keys("3", "down", "down", "e", "end", *"-2", "tab", "tab", "up", "ready", "tab", "enter"),
    ),
    "role-refused": ((OWNER_ROLE_REFUSED,), keys("2", "down", "e", "up", "ready", "tab", "enter")),
    "token-without-its-role": (
        (OWNER_ROLE_REFUSED,),
        keys("c", *"night-watch", "tab", "tab", "down", "down", "ready", "tab", "tab", "enter"),
    ),
}


@SIZES
@pytest.mark.parametrize("state", TROUBLE)
def test_trouble(
    snap_compare: Compare, shown: Callable[..., SemtuiApp], server: DemoServer, state: str, size: tuple[int, int]
) -> None:
    faults, steps = TROUBLE[state]
    for fault in faults:
        server.inject(fault)
    app = shown()
    assert snap_compare(app, terminal_size=size, run_before=with_an_example_of("https://acme.semaphoreci.com", steps))


@SIZES
def test_old_rows_stay_and_say_of_when_they_are(
    snap_compare: Compare, shown: Callable[..., SemtuiApp], server: DemoServer, size: tuple[int, int]
) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await settle(pilot)
        server.inject(Fault("GET", "*", "status", status=502, body="bad gateway", times=None))
        await keys("r")(pilot)

    assert snap_compare(shown(), terminal_size=size, run_before=steps)


@SIZES
def test_while_a_request_runs_the_dialog_says_so(
    snap_compare: Compare, shown: Callable[..., SemtuiApp], server: DemoServer, size: tuple[int, int]
) -> None:
    server.inject(Fault("POST", "/service_accounts", "hold"))

    async def steps(pilot: Pilot[None]) -> None:
        await keys("c", *"night-watch", "tab", "tab", "down", "down", "ready")(pilot)
        await pilot.press("tab", "tab", "enter")
        await until_held(pilot, server)

    assert snap_compare(shown(), terminal_size=size, run_before=steps)
    server.release()


def test_loading_is_told_in_words(snap_compare: Compare, shown: Callable[..., SemtuiApp], server: DemoServer) -> None:
    server.inject(Fault(method="GET", kind="hold", times=None))

    async def steps(pilot: Pilot[None]) -> None:
        await pilot.pause()

    assert snap_compare(shown(), terminal_size=(80, 24), run_before=steps)
    server.release()


def test_an_organization_without_service_accounts_says_what_to_do(
    snap_compare: Compare, shown: Callable[..., SemtuiApp], server: DemoServer
) -> None:
    server.organization.delete_all_service_accounts()
    assert snap_compare(shown(), terminal_size=(80, 24), run_before=keys("3"))


@SIZES
def test_the_contexts_of_another_organization(
    snap_compare: Compare, shown: Callable[..., SemtuiApp], tmp_path: Path, size: tuple[int, int]
) -> None:
    lines = ["active-context: acme", "contexts:"]
    for name in ("acme", "acme_staging", "globex"):
        lines += [
            f"  {name}:",
            f"    host: https://{name.replace('_', '-')}.semaphoreci.com",
            "    auth: {token: t0ken}",
        ]
    settings = tmp_path / ".sem.yaml"
    settings.write_text("\n".join(lines))
    settings.chmod(0o600)
    marks = settings_path({}, tmp_path)
    marks.parent.mkdir(parents=True)
    marks.write_text('[context.acme]\nlabel = "PRODUCTION"\ncolor = "red"\n')
    with SessionManager(environ={}, home=tmp_path) as organizations:
        app = SemtuiApp(shown().session, organizations=organizations)
        assert snap_compare(app, terminal_size=size, run_before=keys("at", "j"))


ROLE_TROUBLE = {
    "role-refused": Fault(
        "POST", "/roles", status=400, body='"cannot grant permissions you do not hold: organization.delete"'
    ),
    "role-lost": Fault("POST", "/roles", "drop_before"),
}


@SIZES
@pytest.mark.parametrize("state", ROLE_TROUBLE)
def test_trouble_with_a_role(
    snap_compare: Compare, shown: Callable[..., SemtuiApp], server: DemoServer, state: str, size: tuple[int, int]
) -> None:
    server.inject(ROLE_TROUBLE[state])
    app = shown()
    steps = keys("5", "c", "ready", *"Crew", *["tab"] * 5, "enter", "settled")
    assert snap_compare(app, terminal_size=size, run_before=with_an_example_of("https://acme.semaphoreci.com", steps))


def test_in_the_light(snap_compare: Compare, shown: Callable[..., SemtuiApp]) -> None:
    app = shown()

    async def steps(pilot: Pilot[None]) -> None:
        await settle(pilot)
        app.action_switch_theme()
        await pilot.press("3", "down", "X")
        await settle(pilot)

    assert snap_compare(app, terminal_size=(80, 24), run_before=steps)
