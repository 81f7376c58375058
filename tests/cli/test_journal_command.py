"""`semtui journal`: what was changed, from semtui's own files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from semtui.__main__ import main
from semtui.demo.server import DemoServer
from tests.support.commands import Run
from tests.support.line_mode import run as line_mode


def test_what_the_program_changed_is_printed(run: Run, server: DemoServer, tmp_path: Path) -> None:
    assert run("journal").out.startswith("Nothing has been changed through semtui here")
    typed = ("3", "terraform", "1", "3", "deactivate", "0", "0", "q")
    said = line_mode(tmp_path, server, *typed).stdout.decode()
    assert "Deactivated terraform." in said
    host = server.address.removeprefix("http://")
    text = run("journal").out
    assert host in text
    assert "  Deactivate the account terraform: done.\n  State: active -> deactivated\n".replace("->", "→") in text
    (entry,) = json.loads(run("journal", "--format", "json").out)["journal"]
    assert (entry["action"], entry["outcome"], entry["host"]) == ("deactivate", "done", host)
    assert entry["before"] == {"state": "active"}
    (row,) = csv.DictReader(io.StringIO(run("journal", "--format", "csv").out))
    assert row["change"] == "Deactivate the account terraform"
    assert run("journal", "TERRA", "--host", server.address).out == text
    for nothing in (("journal", "ci-bot"), ("journal", "--host", "other.example.com")):
        assert run(*nothing).out.startswith("Nothing has been changed")
    kept = list((tmp_path / ".local/state/semtui").glob("changes-*.jsonl"))
    assert [path.stat().st_mode & 0o777 for path in kept] == [0o600]
    with kept[0].open("a") as file:
        file.write('{"cut off\n')
    damaged = run("journal")
    assert damaged.out == text
    assert damaged.err == "semtui: 1 line left out: damaged, or of a later version of semtui.\n"


def test_switched_off_nothing_is_written(run: Run, server: DemoServer, tmp_path: Path) -> None:
    settings = tmp_path / ".config/semtui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[journal]\nkeep = false\n")
    said = line_mode(tmp_path, server, "3", "terraform", "1", "3", "deactivate", "0", "0", "q").stdout.decode()
    assert "Deactivated terraform." in said
    assert not list(tmp_path.rglob("changes-*"))
    ended = run("journal")
    assert (ended.status, ended.out) == (2, "")
    assert "switched off" in ended.err


@pytest.mark.parametrize("arguments", [("--format", "yaml"), ("--context", "acme"), ("--demo",)])
def test_what_it_cannot_do_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert main(["journal", *arguments]) == 2
    assert capsys.readouterr().err.startswith("semtui: ")
