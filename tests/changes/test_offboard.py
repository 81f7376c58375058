"""Offboarding a person: each thing is done as chosen, told as it is true, and gone on with where it stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from semtui.audit.access.current import graph_of
from semtui.audit.impact import impact
from semtui.changes import offboard
from semtui.changes.offboard import Item, Offboarding, Treatment
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.organization.store import OrganizationStore
from semtui.organization.ties import load_ties
from semtui.session.session import Session
from semtui.wording.offboarding import receipt
from tests.conftest import writes

pytestmark = pytest.mark.anyio


async def plan_of(session: Session, name: str) -> Offboarding:
    store = OrganizationStore(session)
    await store.load_people(lambda: None)
    await store.load_projects(lambda: None)
    person = next(each for each in store.people.subjects if each.name == name)
    ties = await load_ties(session.read, store.projects.listing.items)
    found = impact(graph_of(store.people, store.projects), person, ties)
    return offboard.offboarding(found, session.history.entries(), community=store.people.community)


def item(plan: Offboarding, name: str) -> Item:
    return next(each for each in plan.items if each.name == name)


def chosen(plan: Offboarding, **treatments: Treatment) -> Offboarding:
    for name, treatment in treatments.items():
        plan = plan.chosen(item(plan, name.replace("_", "-")).id, treatment)
    return plan


async def carried_out(session: Session, plan: Offboarding, folder: Path) -> Offboarding:
    return await offboard.carry_out(session, plan, folder, lambda plan, words: None)


async def test_everything_is_kept_unless_something_is_chosen(
    session: Session, server: DemoServer, tmp_path: Path
) -> None:
    plan = await plan_of(session, "Amara Okafor")
    assert {each.treatment for each in plan.items} == {"keep"}
    assert plan.items[-1].choices == ("keep",)
    assert "Owner" in plan.items[-1].words
    await carried_out(session, plan, tmp_path)
    assert writes(server) == []


async def test_what_is_chosen_is_done_and_told(session: Session, server: DemoServer, tmp_path: Path) -> None:
    plan = await plan_of(session, "Amara Okafor")
    plan = chosen(plan, terraform="deactivate", renovate="regenerate").chosen(
        item(plan, "web-storefront").id, "new owner", "Noor Haddad"
    )
    old = server.organization.token_of(item(plan, "renovate").id)
    plan = await carried_out(session, plan, tmp_path)
    account = server.organization.service_account_named("terraform")
    assert account is not None
    assert account.deactivated
    new = server.organization.token_of(item(plan, "renovate").id)
    assert new != old
    assert (tmp_path / "renovate.token").read_text() == f"{new}\n"
    assert not session.unstored_tokens
    assert [item(plan, name).outcome for name in ("terraform", "renovate")] == ["done", "done"]
    assert offboard.summary(plan) == "Offboarding Amara Okafor: 2 of 2 done, 1 new owner noted."
    written = receipt("Amara Okafor", plan.person.id, "acme.example.com", 1.8e9, offboard.receipt_rows(plan), "Done.")
    for form in ("text", "json", "csv", "md"):
        text = written.write(form)
        assert "Noor Haddad" in text
        assert str(new) not in text
    assert len(json.loads(written.write("json"))["items"]) == len(plan.items)
    # Opened again, it is known which token was replaced already.
    assert item(await plan_of(session, "Amara Okafor"), "renovate").words.startswith("token replaced on ")


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
async def test_lost_answers_are_looked_up_and_what_did_not_arrive_can_be_gone_on_with(
    session: Session, server: DemoServer, tmp_path: Path, kind: Any
) -> None:
    plan = await plan_of(session, "Kenji Watanabe")
    plan = plan.chosen(plan.person.id, "remove")
    server.inject(Fault("DELETE", "*", kind, times=1))
    plan = await carried_out(session, plan, tmp_path)
    there = [each["id"] for each in server.organization.members.page({"member_type": "user"})["members"]]
    arrived = kind == "drop_after"
    assert (plan.person.id in there) == (not arrived)
    assert plan.items[-1].outcome == ("done" if arrived else "not done")
    plan = await carried_out(session, plan, tmp_path)
    assert plan.items[-1].outcome == "done"
    there = [each["id"] for each in server.organization.members.page({"member_type": "user"})["members"]]
    assert plan.person.id not in there


async def test_a_token_that_could_not_be_stored_is_not_asked_for(
    session: Session, server: DemoServer, tmp_path: Path
) -> None:
    plan = chosen(await plan_of(session, "Amara Okafor"), renovate="regenerate", terraform="deactivate")
    plan = await carried_out(session, plan, tmp_path / "nowhere")
    assert item(plan, "renovate").outcome == "refused"
    assert item(plan, "terraform").outcome == "done"
    assert [path.rpartition("/")[2] for _, path, _ in writes(server)] == ["deactivate"]


async def test_a_token_that_is_not_delivered_after_all_is_saved_privately(
    session: Session, server: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "tokens"
    folder.mkdir()
    make = session.make_token

    async def made_and_gone(*given: Any, **more: Any) -> Any:
        token = await make(*given, **more)
        folder.rmdir()
        return token

    # The directory goes away between the check and the delivery.
    monkeypatch.setattr(session, "make_token", made_and_gone)
    plan = await carried_out(session, chosen(await plan_of(session, "Amara Okafor"), renovate="regenerate"), folder)
    renewed = item(plan, "renovate")
    assert renewed.outcome == "partly"
    assert "not delivered" in renewed.words
    assert "0 of 1 done, 1 done in part." in offboard.summary(plan)
    (path,) = session.vault.rescued_before()
    assert path.read_text() == f"{server.organization.token_of(renewed.id)}\n"
    assert str(path) in renewed.words


async def test_it_stops_where_everything_would_fail(session: Session, server: DemoServer, tmp_path: Path) -> None:
    plan = chosen(await plan_of(session, "Amara Okafor"), terraform="deactivate", renovate="deactivate")
    server.inject(Fault("POST", "*/deactivate", "status", status=401))
    plan = await carried_out(session, plan, tmp_path)
    assert sorted(each.outcome for each in plan.items if each.treatment == "deactivate") == ["not done", "planned"]
    assert len(plan.to_send) == 2
    assert replace(plan.to_send[0], outcome="planned").is_sent
