"""What the tests of line mode share."""

from __future__ import annotations

import pytest

from semtui.demo.server import DemoServer
from tests.support.plain_jobs import SECRET


@pytest.fixture
def _known_token(server: DemoServer) -> None:
    server.organization.tokens.generate = lambda: SECRET
