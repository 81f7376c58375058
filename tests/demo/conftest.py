"""Callers of the demo organization, in both editions."""

import os
from collections.abc import Iterator

import httpx
import pytest

from semtui.demo.server import DemoServer
from tests.support.conformance import (
    World,
    authorization,
    client_of,
    world,
)


@pytest.fixture
def ee() -> Iterator[World]:
    yield from world("ee")


@pytest.fixture
def ce() -> Iterator[World]:
    yield from world("ce")


@pytest.fixture
def owner(ee: World) -> httpx.Client:
    return ee.as_("owner")


@pytest.fixture
def admin(ee: World) -> httpx.Client:
    return ee.as_("admin")


@pytest.fixture(scope="module")
def reader() -> Iterator[httpx.Client]:
    """Somebody who may read everything: here, or in a real organization."""
    host, token = os.environ.get("SEMTUI_CONFORMANCE_HOST"), os.environ.get("SEMTUI_CONFORMANCE_TOKEN")
    if host and token:
        address = host if "://" in host else f"https://{host}"
        with client_of(address, authorization(token)) as client:
            yield client
        return
    with DemoServer() as server, client_of(server.address, authorization(server.tokens["owner"])) as client:
        yield client
