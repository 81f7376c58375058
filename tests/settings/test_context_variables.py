"""Which organization the environment means: SEM_CONTEXT, SEMAPHORE_HOST, and contexts that are none to open."""

from __future__ import annotations

from pathlib import Path

import pytest

from semtui.session.manager import SessionManager
from semtui.settings.contexts import Chosen, choose_context
from semtui.system.errors import ConfigurationError
from tests.cli.test_command_line import run, sentence, settings

TOKENS = {name: f"{name}-token-canary-01" for name in ("acme", "beta", "again", "me", "env")}
FILE = f"""\
active-context: acme_semaphoreci_com
contexts:
  acme_semaphoreci_com:
    auth:
      token: {TOKENS["acme"]}
    host: acme.semaphoreci.com
  staging:
    auth:
      token: {TOKENS["beta"]}
    host: beta.semaphoreci.com
  me_semaphoreci_com:
    auth:
      token: {TOKENS["me"]}
    host: me.semaphoreci.com
  signed_out:
    auth:
      token: ""
    host: gone.semaphoreci.com
  half: {{}}
"""
TWO_FOR_ONE_HOST = (
    FILE
    + f"""\
  again:
    auth:
      token: {TOKENS["again"]}
    host: https://ACME.semaphoreci.com:443/
"""
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    settings(tmp_path, FILE)
    return tmp_path


def choose(home: Path, *, context: str | None = None, host: str | None = None, **environ: str) -> Chosen:
    return choose_context(context_name=context, host=host, environ=environ, home=home)


def refusal(home: Path, *, context: str | None = None, host: str | None = None, **environ: str) -> str:
    """The sentence of a refusal, which holds no token."""
    with pytest.raises(ConfigurationError) as caught:
        choose(home, context=context, host=host, **environ)
    words = str(caught.value)
    assert "canary" not in words
    assert words.endswith(".")
    return words


def opened(chosen: Chosen) -> tuple[str, str]:
    """The host, and whose token is used for it."""
    return chosen.context.host, next(name for name, token in TOKENS.items() if token == chosen.context.api_token)


def unused(chosen: Chosen) -> list[str]:
    """The variables and options said to be set for nothing."""
    return [words.split()[0] for words in chosen.warnings if "set but not used" in words]


# SEM_CONTEXT


@pytest.mark.parametrize("name", ["staging", "STAGING", " staging\n", "beta.semaphoreci.com"])
def test_sem_context_names_the_organization_to_open(home: Path, name: str) -> None:
    assert opened(choose(home, SEM_CONTEXT=name)) == ("beta.semaphoreci.com", "beta")


def test_sem_context_shadows_the_other_variables_and_says_so(home: Path) -> None:
    chosen = choose(
        home, SEM_CONTEXT="staging", SEMAPHORE_HOST="acme.semaphoreci.com", SEMAPHORE_API_TOKEN=TOKENS["env"]
    )
    assert opened(chosen) == ("beta.semaphoreci.com", "beta")
    assert unused(chosen) == ["SEMAPHORE_HOST", "SEMAPHORE_API_TOKEN"]


@pytest.mark.parametrize("name", ["stagign", "acme", "beta_semaphoreci_com"])
def test_a_sem_context_that_does_not_exist_is_answered_with_those_that_do(home: Path, name: str) -> None:
    words = refusal(home, SEM_CONTEXT=name, SEMAPHORE_HOST="acme.semaphoreci.com", SEMAPHORE_API_TOKEN=TOKENS["env"])
    assert f"SEM_CONTEXT names “{name}”" in words
    assert words.endswith("choose one of acme.semaphoreci.com, staging (beta.semaphoreci.com).")


def test_a_sem_context_without_settings_says_how_to_make_some(tmp_path: Path) -> None:
    assert "sem-ai connect" in refusal(tmp_path, SEM_CONTEXT="staging")


@pytest.mark.parametrize("blank", ["", " ", "\n"])
def test_a_blank_sem_context_is_as_good_as_none(home: Path, blank: str) -> None:
    assert opened(choose(home, SEM_CONTEXT=blank)) == ("acme.semaphoreci.com", "acme")


def test_the_command_line_says_it_more_plainly_than_sem_context(home: Path) -> None:
    chosen = choose(home, context="acme_semaphoreci_com", SEM_CONTEXT="staging")
    assert (opened(chosen), unused(chosen)) == (("acme.semaphoreci.com", "acme"), ["SEM_CONTEXT"])
    chosen = choose(home, host="acme.semaphoreci.com", SEM_CONTEXT="staging")
    assert (opened(chosen), unused(chosen)) == (("acme.semaphoreci.com", "acme"), ["SEM_CONTEXT"])
    chosen = choose(home, context="staging", SEM_CONTEXT="staging")
    assert (opened(chosen), unused(chosen)) == (("beta.semaphoreci.com", "beta"), [])


def test_sem_context_says_which_of_several_contexts_of_a_host_is_meant(home: Path) -> None:
    settings(home, TWO_FOR_ONE_HOST)
    for host in ("acme.semaphoreci.com", "https://acme.semaphoreci.com/"):
        chosen = choose(home, host=host, SEM_CONTEXT="again", SEMAPHORE_HOST=host, SEMAPHORE_API_TOKEN=TOKENS["env"])
        assert opened(chosen) == ("acme.semaphoreci.com", "again")
        assert unused(chosen) == ["SEMAPHORE_HOST", "SEMAPHORE_API_TOKEN"]


@pytest.mark.parametrize("command", [[], ["--plain"], ["export"]], ids=["screen", "line mode", "export"])
def test_every_command_heeds_sem_context(home: Path, command: list[str]) -> None:
    words = sentence(run(home, *command, SEM_CONTEXT="nowhere"))
    assert "SEM_CONTEXT names “nowhere”" in words
    assert "acme.semaphoreci.com, staging (beta.semaphoreci.com)" in words


# SEMAPHORE_HOST without a token of its own


@pytest.mark.parametrize("host", ["beta.semaphoreci.com", "https://BETA.semaphoreci.com:443/", "beta.semaphoreci.com."])
def test_a_host_of_the_environment_takes_the_token_the_file_has_for_it(home: Path, host: str) -> None:
    assert opened(choose(home, SEMAPHORE_HOST=host)) == ("beta.semaphoreci.com", "beta")


@pytest.mark.parametrize("active", ["", "active-context: nowhere\n", "active-context: me_semaphoreci_com\n"])
def test_it_does_so_whatever_context_is_active(home: Path, active: str) -> None:
    settings(home, FILE.replace("active-context: acme_semaphoreci_com\n", active))
    assert opened(choose(home, SEMAPHORE_HOST="acme.semaphoreci.com")) == ("acme.semaphoreci.com", "acme")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "beta.semaphoreci.com:8443",
        "beta.semaphoreci.com.evil.example",
        "xbeta.semaphoreci.com",
        "gone.semaphoreci.com",
        "http://127.0.0.1:4000",
    ],
)
def test_no_token_of_the_file_goes_to_another_host(home: Path, host: str) -> None:
    assert "set SEMAPHORE_API_TOKEN too" in refusal(home, SEMAPHORE_HOST=host)


def test_of_several_contexts_of_the_host_the_active_one_is_taken_or_else_asked_for(home: Path) -> None:
    settings(home, TWO_FOR_ONE_HOST)
    assert opened(choose(home, SEMAPHORE_HOST="acme.semaphoreci.com")) == ("acme.semaphoreci.com", "acme")
    settings(home, TWO_FOR_ONE_HOST.replace("active-context: acme_semaphoreci_com\n", ""))
    assert "several contexts" in refusal(home, SEMAPHORE_HOST="acme.semaphoreci.com")


# Contexts that are no organization to open


@pytest.mark.parametrize("token", [TOKENS["me"], '""'])
@pytest.mark.parametrize("way", ["active", "--context", "SEM_CONTEXT"])
def test_an_account_s_own_host_is_answered_with_what_to_do(home: Path, way: str, token: str) -> None:
    text = FILE.replace(TOKENS["me"], token)
    settings(home, text.replace("active-context: acme", "active-context: me") if way == "active" else text)
    name = "me_semaphoreci_com"
    if way == "active":
        words = refusal(home)
        assert "SEMAPHORE_API_TOKEN" not in refusal(home, SEMAPHORE_API_TOKEN=TOKENS["env"])
    else:
        words = refusal(home, context=name) if way == "--context" else refusal(home, SEM_CONTEXT=name)
    assert "(me.semaphoreci.com), as `sem-ai signin` writes it, and not an organization" in words
    assert "choose one of acme.semaphoreci.com, staging (beta.semaphoreci.com) with --context" in words


def test_an_account_without_any_organization_is_told_how_to_connect_one(tmp_path: Path) -> None:
    settings(
        tmp_path, f"active-context: me\ncontexts:\n  me: {{host: me.x.example, auth: {{token: {TOKENS['me']}}}}}\n"
    )
    assert "run `sem-ai connect`" in refusal(tmp_path)


def test_a_context_that_was_signed_out_of_says_what_to_do(home: Path) -> None:
    settings(home, FILE.replace("active-context: acme_semaphoreci_com", "active-context: signed_out"))
    words = refusal(home)
    assert (
        "has no API token: run `sem-ai connect`, or choose one of acme.semaphoreci.com, staging (beta.semaphoreci.com)"
        in words
    )


def test_only_what_can_be_opened_is_offered(home: Path) -> None:
    with SessionManager(environ={}, home=home) as organizations:
        assert [each.name for each in organizations.listed()] == ["acme_semaphoreci_com", "staging"]


def test_of_many_contexts_the_first_are_named(tmp_path: Path) -> None:
    lines = [f"  c{n:02}: {{host: h{n}.example, auth: {{token: {TOKENS['env']}}}}}\n" for n in range(30)]
    settings(tmp_path, "contexts:\n" + "".join(lines))
    words = refusal(tmp_path, context="nowhere")
    assert words.endswith(f"{', '.join(f'c{n:02} (h{n}.example)' for n in range(10))} and 20 more.")


# The file


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(FILE + "active-context: staging\n", 20, id="active-context"),
        pytest.param(FILE + "contexts: {}\n", 20, id="contexts"),
        pytest.param(FILE + "  staging:\n    host: evil.example\n", 20, id="a context"),
        pytest.param(FILE.replace("    host: acme", f"      token: {TOKENS['env']}\n    host: acme"), 6, id="a token"),
        pytest.param(FILE.replace("    host: acme", "    host: evil.example\n    host: acme"), 7, id="a host"),
        pytest.param("contexts: {a: {host: x, host: y}}", 1, id="on one line"),
    ],
)
def test_what_the_file_says_twice_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    settings(tmp_path, text)
    assert refusal(tmp_path).startswith(f"Line {line} of {tmp_path}/.sem.yaml repeats a key")
