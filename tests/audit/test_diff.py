"""What has changed: told by id, nothing as gone that was not read, and who holds more or less by it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semtui.api.hosts import same_host
from semtui.audit.comparison.diff import Diff, IncomparableError, diff
from semtui.audit.contract import Source
from semtui.audit.snapshots.reading import read_snapshot
from semtui.audit.snapshots.snapshot import Head, content_sha256, snapshot_text
from semtui.wording.diff import change_words, effect_words, gap_words
from semtui.wording.diff_answer import as_csv, as_json, as_markdown, as_text
from tests.support.contract import checked
from tests.support.organizations import Organization, parse

NOW = 1_795_683_600
DAY = 86_400
ANA, BEN = (parse("ee | P ana:Owner ben:Owner").id(name) for name in ("ana", "ben"))


def source(organization: Organization, now: float = NOW, **head: Any) -> Source:
    """The organization, read as a snapshot reads it."""
    people, projects = organization.people(now), organization.projects(now)
    made = Head("acme.semaphoreci.com", int(now), int(now) + 3, organization.edition, "roles", "semtui 0")
    return Source(people, projects, replace(made, **head), False, content_sha256(people, projects))


def sides(text: str) -> tuple[Source, Source]:
    before = parse(text)
    assert before.later is not None
    return source(before), source(before.later, NOW + DAY)


def compared(text: str) -> Diff:
    return diff(*sides(text))


def told(found: Diff) -> list[str]:
    return [change_words(change) for change in found.changes]


def net(found: Diff) -> list[str]:
    sign = {True: "now", False: "no longer"}
    return [f"{sign[each.gained]} {each.level}: {each.subject.name}" for each in found.net.effects]


def test_people_accounts_and_groups_and_who_is_admin_by_it() -> None:
    found = compared(
        """ee | P ana:Owner dan:Member | A bot:Member<ana -90d | G ops:Member{dan}
        later: ee | P ana:Owner dan:Member eve:Member | A bot:Member<ana -90d -1d off; new:- | G ops:Admin{dan}"""
    )
    assert [(change.kind, change.name) for change in found.changes] == [
        ("joined", "eve"),
        ("created", "new"),
        ("deactivated", "bot"),
        ("group-role", "ops"),
    ]
    assert told(found) == [
        "eve joined: Member (direct)",
        "new was created: no role",
        "bot was deactivated",
        "ops holds other roles: −Member (direct), +Admin (direct)",
    ]
    assert net(found) == ["now Admin: dan"]
    assert found.net.effects[0].causes == (found.changes[3],)
    assert effect_words(found.net.effects[0]).startswith("dan is now Admin: in the group ops, Admin (direct). Because ")
    assert found.complete
    assert found.otherwise == {}


@pytest.mark.parametrize(
    ("text", "changes", "effects"),
    [
        ("ee | P ana:Owner dan:Admin\nlater: ee | P ana:Owner", ["dan left: Admin (direct)"], ["no longer Admin: dan"]),
        (
            "ee | P ana:Owner dan:Admin\nlater: ee | P ana:Owner dan:Owner",
            ["dan holds other roles: −Admin (direct), +Owner (direct)"],
            ["now Owner: dan"],
        ),
        (
            "ee | P ana:Owner dan:Owner\nlater: ee | P ana:Owner dan:Admin~scim",
            ["dan holds other roles: −Owner (direct), +Admin (SCIM)"],
            ["no longer Owner: dan"],
        ),
        (
            "ee | P ana:Owner dan:Admin\nlater: ee | P ana:Owner dan:Member | G ops:Admin{dan}",
            [
                "dan holds other roles: −Admin (direct), +Member (direct)",
                "ops was created, with dan",
                "ops holds other roles: +Admin (direct)",
            ],
            [],
        ),
        (
            "ee | P ana:Owner | G ops:Admin{}\nlater: ee | P ana:Owner | A bot:-<ana -9d | G ops:Admin{bot,!zed}",
            ["bot was created: no role", f"ops has other members: +bot, id {parse('ee | G g:Admin{!zed}').id('zed')}"],
            ["now Admin: bot"],
        ),
        (
            "ee | P ana:Owner dan:Cap | R Cap={o.view}\n"
            "later: ee | P ana:Owner dan:Cap | R Cap={o.view,o.people.manage}",
            ["Cap permits something else, held by 1: +organization.people.manage"],
            ["now organization.people.manage: dan"],
        ),
        (
            "ee | P ana:Owner | A bot:Member<ana -90d\nlater: ee | P ana:Owner | A bot:Member<ana -91d -2d",
            ["bot got a new token, or was switched off and on again"],
            [],
        ),
        (
            "ee | P ana:Owner | A bot:Member<ana -90d -90d off\nlater: ee | P ana:Owner | A bot:Member<gone -91d -1d",
            [
                "bot was reactivated",
                f"bot lost its creator, id {ANA}: that Semaphore account is gone",
            ],
            [],
        ),
        (
            "ee | P ana:Owner | Q api@ana{} web@ana{} | Z api web\n"
            "later: ee | P ana:Owner ben:Member | Q api@ben{ben:Reader~github} cli@ana{} | Z api cli",
            [
                "ben joined: Member (direct)",
                "cli was created",
                "web was deleted, or this token no longer sees it",
                f"api has another owner, id {BEN}; before, id {ANA}",
                "api has other people: +ben: Reader (GitHub)",
            ],
            [],
        ),
        ("ce | P ana:Owner dan:Member\nlater: ce | P ana:Owner dan:Admin", None, ["now Owner/Admin: dan"]),
        ("ee | P ana:Owner dan:Member\nlater: ee | P ana:Owner dan:Member", [], []),
    ],
)
def test_each_kind_of_change_and_its_net_effect(text: str, changes: list[str] | None, effects: list[str]) -> None:
    # Both readings count days from the same time, so that an account is a day older on the second.
    found = compared(text)
    if changes is not None:
        assert told(found) == changes
    assert net(found) == effects
    # Somebody in no list may be gone, or may not.
    assert found.complete == ("!" not in text)


def renamed(to: Source, lists: str, **changes: str) -> Source:
    """The same with some rows changed."""
    items = tuple(replace(row, **changes) for row in to.people.listing(lists).items)  # type: ignore[arg-type]
    listing = replace(to.people.listing(lists), items=items)  # type: ignore[arg-type]
    return replace(to, people=replace(to.people, **{lists: listing}))  # type: ignore[arg-type]


def test_a_name_that_changes_is_a_renaming_and_a_new_id_is_another_account() -> None:
    before = source(parse("ee | P ana:Owner | A bot:Member | G ops:Member{ana} | R Cap={o.view}"))
    after = renamed(renamed(before, "accounts", name="tf"), "groups", name="night", description="At night")
    assert told(diff(before, after)) == [
        "tf was called bot",
        "night was called ops",
        "night is described as “At night”; before, as “ops”",
    ]
    other = renamed(before, "accounts", id="another")
    found = diff(before, other)
    assert [change.kind for change in found.changes] == ["created", "deleted"]
    assert found.changes[0].same_name == found.changes[1].id
    assert "another account of that name was deleted" in told(found)[0]


def test_two_deleted_accounts_of_one_name_are_both_told() -> None:
    before = source(parse("ee | P ana:Owner | A one:Member; two:Member"))
    twins = renamed(before, "accounts", name="bot")
    after = source(parse("ee | P ana:Owner"))
    assert [change.kind for change in diff(twins, after).changes] == ["deleted", "deleted"]


@pytest.mark.parametrize(
    ("trouble", "missing"),
    [
        ("users=failed", ["users"]),
        ("accounts=refused", ["accounts"]),
        ("account_members=failed", ["account_members"]),
        ("groups=partial1", ["groups"]),
        ("group_members=stale", ["group_members"]),
        ("roles=refused", ["roles"]),
        ("projects=failed", ["projects"]),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_was_not_read_is_not_told_as_gone(trouble: str, missing: list[str], first: bool) -> None:
    whole = "ee | P ana:Owner dan:Member | A bot:Member | G ops:Member{dan} | R Cap={o.view} | Q api@ana{} | Z api"
    failed, good = source(parse(f"{whole} | X {trouble}")), source(parse(whole))
    found = diff(failed, good) if first else diff(good, failed)
    assert found.changes == ()
    assert net(found) == []
    assert list(found.not_comparable) == missing
    assert not found.complete
    assert all(sentence.endswith(".") for sentence in gap_words(found))


def test_an_effect_that_is_not_certain_is_counted_and_named_instead() -> None:
    before = source(parse("ee | P ana:Owner dan:Member | G ops:Admin{}"))
    after = source(parse("ee | P ana:Owner dan:Member | G ops:Admin{dan} | X groups=failed"))
    found = diff(before, after)
    assert net(found) == []
    assert {each.subject.name: each.reasons for each in found.net.unknown} == {"dan": ("groups-missing",)}
    assert "For 1 more subject it is not known whether they hold more or less." in gap_words(found)


def test_only_privilege_leaves_out_what_leads_nowhere() -> None:
    found = compared(
        """ee | P ana:Owner dan:Member | A bot:Member | G ops:Member{}
        later: ee | P ana:Owner dan:Admin eve:Member | A bot:Member<ana -10d off; tf:Admin | G ops:Member{eve}"""
    )
    assert [change.name for change in found.changes] == ["eve", "dan", "tf", "bot", "ops"]
    kept = found.only_privilege()
    assert [change.name for change in kept.changes] == ["dan", "tf"]
    assert kept.net.effects == found.net.effects


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"host": "other.semaphoreci.com"}, "These are two organizations"),
        ({"edition": "ce"}, "two editions"),
        ({"started_at": NOW - DAY, "finished_at": NOW - DAY}, "give the older one first"),
    ],
)
def test_what_cannot_be_compared_is_refused(change: dict[str, Any], said: str) -> None:
    organization = parse("ee | P ana:Owner")
    with pytest.raises(IncomparableError, match=said):
        diff(source(organization), source(organization, **change))


def test_another_organization_on_the_same_host_is_told_by_its_id() -> None:
    before = source(parse("ee | P ana:Owner | A bot:Member"))
    after = renamed(renamed(before, "roles", org_id="other"), "accounts", org_id="other")
    with pytest.raises(IncomparableError, match="their ids differ"):
        diff(before, after)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("acme.semaphoreci.com", "ACME.semaphoreci.com", True),
        ("acme.semaphoreci.com", "acme.semaphoreci.com:8443", False),
        ("127.0.0.1:4001", "127.0.0.1:4002", True),
        ("127.0.0.1:4001", "acme.semaphoreci.com:4001", False),
    ],
)
def test_a_port_of_this_computer_says_nothing(one: str, other: str, same: bool) -> None:
    assert same_host(one, other) is same


NAMES = ("ana", "ben", "dan", "eve")
ROLES = st.sampled_from(["Owner", "Admin", "Member", "Keep", "Cap", "Member,Admin~scim"])


@st.composite
def organizations(draw: st.DrawFn) -> str:
    """Small organizations that differ in everything that can change."""
    people = " ".join(f"{name}:{draw(ROLES)}" for name in NAMES if draw(st.booleans())) or "zoe:Owner"
    accounts = "; ".join(
        f"{name}:{draw(st.sampled_from(['-', 'Admin', 'Member', 'Keep']))}<gone -90d -{draw(st.integers(1, 80))}d{off}"
        for name in ("bot", "tf")
        if draw(st.booleans())
        for off in draw(st.sampled_from([("",), (" off",)]))
    )
    members = ",".join(name for name in (*NAMES, "bot") if f"{name}:" in f"{people}{accounts}" and draw(st.booleans()))
    groups = f"ops:{draw(st.sampled_from(['Admin', 'Member', 'Keep']))}{{{members}}}" if draw(st.booleans()) else ""
    keep = draw(st.sampled_from(["o.view", "o.view,o.service_accounts.manage"]))
    sections = [f"P {people}", f"R Keep={{{keep}}} Cap={{o.view}}"]
    sections += [f"A {accounts}"] if accounts else []
    sections += [f"G {groups}"] if groups else []
    lists = st.sampled_from(["users", "accounts", "account_members", "groups", "group_members", "roles"])
    troubles = draw(st.dictionaries(lists, st.sampled_from(["failed", "refused", "stale"]), max_size=1))
    sections += [f"X {name}={fate}" for name, fate in troubles.items()]
    return "ee | " + " | ".join(sections)


@given(organizations(), organizations())
def test_the_way_back_is_the_same_the_other_way_round(one: str, other: str) -> None:
    before, after = source(parse(one)), source(parse(other))
    there, back = diff(before, after), diff(after, before)
    assert there.not_comparable == back.not_comparable
    assert {(each.subject.id, each.level, each.gained) for each in there.net.effects} == {
        (each.subject.id, each.level, not each.gained) for each in back.net.effects
    }
    assert {each.subject.id for each in there.net.unknown} == {each.subject.id for each in back.net.unknown}
    assert (before.content_sha256 != after.content_sha256) or not (there.changes or there.otherwise)


@given(organizations(), organizations())
def test_of_snapshots_it_is_the_same_and_in_every_form(one: str, other: str) -> None:
    before, after = source(parse(one)), source(parse(other))

    def kept(side: Source) -> Source:
        back = read_snapshot(snapshot_text(side.people, side.projects, side.head))
        return Source(back.people, back.projects, back.head, False, back.content_sha256)

    found, again = diff(before, after), diff(kept(before), kept(after))
    assert told(found) == told(again)
    assert net(found) == net(again)
    answer = checked(as_json(found, before, after))
    assert len(answer["answer"]["changes"]) == len(found.changes)
    assert all(len(line) <= 80 for line in as_text(found, before, after).splitlines())
    findings = len(found.findings.new) + len(found.findings.resolved)
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert len(rows) == len(found.changes) + len(found.net.effects) + findings
    assert as_markdown(found, before, after).startswith("# What has changed")


def test_names_are_inert_in_every_form() -> None:
    hostile = "=1+1|[x](javascript:y)<b>`\x1b[31m\u202e@all https://evil.example"
    before = source(parse("ee | P ana:Owner"))
    after = renamed(before, "users", name=hostile)
    after = renamed(
        after,
        "users",
        name=read_snapshot(snapshot_text(after.people, after.projects, after.head)).people.users.items[0].name,
    )
    found = diff(before, after)
    page = as_markdown(found, before, after)
    assert "\x1b" not in page + as_text(found, before, after) + as_csv(found)
    assert "[x](javascript" not in page
    assert "<b>" not in page.replace("\\<b\\>", "")
    assert "https://" not in page
    assert ",'=1+1" in as_csv(found)
