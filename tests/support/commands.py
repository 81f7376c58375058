"""Runs of semtui's commands, and how they ended."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from semtui.demo.server import DemoServer
from tests.support.terminal import SEMTUI, clean_environment

TOKEN = "canary-token-0123456789"


@dataclass(frozen=True)
class Ended:
    """How a run of semtui ended."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out, newline=""), strict=True))

    @property
    def lists(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


Run = Callable[..., Ended]


def program(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run the installed semtui, without a terminal."""
    return subprocess.run(
        [SEMTUI, *arguments],
        env=clean_environment(home, **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


def shell(home: Path, command: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of bash in which $SEMTUI is semtui."""
    return subprocess.run(
        ["bash", "-c", command],
        env=clean_environment(home, SEMTUI=SEMTUI, **variables),
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


def change(server: DemoServer, method: str, path: str, **body: object) -> None:
    """Change the demo organization as somebody else would."""
    url = f"{server.address}/api/v1alpha/{path}"
    answer = httpx.request(method, url, headers={"Authorization": f"Token {server.tokens['owner']}"}, json=body)
    assert answer.status_code == 200, answer.text


def account_id(server: DemoServer, name: str) -> str:
    account = server.organization.service_account_named(name)
    assert account is not None
    return account.id
