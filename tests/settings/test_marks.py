"""A mark belongs to its host, whichever way that is opened; what marks nothing is told, and no settings file hangs."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from semtui.demo.server import DemoServer
from semtui.session.manager import SessionManager
from semtui.settings.contexts import choose_context
from semtui.settings.marked_hosts import MarkedHosts
from semtui.settings.organization_marks import OrganizationMark, load_marks, settings_path
from semtui.settings.sem_yaml import load
from semtui.system.errors import ConfigurationError
from semtui.tui.styling import organization_line
from tests.cli.test_command_line import run, sentence, settings
from tests.conftest import writes

TOKEN = "canary-token-0123456789"
FILE = f"""\
active-context: prod
contexts:
  prod: {{host: acme.semaphoreci.com, auth: {{token: {TOKEN}}}}}
  second: {{host: "https://ACME.semaphoreci.com:443/", auth: {{token: {TOKEN}}}}}
  staging: {{host: beta.semaphoreci.com, auth: {{token: {TOKEN}}}}}
"""
PROD = OrganizationMark("PRODUCTION", "red", True)
PLAIN = OrganizationMark()
MARK = 'label = "PRODUCTION"\ncolor = "red"\n'


def mark(home: Path, text: str | bytes) -> Path:
    path = settings_path({}, home)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def marked(home: Path, *names: str) -> None:
    mark(home, "\n".join(f'[context."{name}"]\n{MARK}' for name in names))


def opened(home: Path, *, context: str | None = None, host: str | None = None, **environ: str) -> OrganizationMark:
    """How what is opened this way is marked."""
    chosen = choose_context(context_name=context, host=host, environ=environ, home=home).context
    return marks(home).of(chosen.name, chosen.host)


def marks(home: Path) -> MarkedHosts:
    path = settings_path({}, home)
    return MarkedHosts(load_marks(path), load(str(home / ".sem.yaml")).entries, path)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    settings(tmp_path, FILE)
    return tmp_path


SPELLINGS = [
    "prod",
    "PROD",
    "acme.semaphoreci.com",
    "ACME.SemaphoreCI.com",
    "acme.semaphoreci.com.",
    "acme.semaphoreci.com/",
    "acme.semaphoreci.com:443",
    "https://acme.semaphoreci.com",
    "HTTPS://Acme.semaphoreci.com.:443/",
    "acme_semaphoreci_com",
]


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_mark_holds_whichever_way_its_host_is_opened(home: Path, name: str) -> None:
    marked(home, name)
    for host in (
        "acme.semaphoreci.com",
        "https://acme.semaphoreci.com/",
        "ACME.semaphoreci.com.",
        "acme.semaphoreci.com:443",
    ):
        assert opened(home, SEMAPHORE_HOST=host, SEMAPHORE_API_TOKEN=TOKEN) == PROD
        assert opened(home, SEMAPHORE_HOST=host) == PROD
        assert opened(home, host=host) == PROD
    for context in ("prod", "second", "acme.semaphoreci.com"):
        if context != "acme.semaphoreci.com":
            assert opened(home, context=context) == PROD
            assert opened(home, SEM_CONTEXT=context) == PROD
    assert opened(home) == PROD
    assert opened(home, context="staging") == PLAIN
    assert opened(home, host="acme.semaphoreci.com:8443", SEMAPHORE_API_TOKEN=TOKEN) == PLAIN
    assert opened(home, host="acme.semaphoreci.co", SEMAPHORE_API_TOKEN=TOKEN) == PLAIN
    assert marks(home).warnings("prod", "acme.semaphoreci.com") == ()


@pytest.mark.parametrize(
    "name", ["localhost:4000", "http://localhost:4000", "LOCALHOST.:4000", "http://localhost:4000/"]
)
def test_a_mark_of_a_server_on_this_computer_needs_no_scheme(tmp_path: Path, name: str) -> None:
    marked(tmp_path, name)
    assert opened(tmp_path, host="http://localhost:4000", SEMAPHORE_API_TOKEN=TOKEN) == PROD
    assert opened(tmp_path, host="http://localhost:4001", SEMAPHORE_API_TOKEN=TOKEN) == PLAIN


def test_a_mark_by_name_needs_no_settings_of_sem_when_the_name_tells_the_host(tmp_path: Path) -> None:
    marked(tmp_path, "acme_semaphoreci_com", "beta.semaphoreci.com")
    assert opened(tmp_path, SEMAPHORE_HOST="acme.semaphoreci.com", SEMAPHORE_API_TOKEN=TOKEN) == PROD
    # Without ~/.sem.yaml nothing tells a typo from another organization; the one that is open is marked.
    assert marks(tmp_path).warnings("env", "acme.semaphoreci.com") == ()
    assert len(marks(tmp_path).warnings("env", "gamma.semaphoreci.com")) == 2


@pytest.mark.parametrize(
    "name", ["prdo", "acme_semaphoreci_con", "acme.semaphoreci.con", "acme.semaphoreci.com:8443", "ünklar"]
)
def test_a_mark_that_matches_nothing_is_told(home: Path, name: str) -> None:
    marked(home, name, "staging")
    (words,) = marks(home).warnings("prod", "acme.semaphoreci.com")
    assert words.startswith(f"{settings_path({}, home)} marks “{name}”, which is no context of ~/.sem.yaml")


def test_a_context_without_a_usable_host_is_not_taken_for_a_typo(home: Path) -> None:
    settings(home, FILE + "  broken: {host: 'not a host'}\n")
    marked(home, "broken", "env", "prod")
    assert marks(home).warnings("prod", "acme.semaphoreci.com") == ()


def test_of_several_marks_for_a_host_read_only_wins_and_the_contradiction_is_told(home: Path) -> None:
    mark(home, f'[context.prod]\n{MARK}[context.second]\nlabel = "ADMIN"\nread-only = false\n')
    assert opened(home, context="prod") == PROD
    assert opened(home, context="second") == OrganizationMark("ADMIN", "yellow", True)
    assert opened(home, SEMAPHORE_HOST="acme.semaphoreci.com", SEMAPHORE_API_TOKEN=TOKEN) == PROD
    (words,) = marks(home).warnings("prod", "acme.semaphoreci.com")
    assert "marks acme.semaphoreci.com in different ways, by “prod” and “second”" in words
    assert marks(home).warnings("staging", "beta.semaphoreci.com") == ()


def test_an_organization_without_a_mark_stays_without_one(home: Path) -> None:
    assert opened(home) == PLAIN
    mark(home, '[context.staging]\nread-only = false\nlabel = "S"\n')
    assert opened(home, context="staging") == OrganizationMark("S", "yellow", False)
    assert opened(home) == PLAIN


def test_a_context_called_demo_is_as_real_as_any_other(home: Path) -> None:
    settings(home, FILE.replace("prod", "demo"))
    marked(home, "demo")
    with SessionManager(environ={}, home=home) as organizations:
        context = organizations.choose("demo").context
        assert organizations.warnings(context) == ()
        # Opened far from any network: nothing has to answer for the mark to hold.
        session = organizations.open(replace(context, base_url="http://127.0.0.1:9"))
        assert session.mark == PROD
        assert session.read_only
        assert "DEMO" not in str(organization_line(context, session.mark, session.read_only))


def test_settings_of_sem_that_cannot_be_read_keep_a_marked_host_from_being_opened_unmarked(home: Path) -> None:
    marked(home, "prod")
    settings(home, "contexts: [")
    words = sentence(run(home, "--plain", SEMAPHORE_HOST="acme.semaphoreci.com", SEMAPHORE_API_TOKEN=TOKEN))
    assert ".sem.yaml is not YAML" in words


def test_the_program_says_and_heeds_it(home: Path, server: DemoServer) -> None:
    settings(home, FILE.replace("acme.semaphoreci.com", server.address))
    marked(home, "prod", "prdo")
    done = run(home, "--plain", SEMAPHORE_HOST=server.address + "/", SEMAPHORE_API_TOKEN=server.tokens["owner"])
    assert "marked PRODUCTION" in done.stdout
    assert "This organization is marked as read-only in semtui's settings" in done.stdout
    assert "marks “prdo”, which is no context" in done.stdout
    assert writes(server) == []


# The settings file itself


def test_settings_that_are_no_file_do_not_hang_the_start(home: Path) -> None:
    path = settings_path({}, home)
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert "config.toml is not a regular file" in sentence(run(home, "--plain"))
    path.unlink()
    path.symlink_to("/dev/zero")
    assert "config.toml is not a regular file" in sentence(run(home, "--plain"))
    path.unlink()
    path.mkdir()
    assert "config.toml is not a regular file" in sentence(run(home, "--plain"))


def test_a_byte_order_mark_is_no_fault(home: Path) -> None:
    mark(home, b"\xef\xbb\xbf[context.prod]\n" + MARK.encode())
    assert opened(home) == PROD


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(b"#" * (1024 * 1024) + b"\n[context.prod]\n", "is larger than 1 MiB", id="a mark beyond 1 MiB"),
        pytest.param(b"[context.prod]\n[context.Prod]\n", "is marked twice, in different case", id="two cases"),
        pytest.param(b"[context.prod]\n[context.prod]\n", "is not TOML", id="twice"),
        pytest.param(b'[context.prod]\nlabel = "a"\nlabel = "b"\n', "is not TOML", id="a label twice"),
        pytest.param(b"[context]\nx = " + b"[" * 100_000, "is not TOML", id="bottomless"),
        pytest.param('[context.prod]\nlabel = "ü"'.encode("latin-1"), "is not UTF-8", id="Latin-1"),
        pytest.param("[context.prod]".encode("utf-16"), "is not UTF-8", id="UTF-16"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(home: Path, text: bytes, words: str) -> None:
    path = mark(home, text)
    with pytest.raises(ConfigurationError, match=words) as raised:
        load_marks(path)
    assert str(path) in str(raised.value)
