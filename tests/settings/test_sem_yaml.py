"""Hosts, and what is read of ~/.sem.yaml."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from semtui.api.hosts import parse_host
from semtui.system.errors import ConfigurationError
from tests.support.choosing import (
    ACME_TOKEN,
    FILE,
    choose,
    one_context,
    refusal,
    write_file,
)

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
