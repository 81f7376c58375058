"""The journal in line mode, and undoing the last change."""

from __future__ import annotations

from semtui.demo.server import DemoServer
from semtui.session.session import Session
from tests.conftest import writes
from tests.support.line_mode import talk
from tests.support.plain_jobs import CHANGES


def test_what_was_changed_is_read_out_and_undone(session: Session, server: DemoServer) -> None:
    deactivate = ("3", "terraform", "1")
    said = talk(
        session, *deactivate, "3", "deactivate", "0", "0", "0", CHANGES, "2", "", "2", "undo", "1", "0", "0", "q"
    )
    assert "Undo the last change" in said
    account = server.organization.service_account_named("terraform")
    assert account is not None
    assert "Changed: Deactivate the account terraform" in said, said
    assert "It was left as it is." in said
    assert "terraform is active again." in said
    assert not account.deactivated
    assert [path.rpartition("/")[2] for _, path, _ in writes(server)] == ["deactivate", "reactivate"]
