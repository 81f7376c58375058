"""What the installed program says when it cannot start: one sentence, exit status 2, and never a token."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from semtui import __version__
from tests.support.terminal import SEMTUI, Terminal, clean_environment

TOKEN = "canary-token-0123456789"
ENVIRONMENT = {"SEMAPHORE_HOST": "acme.semaphoreci.com", "SEMAPHORE_API_TOKEN": TOKEN}
SETTINGS = f"""\
active-context: acme
contexts:
  acme:
    auth:
      token: {TOKEN}
    host: acme.semaphoreci.com
"""


def run(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run semtui with neither keyboard nor screen."""
    return subprocess.run(
        [SEMTUI, *arguments],
        env=clean_environment(home, **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def settings(home: Path, text: str = SETTINGS, mode: int = 0o600) -> None:
    path = home / ".sem.yaml"
    path.write_text(text)
    path.chmod(mode)


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The one line in which semtui said why it did not start."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert re.fullmatch(r"semtui: [^\n]+\.\n", done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.rstrip("\n").isprintable()
    assert "canary" not in done.stderr
    return done.stderr


def test_the_version_is_printed(tmp_path: Path) -> None:
    done = run(tmp_path, "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"semtui {__version__}\n", "")


def test_help_names_every_option_and_none_takes_a_token(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    options = set(re.findall(r"^  (?:-\w, )?(--[\w-]+)", done.stdout, re.MULTILINE))
    wanted = {
        "--help",
        "--demo",
        "--debug",
        "--context",
        "--host",
        "--read-only",
        "--read-write",
        "--plain",
        "--from",
        "--ca-file",
        "--version",
    }
    assert options == wanted


def test_an_unknown_option_is_refused_with_the_usage(tmp_path: Path) -> None:
    done = run(tmp_path, "--no-such-option")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: semtui ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--plian"], "--plian. Did you mean --plain?"),
        (["exprot"], "exprot. Did you mean export?"),
        (["export", "--waht", "people"], "--waht, argument 3. Did you mean --what?"),
        (["--no-such-option"], "--no-such-option."),
        (["--demo", "-x", "-y"], "-x, -y."),
        (["--context", "prod", "hunter2"], "argument 3."),
        (["--token", TOKEN], "--token, argument 2."),
        ([f"--token={TOKEN}"], "--token."),
        ([f"-t{TOKEN}"], "argument 1."),
        ([TOKEN], "argument 1."),
        (["--demo", "export", TOKEN], "argument 3."),
        ([f"--{'z' * 18}"], "argument 1."),
    ],
)
def test_what_is_not_known_is_named_unless_it_could_be_a_token(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = run(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"unknown argument: {said}" in done.stderr
    for secret in (TOKEN, "hunter2", "zzz", "canary"):
        assert secret not in done.stderr


def test_a_value_for_an_option_that_takes_none_names_the_option(tmp_path: Path) -> None:
    done = run(tmp_path, f"--demo={TOKEN}")
    assert "unknown argument: a value for --demo, which takes none." in done.stderr
    assert "canary" not in done.stderr


@pytest.mark.parametrize("option", [["--token", TOKEN], [f"--token={TOKEN}"], ["--api-token", TOKEN], [TOKEN]])
def test_a_token_on_the_command_line_is_refused_and_not_repeated(tmp_path: Path, option: list[str]) -> None:
    done = run(tmp_path, *option)
    assert (done.returncode, done.stdout) == (2, "")
    assert "canary" not in done.stderr


def test_without_any_settings_the_ways_to_make_some_are_named(tmp_path: Path) -> None:
    words = sentence(run(tmp_path))
    for way in ("sem-ai connect", "SEMAPHORE_HOST", "SEMAPHORE_API_TOKEN", "semtui --demo"):
        assert way in words


def test_a_token_without_a_host_is_not_enough(tmp_path: Path) -> None:
    assert "SEMAPHORE_HOST" in sentence(run(tmp_path, SEMAPHORE_API_TOKEN=TOKEN))


def test_a_host_without_a_token_is_not_enough(tmp_path: Path) -> None:
    assert "SEMAPHORE_API_TOKEN" in sentence(run(tmp_path, SEMAPHORE_HOST="acme.semaphoreci.com"))


def test_an_unknown_context_is_answered_with_those_there_are(tmp_path: Path) -> None:
    settings(tmp_path)
    words = sentence(run(tmp_path, "--context", "nowhere"))
    assert "There is no context “nowhere”" in words
    assert "acme.semaphoreci.com" in words


def test_context_and_host_must_not_contradict_each_other(tmp_path: Path) -> None:
    settings(tmp_path)
    words = sentence(run(tmp_path, "--context", "acme", "--host", "other.semaphoreci.com"))
    assert "two different hosts" in words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(f"contexts: [{TOKEN}", "is not YAML", id="broken off"),
        pytest.param(f"contexts:\n\t{TOKEN}: x", "is not YAML", id="tab"),
        pytest.param(TOKEN, "holds no settings", id="bare word"),
        pytest.param(f"contexts: {TOKEN}", "are not as sem-ai writes them", id="no mapping"),
        pytest.param("", "holds no contexts", id="empty"),
        pytest.param(SETTINGS.replace("active-context: acme", ""), "which of its contexts is active", id="none active"),
        pytest.param(SETTINGS.replace("-context: acme", "-context: b"), "is not among its contexts", id="other active"),
        pytest.param(SETTINGS.replace(TOKEN, f"{TOKEN}é"), "belongs in no API token", id="odd token"),
    ],
)
def test_malformed_settings_are_named_and_not_quoted(tmp_path: Path, text: str, said: str) -> None:
    settings(tmp_path, text)
    words = sentence(run(tmp_path))
    assert said in words
    assert ".sem.yaml" in words


def test_settings_that_everyone_may_change_are_refused(tmp_path: Path) -> None:
    settings(tmp_path, mode=0o606)
    words = sentence(run(tmp_path))
    assert "Everyone on this computer may change" in words
    assert "chmod 600" in words


def test_settings_that_are_a_directory_are_refused(tmp_path: Path) -> None:
    (tmp_path / ".sem.yaml").mkdir()
    assert "is not a regular file" in sentence(run(tmp_path))


BAD_HOSTS = [
    pytest.param("http://acme.semaphoreci.com", "use https://", id="unencrypted"),
    pytest.param("http://127.0.0.1.example.com", "use https://", id="nearly loopback"),
    pytest.param(f"https://user:{TOKEN}@acme.semaphoreci.com", "is not a host", id="userinfo"),
    pytest.param(f"acme.semaphoreci.com/{TOKEN}", "is not a host", id="path"),
    pytest.param("https://acme.semaphoreci.com/people", "is not a host", id="path of a URL"),
    pytest.param("https://acme.semaphoreci.com?a=b", "is not a host", id="query"),
    pytest.param("ftp://acme.semaphoreci.com", "is not a host", id="scheme"),
    pytest.param("acme.semaphoreci.com:65536", "port that does not exist", id="port"),
    pytest.param("acme semaphoreci", "is not a host", id="space"),
    pytest.param("\x1b[31macme", "is not a host", id="escape sequence"),
    pytest.param("me.semaphoreci.com", "not an organization", id="account host"),
]


@pytest.mark.parametrize(("host", "said"), BAD_HOSTS)
def test_a_bad_host_option_is_refused_and_not_repeated(tmp_path: Path, host: str, said: str) -> None:
    words = sentence(run(tmp_path, "--host", host, SEMAPHORE_API_TOKEN=TOKEN))
    assert said in words
    assert "--host" in words


@pytest.mark.parametrize(("host", "said"), BAD_HOSTS)
def test_a_bad_host_variable_is_refused_and_not_repeated(tmp_path: Path, host: str, said: str) -> None:
    words = sentence(run(tmp_path, SEMAPHORE_HOST=host, SEMAPHORE_API_TOKEN=TOKEN))
    assert said in words
    assert "SEMAPHORE_HOST" in words


def test_a_token_that_cannot_be_one_is_refused_by_position(tmp_path: Path) -> None:
    words = sentence(run(tmp_path, **(ENVIRONMENT | {"SEMAPHORE_API_TOKEN": f"{TOKEN}\nX-Header: 1"})))
    assert f"Character {len(TOKEN) + 1} of the API token" in words


def test_a_missing_ca_file_is_named(tmp_path: Path) -> None:
    words = sentence(run(tmp_path, "--ca-file", str(tmp_path / "none.pem"), **ENVIRONMENT))
    assert "none.pem cannot be read" in words


def test_a_directory_is_no_ca_file(tmp_path: Path) -> None:
    assert "--ca-file" in sentence(run(tmp_path, "--ca-file", str(tmp_path), **ENVIRONMENT))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"{TOKEN}\n".encode(), id="text"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\x30\x82\x00\xff", id="binary"),
        pytest.param(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", id="damaged"),
    ],
)
def test_a_ca_file_that_is_not_pem_is_refused_and_not_quoted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ca.pem"
    path.write_bytes(content)
    words = sentence(run(tmp_path, "--ca-file", str(path), **ENVIRONMENT))
    assert "ca.pem holds no certificates in PEM form" in words


@pytest.mark.parametrize(
    "path", [pytest.param("a\nb.pem", id="line break"), pytest.param("\x1b]0;x\x07.pem", id="escape sequence")]
)
def test_a_ca_file_with_an_odd_name_cannot_talk_to_the_terminal(tmp_path: Path, path: str) -> None:
    assert "--ca-file" in sentence(run(tmp_path, "--ca-file", path, **ENVIRONMENT))


@pytest.mark.parametrize("option", [["--context", "acme"], ["--host", "acme.semaphoreci.com"]])
def test_the_demo_is_not_mixed_with_a_real_organization(tmp_path: Path, option: list[str]) -> None:
    settings(tmp_path)
    words = sentence(run(tmp_path, "--demo", *option, **ENVIRONMENT))
    assert "--demo opens the built-in organization" in words


def test_without_a_terminal_nothing_is_drawn(tmp_path: Path) -> None:
    assert "needs a terminal" in sentence(run(tmp_path, **ENVIRONMENT))
    assert "needs a terminal" in sentence(run(tmp_path, "--demo"))


@pytest.mark.parametrize("redirection", ["</dev/null", ">captured", "2>captured"])
def test_a_redirection_of_any_stream_is_refused(tmp_path: Path, redirection: str) -> None:
    # Textual draws on standard error, so a token would be written to wherever that leads.
    captured = tmp_path / "captured"
    captured.touch()
    command = ["/bin/sh", "-c", f'cd "$HOME" && exec "$0" --demo {redirection}', SEMTUI]
    with Terminal(command, clean_environment(tmp_path)) as terminal:
        assert terminal.wait_for_end(5) == 2
        written = captured.read_bytes() + terminal.output
        assert b"needs a terminal" in written
        assert b"\x1b" not in written


def test_a_refusal_on_a_terminal_is_one_line_of_plain_text(tmp_path: Path) -> None:
    settings(tmp_path, f"contexts: [{TOKEN}")
    with Terminal([SEMTUI], clean_environment(tmp_path), columns=200) as terminal:
        assert terminal.wait_for_end() == 2
        assert re.fullmatch(rb"semtui: [ -~]+ is not YAML: [ -~]+\.\r\n", terminal.output)
        assert terminal.modes == terminal.modes_before
