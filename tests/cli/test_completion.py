"""`semtui completion` and `semtui man`: made from the parsers, understood by the shells, names without a request."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest

from semtui.cli.arguments import whole_parser
from semtui.cli.commands import COMMANDS
from semtui.cli.completion import NAMES, SHELLS, arguments_of, script
from semtui.cli.known_names import known_names
from semtui.cli.man import page
from semtui.cli.shared_files import shared_files
from semtui.demo.server import DemoServer
from tests.conftest import rename_person
from tests.support.commands import Run
from tests.support.terminal import SEMTUI, clean_environment

CHECKS = {"bash": "-n", "zsh": "-n", "fish": "--no-execute"}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_understands_its_script(tmp_path: Path, shell: str) -> None:
    written = script(shell)
    assert all(command in written for command in COMMANDS)
    assert "--token-to" in written or "token-to" in written
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell} here")
    file = tmp_path / "script"
    file.write_text(written)
    assert subprocess.run([program, CHECKS[shell], file], capture_output=True, text=True, check=True).stderr == ""


def test_a_wheel_installs_what_shells_and_man_look_for(tmp_path: Path) -> None:
    builder = pytest.importorskip("hatchling.builders.wheel", reason="hatchling builds the wheel")
    (made,) = builder.WheelBuilder(str(Path(__file__).parents[2])).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(made) as wheel:
        data = {name.partition(".data/data/")[2]: name for name in wheel.namelist() if ".data/data/" in name}
        assert {place: wheel.read(name).decode() for place, name in data.items()} == shared_files()
    assert set(data) == {
        "share/man/man1/semtui.1",
        "share/bash-completion/completions/semtui",
        "share/zsh/site-functions/_semtui",
        "share/fish/vendor_completions.d/semtui.fish",
    }


def completed(home: Path, typed: str, **variables: str) -> list[str]:
    """What bash offers for the last word typed."""
    words = typed.split(" ")
    file = home / "script"
    file.write_text(script("bash"))
    quoted = " ".join(f"'{word}'" for word in words)
    commands = f"""
        shopt -s progcomp; PATH={Path(SEMTUI).parent}:$PATH; source {file}
        COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}
        $(complete -p semtui | sed -E 's/.*-F ([^ ]+).*/\\1/') semtui '{words[-1]}' '{words[-2]}'
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "-c", commands], env=clean_environment(home, **variables), capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]


def test_commands_actions_options_and_words_are_completed(tmp_path: Path) -> None:
    assert completed(tmp_path, "semtui acc") == ["account"]
    assert completed(tmp_path, "semtui account de") == ["deactivate", "delete"]
    assert completed(tmp_path, "semtui account create --tok") == ["--token-to"]
    (tmp_path / "ours.pem").touch()
    assert completed(tmp_path, f"semtui list --ca-file {tmp_path}/our") == [f"{tmp_path}/ours.pem"]
    assert completed(tmp_path, "semtui list gr") == ["groups"]
    assert completed(tmp_path, "semtui findings --fail-on m") == ["medium"]
    assert completed(tmp_path, "semtui due --format ") == ["text", "json"]
    assert completed(tmp_path, "semtui review --format ") == ["csv", "md", "vanta"]


def test_names_are_those_of_the_lists_read_last_and_take_no_request(
    run: Run, server: DemoServer, tmp_path: Path
) -> None:
    access = {"SEMAPHORE_HOST": server.address, "SEMAPHORE_API_TOKEN": server.tokens["owner"]}
    assert completed(tmp_path, "semtui account deactivate terr", **access) == []
    rename_person(server, "Sam Patel", "Kenji $HOME `x`")
    run("list", "accounts")
    (file,) = (tmp_path / ".local/state/semtui").glob("names-*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert server.tokens["owner"] not in file.read_text()
    before = len(server.requests)
    assert completed(tmp_path, "semtui account deactivate terr", **access) == ["terraform"]
    assert completed(tmp_path, "semtui rotate begin terr", **access) == ["terraform"]
    assert completed(tmp_path, "semtui member offboard x --deactivate terr", **access) == ["terraform"]
    offered = completed(tmp_path, "semtui member remove Kenji", **access)
    assert offered == ["Kenji\\ \\$HOME\\ \\`x\\`", "Kenji\\ Watanabe"]
    assert completed(tmp_path, "semtui who-can organization.people.in", **access) == ["organization.people.invite"]
    assert len(server.requests) == before
    server.organization.delete_all_service_accounts()
    run("list", "accounts")
    assert completed(tmp_path, "semtui account deactivate terr", **access) == []


@pytest.mark.parametrize(
    "content", ["", "[]", '{"accounts": 3}', "[" * 100_000], ids=["empty", "a list", "a number", "deep"]
)
def test_a_damaged_file_of_names_offers_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run: Run, server: DemoServer, content: str
) -> None:
    run("list", "accounts")
    monkeypatch.setenv("SEMAPHORE_API_TOKEN", server.tokens["owner"])
    assert "terraform" in known_names("accounts")
    (file,) = (tmp_path / ".local/state/semtui").glob("names-*.json")
    assert json.loads(file.read_text())
    file.write_text(content)
    assert known_names("accounts") == []


def test_every_argument_that_takes_a_name_exists() -> None:
    arguments = {(command, action.dest) for command, action in arguments_of(whole_parser())}
    for key in NAMES:
        command, _, argument = key.rpartition(" ")
        assert any(each[1] == argument and command in ("", each[0]) for each in arguments), key


def test_the_page_has_every_command_and_option_and_no_mistake(tmp_path: Path) -> None:
    written = page()
    for command, action in arguments_of(whole_parser()):
        for option in action.option_strings:
            if action.help != "==SUPPRESS==":
                assert option.replace("-", "\\-") in written, (command, option)
    assert ".SS semtui account create NAME" in written
    groff = shutil.which("groff")
    if groff is not None:
        file = tmp_path / "semtui.1"
        file.write_text(written)
        done = subprocess.run([groff, "-man", "-Tascii", "-ww", file], capture_output=True, check=True)
        assert [line for line in done.stderr.splitlines() if b"can't find special character" not in line] == []
