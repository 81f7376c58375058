"""Choosing an organization and the token that belongs to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from semtui.settings.contexts import Chosen, Context
from tests.support.choosing import (
    ACME_TOKEN,
    BETA_TOKEN,
    ENV_TOKEN,
    FILE,
    choose,
    one_context,
    refusal,
    write_file,
)

# The active context


def test_the_active_context_is_found_whatever_its_case(tmp_path: Path) -> None:
    write_file(tmp_path)
    assert choose(tmp_path) == Chosen(
        Context("acme_semaphoreci_com", "acme.semaphoreci.com", "https://acme.semaphoreci.com", ACME_TOKEN)
    )


def test_without_settings_the_ways_to_make_some_are_told(tmp_path: Path) -> None:
    sentence = refusal(tmp_path)
    for way in ("sem-ai connect", "SEMAPHORE_HOST", "SEMAPHORE_API_TOKEN", "semtui --demo"):
        assert way in sentence


@pytest.mark.parametrize("content", ["", "contexts:\n", "contexts: {}\n", "active-context: ''\n"])
def test_a_file_without_contexts_is_named(tmp_path: Path, content: str) -> None:
    path = write_file(tmp_path, content)
    assert f"{path} holds no contexts" in refusal(tmp_path)


def test_a_file_that_has_no_active_context_asks_for_one(tmp_path: Path) -> None:
    write_file(tmp_path, FILE.replace("active-context: Acme_semaphoreci_com\n", ""))
    assert "sem-ai context switch" in refusal(tmp_path)


def test_an_active_context_that_is_gone_is_not_replaced_by_another(tmp_path: Path) -> None:
    write_file(tmp_path, FILE.replace("Acme_", "gone_"))
    assert "is not among its contexts" in refusal(tmp_path)


@pytest.mark.parametrize(("line", "lacking"), [("      token: ", "API token"), ("    host: ", "host")])
def test_a_context_that_lacks_something_says_what(tmp_path: Path, line: str, lacking: str) -> None:
    kept = [each for each in one_context().splitlines() if not each.startswith(line)]
    write_file(tmp_path, "\n".join(kept))
    assert f"has no {lacking}" in refusal(tmp_path)


def test_a_token_that_looks_like_a_number_stays_as_written(tmp_path: Path) -> None:
    write_file(tmp_path, one_context(token="0123456789"))
    assert choose(tmp_path).context.api_token == "0123456789"


def test_the_host_of_an_account_is_not_an_organization(tmp_path: Path) -> None:
    write_file(tmp_path, one_context(host="me.semaphoreci.com"))
    assert "not an organization" in refusal(tmp_path)
    assert "not an organization" in refusal(tmp_path, host="ME.semaphoreci.com", env_token=ENV_TOKEN)
    assert "not an organization" in refusal(tmp_path, env_host="https://me.semaphoreci.com", env_token=ENV_TOKEN)


# The environment


def test_the_environment_alone_is_enough(tmp_path: Path) -> None:
    chosen = choose(tmp_path, env_host="acme.semaphoreci.com", env_token=f" {ENV_TOKEN}\n")
    assert chosen.context == Context(
        "env", "acme.semaphoreci.com", "https://acme.semaphoreci.com", ENV_TOKEN, from_environment=True
    )


def test_the_environment_alone_does_not_need_the_file_to_be_good(tmp_path: Path) -> None:
    write_file(tmp_path, "[", mode=0o666)
    assert choose(tmp_path, env_host="other.semaphoreci.com", env_token=ENV_TOKEN).warnings == ()


def test_a_token_of_the_environment_replaces_the_one_of_the_active_context(tmp_path: Path) -> None:
    write_file(tmp_path)
    context = choose(tmp_path, env_token=ENV_TOKEN).context
    assert (context.name, context.host, context.api_token) == (
        "acme_semaphoreci_com",
        "acme.semaphoreci.com",
        ENV_TOKEN,
    )


def test_a_token_of_the_environment_needs_a_host(tmp_path: Path) -> None:
    assert "SEMAPHORE_HOST too" in refusal(tmp_path, env_token=ENV_TOKEN)


@pytest.mark.parametrize("host", ["acme.semaphoreci.com", "https://ACME.semaphoreci.com:443/"])
def test_a_host_of_the_environment_may_be_the_one_of_the_active_context(tmp_path: Path, host: str) -> None:
    write_file(tmp_path)
    context = choose(tmp_path, env_host=host).context
    assert (context.name, context.api_token) == ("acme_semaphoreci_com", ACME_TOKEN)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "acme.semaphoreci.com:8443",
        "acme.semaphoreci.com.evil.example",
    ],
)
def test_a_token_of_the_file_never_goes_to_another_host_of_the_environment(tmp_path: Path, host: str) -> None:
    write_file(tmp_path)
    assert "set SEMAPHORE_API_TOKEN too" in refusal(tmp_path, env_host=host)


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_an_empty_variable_is_as_good_as_none(tmp_path: Path, blank: str) -> None:
    write_file(tmp_path)
    assert choose(tmp_path, env_host=blank, env_token=blank).context.api_token == ACME_TOKEN


# --context


@pytest.mark.parametrize(
    "name", ["beta_semaphoreci_com", "BETA_semaphoreci_com", "beta.semaphoreci.com", "Beta.SemaphoreCI.com"]
)
def test_a_context_is_chosen_by_its_name_or_host(tmp_path: Path, name: str) -> None:
    write_file(tmp_path)
    context = choose(tmp_path, name).context
    assert (context.name, context.host, context.api_token) == (
        "beta_semaphoreci_com",
        "beta.semaphoreci.com",
        BETA_TOKEN,
    )


def test_a_chosen_context_ignores_the_environment_and_says_so(tmp_path: Path) -> None:
    write_file(tmp_path)
    chosen = choose(tmp_path, "beta_semaphoreci_com", env_host="evil.example", env_token=ENV_TOKEN)
    assert (chosen.context.host, chosen.context.api_token) == ("beta.semaphoreci.com", BETA_TOKEN)
    assert [warning.split()[0] for warning in chosen.warnings] == ["SEMAPHORE_HOST", "SEMAPHORE_API_TOKEN"]
    assert all("not used" in warning for warning in chosen.warnings)


def test_a_chosen_context_without_a_token_does_not_take_the_one_of_the_environment(tmp_path: Path) -> None:
    write_file(tmp_path, one_context(token="''"))
    assert "has no API token" in refusal(tmp_path, "one", env_token=ENV_TOKEN)


def test_an_unknown_context_is_answered_with_the_known_hosts(tmp_path: Path) -> None:
    write_file(tmp_path)
    sentence = refusal(tmp_path, "gamma\x1b[2J")
    assert "acme.semaphoreci.com, beta.semaphoreci.com" in sentence
    assert "gamma␛[2J" in sentence


@pytest.mark.parametrize("name", ["", "acme"])
def test_a_context_cannot_be_chosen_from_no_file(tmp_path: Path, name: str) -> None:
    assert "sem-ai connect" in refusal(tmp_path, name)


def test_two_contexts_of_one_name_are_told_apart_by_their_case(tmp_path: Path) -> None:
    write_file(tmp_path, FILE.replace("beta_semaphoreci_com", "ACME_semaphoreci_com"))
    assert choose(tmp_path, "ACME_semaphoreci_com").context.api_token == BETA_TOKEN
    assert "several contexts" in refusal(tmp_path, "AcMe_semaphoreci_com")


def test_a_context_and_another_host_contradict_each_other(tmp_path: Path) -> None:
    write_file(tmp_path)
    assert "two different hosts" in refusal(tmp_path, "beta_semaphoreci_com", host="acme.semaphoreci.com")
    assert choose(tmp_path, "beta_semaphoreci_com", host="beta.semaphoreci.com").context.api_token == BETA_TOKEN


# --host


def test_a_host_is_given_the_token_of_its_own_context(tmp_path: Path) -> None:
    write_file(tmp_path)
    context = choose(tmp_path, host="https://beta.semaphoreci.com/").context
    assert (context.name, context.api_token) == ("beta_semaphoreci_com", BETA_TOKEN)


@pytest.mark.parametrize(
    "host", ["evil.example", "acme.semaphoreci.com:8443", "http://localhost:4000", "acme.semaphoreci.co"]
)
def test_a_token_of_the_file_never_goes_to_another_host(tmp_path: Path, host: str) -> None:
    write_file(tmp_path)
    assert "set SEMAPHORE_API_TOKEN" in refusal(tmp_path, host=host)


def test_a_host_without_a_context_takes_the_token_of_the_environment(tmp_path: Path) -> None:
    write_file(tmp_path)
    context = choose(tmp_path, host="http://127.0.0.1:4000", env_token=ENV_TOKEN).context
    assert context == Context("127.0.0.1:4000", "127.0.0.1:4000", "http://127.0.0.1:4000", ENV_TOKEN)


def test_a_host_with_a_context_leaves_the_token_of_the_environment_alone_and_says_so(tmp_path: Path) -> None:
    write_file(tmp_path)
    chosen = choose(tmp_path, host="beta.semaphoreci.com", env_token=ENV_TOKEN)
    assert chosen.context.api_token == BETA_TOKEN
    assert chosen.warnings[0].startswith("SEMAPHORE_API_TOKEN is set but not used")


def test_a_token_of_the_environment_stays_with_the_host_of_the_environment(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, host="evil.example", env_host="acme.semaphoreci.com", env_token=ENV_TOKEN)
    assert "--host names another host" in sentence
    chosen = choose(tmp_path, host="acme.semaphoreci.com", env_host="acme.semaphoreci.com", env_token=ENV_TOKEN)
    assert chosen.context.api_token == ENV_TOKEN


def test_of_several_contexts_for_a_host_the_active_one_is_taken(tmp_path: Path) -> None:
    same_host = FILE.replace("host: beta", "host: acme")
    write_file(tmp_path, same_host)
    assert choose(tmp_path, host="acme.semaphoreci.com").context.api_token == ACME_TOKEN
    write_file(tmp_path, same_host.replace("active-context: Acme_semaphoreci_com\n", ""))
    assert "several contexts" in refusal(tmp_path, host="acme.semaphoreci.com")


# Tokens


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("abcd efgh ijkl", "Character 5 "),
        ("abcdefgh\nijkl", "Character 9 "),
        ("'abcdefghijkl", "Character 1 "),
        ("abcdefghijklé", "Character 13 "),
        ("abcdefg", "7 characters long"),
        ("a" * 201, "201 characters long"),
    ],
)
def test_a_token_that_cannot_be_one_is_refused_without_showing_it(tmp_path: Path, token: str, words: str) -> None:
    sentence = refusal(tmp_path, env_host="acme.semaphoreci.com", env_token=token)
    assert words in sentence
    assert "SEMAPHORE_API_TOKEN" in sentence
    assert "abcd" not in sentence
    assert "aaa" not in sentence


@pytest.mark.parametrize("token", ["abcdefgh", "a" * 200, "-_=.-_=.", "-starts-with-a-dash"])
def test_every_token_semaphore_gives_out_is_accepted(tmp_path: Path, token: str) -> None:
    assert choose(tmp_path, env_host="acme.semaphoreci.com", env_token=token).context.api_token == token
