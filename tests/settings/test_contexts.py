"""Choosing an organization and the token that belongs to it."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from semtui.api.hosts import parse_host
from semtui.settings.contexts import Chosen, Context, choose_context
from semtui.system.errors import ConfigurationError

ACME_TOKEN = "acme-token-000000001"
BETA_TOKEN = "beta-token-000000002"
ENV_TOKEN = "env-token-0000000003"
ALL_TOKENS = (ACME_TOKEN, BETA_TOKEN, ENV_TOKEN)

FILE = f"""\
active-context: Acme_semaphoreci_com
contexts:
  acme_semaphoreci_com:
    auth:
      token: {ACME_TOKEN}
    host: acme.semaphoreci.com
  beta_semaphoreci_com:
    auth:
      token: {BETA_TOKEN}
    host: beta.semaphoreci.com
"""


def write_file(home: Path, content: str | bytes = FILE, mode: int = 0o600) -> Path:
    path = home / ".sem.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def one_context(token: str = ACME_TOKEN, host: str = "acme.semaphoreci.com") -> str:
    return f"active-context: one\ncontexts:\n  one:\n    auth:\n      token: {token}\n    host: {host}\n"


def choose(
    home: Path, name: str | None = None, *, host: str | None = None, env_host: str = "", env_token: str = ""
) -> Chosen:
    environ = {"SEMAPHORE_HOST": env_host, "SEMAPHORE_API_TOKEN": env_token}
    chosen = choose_context(context_name=name, host=host, environ=environ, home=home)
    assert not any(token in repr(chosen) for token in ALL_TOKENS)
    return chosen


def refusal(
    home: Path, name: str | None = None, *, host: str | None = None, env_host: str = "", env_token: str = ""
) -> str:
    """The sentence of a refusal, which never holds a token."""
    with pytest.raises(ConfigurationError) as caught:
        choose(home, name, host=host, env_host=env_host, env_token=env_token)
    sentence = str(caught.value)
    assert not any(token in sentence for token in ALL_TOKENS)
    assert sentence.endswith(".")
    assert sentence.isprintable()
    return sentence


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
    assert chosen.context == Context("env", "acme.semaphoreci.com", "https://acme.semaphoreci.com", ENV_TOKEN)


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


# Hosts


@pytest.mark.parametrize(
    ("text", "host", "base_url"),
    [
        ("acme.semaphoreci.com", "acme.semaphoreci.com", "https://acme.semaphoreci.com"),
        ("ACME.SemaphoreCI.com.", "acme.semaphoreci.com", "https://acme.semaphoreci.com"),
        ("https://acme.semaphoreci.com", "acme.semaphoreci.com", "https://acme.semaphoreci.com"),
        ("HTTPS://acme.semaphoreci.com:443/", "acme.semaphoreci.com", "https://acme.semaphoreci.com"),
        ("acme.example:8443", "acme.example:8443", "https://acme.example:8443"),
        ("acme.example.:08443", "acme.example:8443", "https://acme.example:8443"),
        ("10.0.0.7", "10.0.0.7", "https://10.0.0.7"),
        ("http://localhost", "localhost", "http://localhost"),
        ("http://localhost:4000/", "localhost:4000", "http://localhost:4000"),
        ("http://127.8.9.10:4000", "127.8.9.10:4000", "http://127.8.9.10:4000"),
        ("http://[::1]:4000", "[::1]:4000", "http://[::1]:4000"),
        ("https://[2001:DB8:0::1]", "[2001:db8::1]", "https://[2001:db8::1]"),
    ],
)
def test_a_plain_host_is_understood(text: str, host: str, base_url: str) -> None:
    origin = parse_host(text, source="--host")
    assert (origin.host, origin.base_url) == (host, base_url)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "acme.example ",
        "acme.example\n",
        "ac me.example",
        "acme.example\x00",
        "acme\t.example",
        "https://acme.example\\@evil.example",
        "https://user@acme.example",
        "https://user:password@acme.example",
        "acme.example@evil.example",
        "acme.example/",
        "acme.example/path",
        "https://acme.example/path",
        "https://acme.example//",
        "https://acme.example?query",
        "https://acme.example/#fragment",
        "acme.example#fragment",
        "acme.example:",
        "acme.example:port",
        "acme.example:0",
        "acme.example:65536",
        "acme.example:123456",
        "acme.example:-1",
        "acme\u3002example",
        "\u212acme.example",
        "%61cme.example",
        ".acme.example",
        "acme..example",
        "acme.example..",
        "-acme.example",
        "acme-.example",
        "acme_corp.example",
        "a" * 64 + ".example",
        "abc." * 63 + "example",
        "https://",
        "https:acme.example",
        "//acme.example",
        "ftp://acme.example",
        "javascript:alert",
        "::1",
        "[::1",
        "[::1%eth0]",
        "[1.2.3.4]",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "256.0.0.1",
        "1.2.3.4.5",
    ],
)
def test_what_is_not_a_plain_host_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^--host (is not a host|has a port).*\.$") as caught:
        parse_host(text, source="--host")
    assert "example" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["münchen.example", "MÜNCHEN.example:8443", "https://münchen.example", "https://münchen.example:8443/"]
)
def test_an_international_name_is_answered_with_the_one_that_is_looked_up(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^--host is not .* its name is xn--mnchen-3ya\.example; give that"):
        parse_host(text, source="--host")
    assert parse_host("xn--mnchen-3ya.example", source="--host").host == "xn--mnchen-3ya.example"


@pytest.mark.parametrize(
    "text", ["a_ü.example", "ü" * 70 + ".example", "https://ü@acme.example", "ü.\u202e.example", "ü"]
)
def test_what_would_be_no_international_name_either_is_not_repeated(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^--host is not a host: ") as caught:
        parse_host(text, source="--host")
    assert "xn--" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "http://acme.semaphoreci.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://128.0.0.1",
        "http://[::2]",
        "http://[::ffff:127.0.0.1]",
        "http://0.0.0.0",
    ],
)
def test_a_token_goes_unencrypted_to_this_computer_only(text: str) -> None:
    with pytest.raises(ConfigurationError, match="use https://"):
        parse_host(text, source="--host")


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


# The file


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_file_that_others_may_read_is_used_with_a_warning(tmp_path: Path, mode: int) -> None:
    path = write_file(tmp_path, mode=mode)
    chosen = choose(tmp_path)
    assert chosen.context.api_token == ACME_TOKEN
    assert len(chosen.warnings) == 1
    assert f"chmod 600 {path}" in chosen.warnings[0]


def test_a_file_that_everyone_may_change_is_refused(tmp_path: Path) -> None:
    path = write_file(tmp_path, mode=0o602)
    assert f"chmod 600 {path}" in refusal(tmp_path)


def test_a_file_of_another_user_is_used_with_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_file(tmp_path)
    stranger = path.stat().st_uid + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    assert f"{path} belongs to another user" in choose(tmp_path).warnings[0]


def test_a_link_within_the_home_directory_is_followed_and_one_out_of_it_is_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "dotfiles").mkdir(parents=True)
    for target in (home / "dotfiles", tmp_path):
        write_file(target).rename(target / "sem.yaml")
    (home / ".sem.yaml").symlink_to("dotfiles/sem.yaml")
    assert choose(home).warnings == ()
    (home / ".sem.yaml").unlink()
    (home / ".sem.yaml").symlink_to("../sem.yaml")
    assert "symbolic link" in choose(home).warnings[0]


def test_what_is_not_a_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / ".sem.yaml"
    path.mkdir()
    assert "not a regular file" in refusal(tmp_path)
    path.rmdir()
    os.mkfifo(path)
    assert "not a regular file" in refusal(tmp_path)
    path.unlink()
    path.symlink_to("/dev/zero")
    assert "not a regular file" in refusal(tmp_path)


def test_what_cannot_be_opened_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / ".sem.yaml"
    path.symlink_to(".sem.yaml")
    assert f"{path} cannot be read" in refusal(tmp_path)
    path.unlink()
    # The name of a socket is short by nature, so it is given from within the directory.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(".sem.yaml")
    assert f"{path} cannot be read" in refusal(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    write_file(tmp_path, mode=0o200)
    assert "make it readable" in refusal(tmp_path)


LAUGHS = "a: &a [ha, ha]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"# " + b"x" * 1024 * 1024, "larger than 1 MiB"),
        (FILE.encode("utf-16"), "not UTF-8"),
        (b"contexts: \xff" + ACME_TOKEN.encode(), "not UTF-8"),
        (f"contexts: [{ACME_TOKEN}", "not YAML"),
        (f"{ACME_TOKEN}: a: b", "not YAML"),
        (f"a: 1\n---\n{ACME_TOKEN}: 2", "not YAML"),
        ("[" * 100_000, "not YAML"),
        (r'a: "\UFFFFFFFF"', "not YAML"),
        ("a: \x1b[2J", "not YAML"),
        (ACME_TOKEN, "holds no settings"),
        (f"- {ACME_TOKEN}", "holds no settings"),
        (f"contexts: {ACME_TOKEN}", "not as sem-ai writes them"),
        (f"contexts: [{ACME_TOKEN}]", "not as sem-ai writes them"),
        (f"active-context: one\ncontexts:\n  one: {ACME_TOKEN}", "has no host"),
        (f"active-context: one\ncontexts:\n  one:\n    host: [{ACME_TOKEN}]", "has no host"),
        (f"active-context: one\ncontexts:\n  one:\n    host: a.example\n    auth: {ACME_TOKEN}", "has no API token"),
        (one_context(host=f"{ACME_TOKEN}@evil.example"), "is not a host"),
        (one_context(token="'ab cdefghijkl'"), "Character 3 "),
        (f"active-context: {ACME_TOKEN}\ncontexts:\n  one: {{}}", "is not among its contexts"),
        (LAUGHS, "holds no contexts"),
    ],
)
def test_a_damaged_file_is_refused_without_repeating_what_it_holds(
    tmp_path: Path, content: str | bytes, words: str
) -> None:
    path = write_file(tmp_path, content)
    sentence = refusal(tmp_path)
    assert words in sentence
    assert str(path) in sentence


def test_no_tag_of_the_file_is_obeyed(tmp_path: Path) -> None:
    made = tmp_path / "made"
    write_file(tmp_path, f"x: !!python/object/apply:os.mkdir [{made}]\n" + one_context())
    assert choose(tmp_path).context.api_token == ACME_TOKEN
    assert not made.exists()


def test_a_byte_order_mark_and_unknown_settings_do_no_harm(tmp_path: Path) -> None:
    write_file(tmp_path, b"\xef\xbb\xbf" + FILE.encode() + b"telemetry: off\n")
    assert choose(tmp_path).context.api_token == ACME_TOKEN


def test_the_name_of_a_context_is_printable(tmp_path: Path) -> None:
    write_file(tmp_path, one_context().replace("one", r'"\e]0;one\u202e"'))
    assert choose(tmp_path).context.name == "␛]0;one‹202E›"


def test_the_home_directory_is_shown_printable_and_quoted(tmp_path: Path) -> None:
    home = tmp_path / "my \x1bhome"
    home.mkdir()
    write_file(home, mode=0o644)
    warning = choose(home).warnings[0]
    assert warning.isprintable()
    assert f"chmod 600 '{tmp_path}/my ␛home/.sem.yaml'" in warning


def test_importing_it_loads_no_yaml() -> None:
    code = "import sys, semtui.settings.contexts; sys.exit(bool({'yaml', 'textual', 'httpx'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
