"""Commands run against the demo organization."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from semtui.__main__ import main
from semtui.api import transport
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from tests.conftest import QUICK, writes
from tests.support.commands import Ended, Run
from tests.support.reviews import Review


@pytest.fixture
def run(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> Run:
    """Runs a command against the demo organization, or another, with the token of `who`; only GET may reach it."""

    def ran(*arguments: str, who: str = "owner", on: DemoServer | None = None, token: str = "") -> Ended:
        target = on or server
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("SEMAPHORE_HOST", target.address)
        monkeypatch.setenv("SEMAPHORE_API_TOKEN", token or target.tokens[who])
        before = len(writes(target))
        status = main([*arguments])
        out, err = (captured.decode() for captured in capfdbinary.readouterr())
        assert "Traceback" not in err
        assert all(re.fullmatch(r"semtui: [^\n]+[.?]", line) for line in err.splitlines()), err
        assert len(writes(target)) == before
        assert (token or target.tokens[who]) not in out + err
        return Ended(status, out, err)

    return ran


_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)


@pytest.fixture
def change(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> Iterator[Run]:
    """Runs a command that may change the demo organization, with the token of `who`, through `wire` if one is given;
    an answer that was lost is looked after for a moment only."""
    monkeypatch.setattr(transport, "Limits", lambda: QUICK)
    monkeypatch.setenv("HOME", str(tmp_path))
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}

    def ran(*arguments: str, who: str = "owner", on: DemoServer | None = None, address: str = "") -> Ended:
        target = on or server
        monkeypatch.setenv("SEMAPHORE_HOST", address or target.address)
        monkeypatch.setenv("SEMAPHORE_API_TOKEN", target.tokens[who])
        status = main([*arguments])
        out, err = (captured.decode() for captured in capfdbinary.readouterr())
        assert "Traceback" not in err
        assert all(re.fullmatch(r"semtui: [^\n]+[.?…)]", line) for line in err.splitlines()), err
        assert target.tokens[who] not in out + err
        return Ended(status, out, err)

    yield ran
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def export(run: Run) -> Run:
    """Runs `semtui export`."""
    return partial(run, "export")


@pytest.fixture
def community() -> Iterator[DemoServer]:
    with DemoServer(edition="ce", group_delay=0, clock=lambda: float(REFERENCE_TIME)) as running:
        yield running


@pytest.fixture
def review(run: Run, tmp_path: Path) -> Review:
    """Writes a review, by default of the demo organization."""

    def made(*arguments: str, name: str = "q4.csv", **more: Any) -> tuple[Ended, Path]:
        path = tmp_path / name
        return run("review", "--output", str(path), *arguments, **more), path

    return made
