"""What the rules find in small organizations: where one fires, where it nearly does, and where a list is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from semtui.api.errors import NoAnswerError
from semtui.audit.access.graph import AccessGraph
from semtui.audit.findings.findings import SEVERITIES, WHOLE_ORGANIZATION, About, NotEvaluated, Report
from semtui.audit.findings.rules import RULES, find
from semtui.audit.snapshots.reading import read_snapshot
from semtui.audit.snapshots.snapshot import Head, snapshot_text
from semtui.organization.listing import LIST_NAMES
from semtui.organization.people import People
from semtui.wording.findings import evidence_words
from tests.audit.examples import Example, examples
from tests.audit.in_a_line import report_in_a_line
from tests.support.organization_strategies import organizations
from tests.support.organizations import Organization, parse
from tests.support.served import NOW

EXAMPLES = tuple(each for each in examples() if each.question.startswith("findings"))


def found(text: str, *rules: str) -> str:
    """What rules find, in a line."""
    organization = parse(text)
    graph = AccessGraph(organization.people(NOW), organization.projects(NOW))
    return report_in_a_line(organization, find(graph, NOW, rules))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_an_example_is_answered(example: Example) -> None:
    organization = example.organization
    graph = AccessGraph(organization.people(NOW), organization.projects(NOW))
    rules = example.question.partition(" ")[2].split(",")
    answer = report_in_a_line(organization, find(graph, NOW, rules))
    assert sorted(answer.split("; ")) == sorted(example.answer.split("; "))


CASES: dict[str, tuple[tuple[str, str], ...]] = {
    "ghost": (
        ("ee | P ana:Owner | A a:- | G g:-{a}", "ghost medium a"),
        ("ee | P ana:Owner | A a:- | G g:Member{a}", ""),
        ("ee | P ana:Owner | A a:- | X groups=failed", "not evaluated ghost!groups"),
        ("ce | P ana:Owner | A a:-; b:Member", "ghost medium a"),
        ("ce | P ana:Owner | A a:- | X users=stale", "not evaluated ghost!users"),
        ("ee | P ana:Owner | A a:- | X users=stale", "ghost medium a"),
    ),
    "ghost-in-group": (
        ("ee | P ana:Owner | A a:- | G g:Member{a} h:Member{a} i:-{a}", "ghost-in-group medium a g,h"),
        ("ee | P ana:Owner | A a:Member; b:-<ana -9d off | G g:Admin{a,b}", ""),
        (
            "ee | P ana:Owner | A a:- | G g:Admin{a} | X group_members=stale",
            "not evaluated ghost-in-group!group_members",
        ),
        (
            "ee | P ana:Owner | A a:- | G g:Cap{a} | R Cap={o.view} | X roles=failed",
            "ghost-in-group medium(high?) a g",
        ),
        ("ee | P ana:Owner | A a:- | G g:Admin{a} | X roles=failed", "ghost-in-group high a g"),
        ("ce | P ana:Owner | A a:-", ""),
    ),
    "orphan": (
        (
            "ee | P ana:Owner | A a:Admin<gone; b:Owner<gone off; c:-<gone",
            "orphan high a; orphan low b; orphan medium c",
        ),
        ("ee | P ana:Owner | A a:Admin<left", ""),
        ("ee | P ana:Owner | A a:Admin<gone | X accounts=failed", "not evaluated orphan!accounts"),
        ("ee | P ana:Owner | A a:Member<gone | X account_members=failed", "orphan medium(high?) a"),
        ("ee | P ana:Owner | A a:Member<gone | X account_members=stale", "orphan medium(high?) a"),
        ("ee | P ana:Owner dan:Member | A a:Member<gone | G g:Member{dan} | X groups=failed", "orphan medium a"),
    ),
    "creator-left": (
        ("ee | P ana:Owner | A a:Member<zed; b:Admin<zed off", "creator-left medium a zed; creator-left low b zed"),
        ("ee | P ana:Owner | A a:Member<b; b:-<ana", ""),
        ("ee | P ana:Owner | A a:Member<zed | X users=partial1", "not evaluated creator-left!users"),
    ),
    "stale-token": (
        (
            "ee | P ana:Owner | A a:-<ana -365d; b:-<ana -400d -364d",
            "stale-token high a =365d; stale-token medium b >=364d",
        ),
        ("ee | P ana:Owner | A a:-<ana -999d -179d; b:-<ana -400d off", ""),
        ("ee | P ana:Owner | A a:-<ana -400d | X accounts=stale", "not evaluated stale-token!accounts"),
    ),
    "privileged-account": (
        (
            "ee | P ana:Owner | A a:Owner; b:- | G g:Admin{b}",
            "privileged-account high a Owner; privileged-account info b Admin",
        ),
        ("ee | P ana:Owner | A a:Admin<ana off; b:Cap | R Cap={o.view,o.people.manage}", ""),
        ("ee | P ana:Owner | A a:Admin | X groups=failed", "not evaluated privileged-account!groups"),
        ("ee | P ana:Owner | A a:Admin | X roles=refused", "not evaluated privileged-account!roles"),
        (
            "ce | P ana:Owner | A a:Owner; b:Admin; c:Member",
            "privileged-account high a Owner/Admin; privileged-account high b Owner/Admin",
        ),
        ("ce | P ana:Owner | A a:Owner | X users=failed", "not evaluated privileged-account!users"),
    ),
    "dormant-privileged": (
        ("ee | P ana:Owner | A a:Admin<ana off", "dormant-privileged medium a Admin"),
        ("ee | P ana:Owner | A a:Member<ana off; b:Admin", ""),
        ("ee | P ana:Owner | A a:Admin<ana off | X accounts=failed", "not evaluated dormant-privileged!accounts"),
    ),
    "retyped": (
        ("ce | P ana:Owner | A a:Member; b:-", "retyped info a"),
        ("ce | P ana:Owner", ""),
        ("ce | P ana:Owner | A a:Member | X account_members=failed", "not evaluated retyped!account_members"),
        ("ee | P ana:Owner | A a:Member", ""),
    ),
    "removed-in-group": (
        (
            "ee | P ana:Owner | G g:Member{!zed} h:Admin{!zed,!yan}",
            "removed-in-group high yan h; removed-in-group high zed g,h",
        ),
        ("ee | P ana:Owner | A a:- | G g:-{!zed} h:Admin{a}", ""),
        (
            "ee | P ana:Owner | G h:Admin{!zed} | X account_members=failed accounts=stale",
            "not evaluated removed-in-group!accounts,account_members",
        ),
    ),
    "group-admin": (
        ("ee | P ana:Owner dan:Admin | G g:Owner{dan} h:Member{dan}", "group-admin medium dan Owner:g"),
        ("ee | P ana:Owner dan:Admin eva:Member | A a:- | G g:Admin{dan,ana,a} h:Member{eva}", ""),
        ("ee | P ana:Owner dan:Member | G g:Admin{dan} | X groups=stale", "not evaluated group-admin!groups"),
    ),
    "empty-admin-group": (
        ("ee | P ana:Owner | G g:Admin{} h:Cap{} | R Cap={o.view}", "empty-admin-group medium g"),
        ("ee | P ana:Owner | G g:Admin{!zed} h:-{}", ""),
        ("ee | P ana:Owner | G g:Admin{} | X group_members=failed", "not evaluated empty-admin-group!group_members"),
    ),
    "manual-beside-sync": (
        (
            "ee | P ana:Owner dan:Cap,Member~scim eva:Member,Admin~okta | R Cap={o.view,o.delete}",
            "manual-beside-sync medium dan Cap; manual-beside-sync low eva Member redundant",
        ),
        ("ee | P ana:Owner dan:Admin~scim eva:Member | G g:Admin{eva}", ""),
        (
            "ee | P ana:Owner dan:Cap,Member~scim | R Cap={o.view} | X users=stale",
            "not evaluated manual-beside-sync!users",
        ),
        (
            "ee | P ana:Owner dan:Cap,Member~scim | R Cap={o.view} | X roles=failed",
            "manual-beside-sync low(medium?) dan Cap",
        ),
    ),
    "owners": (
        ("ee | P ana:Admin dan:Member | A a:Owner", "owners high 0"),
        ("ee | P ana:Owner ben:Admin | G g:Owner{ben}", ""),
        ("ee | P ana:Owner | X users=stale", "not evaluated owners!users"),
        ("ce | P ana:Owner ben:Admin | A a:Admin", ""),
        ("ce | P ana:Owner ben:Member | A a:Admin", "owners medium 1"),
        ("ce | P ana:Owner ben:Member | X accounts=failed", "not evaluated owners!accounts"),
    ),
    "one-step": (
        (
            "ee | P ana:Owner ben:Admin lea:Lead dan:Member | A boss:Owner | G night:Admin{}"
            " | R Lead={o.view,o.people.manage}",
            "one-step high ben Owner:token; one-step high lea Admin:join",
        ),
        ("ee | P ana:Owner ben:Admin lea:Lead | A a:Member | R Lead={o.view,o.people.manage}", ""),
        ("ee | P ana:Owner ben:Admin | A boss:Owner | X groups=refused", "not evaluated one-step!groups"),
        ("ce | P ana:Owner ben:Admin | A boss:Owner", ""),
    ),
    "sensitive-role": (
        (
            "ee | P ana:Owner dan:Cap | G g:Cap{dan} | R Cap={o.view,o.okta.manage,o.delete}",
            "sensitive-role medium Cap organization.okta.manage,organization.delete:2",
        ),
        ("ee | P ana:Owner dan:Cap | R Cap={o.view,o.secrets.manage} Free={o.delete}", ""),
        ("ee | P ana:Owner dan:Cap | R Cap={o.delete} | X roles=stale", "not evaluated sensitive-role!roles"),
    ),
    "everyone-manages-secrets": (
        (
            "ee | P ana:Owner",
            "everyone-manages-secrets info Member organization.secrets.manage,organization.self_hosted_agents.manage",
        ),
        ("ee | P ana:Owner | X roles=failed", "not evaluated everyone-manages-secrets!roles"),
    ),
    "unused-role": (
        ("ee | P ana:Owner | R Cap={o.view}", "unused-role low Cap"),
        ("ee | P ana:Owner ben:One | A a:Two | G g:Three{} | R One={o.view} Two={o.view} Three={o.view}", ""),
        ("ee | P ana:Owner | R Cap={o.view} | X group_members=failed", "not evaluated unused-role!group_members"),
    ),
    "twin-roles": (
        ("ee | P ana:Owner | R One={o.view,o.delete} Two={o.delete,o.view}", "twin-roles low Two One"),
        ("ee | P ana:Owner | R One={o.view,o.delete} Two={o.view}", ""),
        ("ee | P ana:Owner | R One={o.view} Two={o.view} | X roles=failed", "not evaluated twin-roles!roles"),
    ),
    "everyone-admin": (
        ("ee | P a:Owner b:Admin c:Member d:Member e:Member f:Admin | G g:Admin{c}", "everyone-admin high 4/6"),
        ("ee | P a:Owner b:Admin c:Admin d:Member e:Member f:Member | A g:Admin", ""),
        ("ee | P a:Owner b:Admin c:Admin d:Admin e:Admin", ""),
        (
            "ee | P a:Owner b:Admin c:Admin d:Admin e:Admin f:Admin | X users=partial6",
            "not evaluated everyone-admin!users",
        ),
    ),
    "owner-not-listed": (
        ("ee | P ana:Owner | Q api@zed{} web@ana{}", "owner-not-listed low api zed"),
        ("ee | P ana:Owner | A a:- | Q api@a{}", ""),
        ("ee | P ana:Owner | Q api@zed{} | X projects=failed", "not evaluated owner-not-listed!projects"),
    ),
    "look-alike": (
        ("ee | P ana:Owner paul:Member pau1:Member | G g:Member{}", "look-alike low pau1 paul"),
        ("ee | P ana:Owner paul:Member | A pau1:Member | G p4ul:Member{}", ""),
        ("ee | P ana:Owner paul:Member pau1:Member | X groups=stale", "not evaluated look-alike!groups"),
        ("ce | P ana:Owner paul:Member pau1:Member | X groups=refused", "look-alike low pau1 paul"),
    ),
    "coverage": (
        ("ee | P ana:Owner | A a:- | X users=partial1 roles=refused", "coverage medium users; coverage medium roles"),
        ("ce | P ana:Owner", ""),
        ("ee | P ana:Owner | Q api@ana{} | X projects=failed", ""),
    ),
}
"""By rule: small organizations, and what the rule finds in each."""


@pytest.mark.parametrize(
    ("rule", "text", "expected"), [(rule, *case) for rule, cases in CASES.items() for case in cases]
)
def test_a_rule(rule: str, text: str, expected: str) -> None:
    assert sorted(found(text, rule).split("; ")) == sorted(expected.split("; "))


def test_every_rule_has_its_cases() -> None:
    assert {*CASES, "name-drift"} == RULES.keys()


def lists(text: str) -> People:
    return parse(text).people(NOW)


def report(people: People, *rules: str) -> Report:
    return find(AccessGraph(people), NOW, rules or None)


def words(told: Report) -> list[str]:
    return [f"{each.rule} {each.severity} {each.subject.name if each.subject else each.id}" for each in told.findings]


def test_an_account_may_have_another_name_among_the_members() -> None:
    people = lists("ee | P ana:Owner | A bot:Member; tf:Member")
    renamed = replace(people.account_members.items[0], name="before")
    after = people.arrived("account_members", (renamed, *people.account_members.items[1:]), NOW)
    assert words(report(people, "name-drift")) == []
    told = report(after, "name-drift")
    assert words(told) == ["name-drift info bot"]
    assert told.findings[0].facts.other == About(renamed.id, "before", "account")
    failed = after.failed("accounts", NoAnswerError("No answer."))
    assert report(failed, "name-drift").not_evaluated == (NotEvaluated("name-drift", ("accounts",)),)


def test_members_need_not_manage_secrets() -> None:
    people = lists("ee | P ana:Owner")
    roles = tuple(
        replace(role, permissions=("organization.view",)) if role.name == "Member" else role
        for role in people.roles.items
    )
    assert words(report(people.arrived("roles", roles, NOW), "everyone-manages-secrets")) == []


def test_a_token_without_a_date_is_of_unknown_age() -> None:
    people = lists("ee | P ana:Owner | A a:Member<ana -400d; b:Member; c:Member<ana off")
    undated = tuple(replace(each, updated_at=None, created_at=None) for each in people.accounts.items)
    told = report(people.arrived("accounts", undated, NOW), "stale-token")
    assert [(each.subject.name, each.reasons) for each in told.unsure] == [
        ("a", ("date-missing",)),
        ("b", ("date-missing",)),
    ]
    assert not told.findings
    assert not told.complete


def test_who_holds_a_role_that_is_not_in_the_list_may_be_privileged() -> None:
    people = lists("ee | P ana:Owner eva:Cap | A a:Cap; b:Cap<ana off | G g:Cap{} | R Cap={o.view}")
    roles = tuple(role for role in people.roles.items if role.name != "Cap")
    rules = ("privileged-account", "dormant-privileged", "empty-admin-group", "owners")
    told = report(people.arrived("roles", roles, NOW), *rules)
    assert not told.findings
    assert [(each.rule, each.subject.name, each.reasons) for each in told.unsure] == [
        ("privileged-account", "a", ("role-unlisted",)),
        ("dormant-privileged", "b", ("role-unlisted",)),
        ("empty-admin-group", "g", ("role-unlisted",)),
        ("owners", "eva", ("role-unlisted",)),
    ]


def test_a_member_in_no_list_is_confirmed_by_a_reading_a_minute_before() -> None:
    people = lists("ee | P ana:Owner | G g:Admin{!zed}")
    graph = AccessGraph(people)
    for before, confirmed in ((None, False), ((graph, NOW - 59), False), ((graph, NOW - 60), True)):
        (finding,) = find(graph, NOW, ("removed-in-group",), before).findings
        assert finding.facts.confirmed is confirmed
    other = AccessGraph(lists("ee | P ana:Owner zed:Member | G g:Admin{zed}"))
    (finding,) = find(graph, NOW, ("removed-in-group",), (other, NOW - 99)).findings
    assert not finding.facts.confirmed
    failed = AccessGraph(people.failed("groups", NoAnswerError("No answer.")))
    (finding,) = find(graph, NOW, ("removed-in-group",), (failed, NOW - 99)).findings
    assert not finding.facts.confirmed


def test_nothing_is_evaluated_where_nothing_was_read() -> None:
    told = report(People())
    assert {each.rule for each in told.not_evaluated} == RULES.keys() - {"coverage"}
    assert [each.key for each in told.findings] == [f"coverage:{name}" for name in sorted(LIST_NAMES)]
    assert "roles" in next(each.lists for each in told.not_evaluated if each.rule == "retyped")


def test_a_list_of_roles_that_tells_no_permission_is_not_whole() -> None:
    people = lists("ee | P ana:Owner | A a:Admin")
    roles = tuple(replace(role, permissions=()) for role in people.roles.items)
    told = report(people.arrived("roles", roles, NOW), "privileged-account", "coverage")
    assert told.not_evaluated == (NotEvaluated("privileged-account", ("roles",)),)
    assert [each.key for each in told.findings] == ["coverage:roles"]


def test_the_worst_is_first_and_each_key_is_there_once() -> None:
    people = lists(
        "ee | P ana:Owner ben:Admin dan:Member,Cap~scim"
        " | A g1:- ; z:Admin<gone -400d; y:Admin<gone -400d; old:Owner<x off"
        " | G g:Admin{!zed} h:Member{} | R Cap={o.view} Twin={o.view} Delete={o.delete}"
    )
    told = report(people)
    order = [
        (SEVERITIES.index(each.severity), each.rule, each.subject.name if each.subject else "")
        for each in told.findings
    ]
    assert order == sorted(order)
    assert len({each.key for each in told.findings}) == len(told.findings) > 10
    assert {each.severity for each in told.findings} == set(SEVERITIES)
    assert all(each.severity in RULES[each.rule].severities for each in told.findings)


def test_community_leaves_out_the_rules_of_enterprise() -> None:
    told = report(lists("ce | P ana:Owner | A a:Admin"))
    named = {each.rule for each in told.findings} | {each.rule for each in told.not_evaluated} | set(told.rules)
    assert named == {rule.id for rule in RULES.values() if rule.edition != "ee"}
    assert not told.not_evaluated or {each.lists for each in told.not_evaluated} == {("projects",)}


@given(organizations())
def test_of_any_organization_a_snapshot_has_the_same_findings(organization: Organization) -> None:
    people, projects = organization.people(NOW), organization.projects(NOW)
    report = find(AccessGraph(people, projects), NOW)
    head = Head("acme.example.com", int(NOW), int(NOW), organization.edition, "", "semtui")
    back = read_snapshot(snapshot_text(people, projects, head))
    again = find(AccessGraph(back.people, back.projects), NOW)
    # Of Semaphore's own words about a list a snapshot keeps nothing.
    one, other = (
        [(each.key, each.worst, each.rule == "coverage" or evidence_words(each)) for each in told.findings]
        for told in (report, again)
    )
    assert one == other
    assert report.not_evaluated == again.not_evaluated
    assert {each.key for each in report.unsure} == {each.key for each in again.unsure}
    keys = [each.key for each in report.findings]
    assert len(keys) == len(set(keys))


@given(organizations())
def test_what_is_found_with_lists_missing_is_true_of_the_whole(organization: Organization) -> None:
    """Nothing is told that the whole lists do not show, but for what is missing itself; nor is it told as worse."""
    partly = find(AccessGraph(organization.people(NOW), organization.projects(NOW)), NOW)
    whole = replace(organization, troubles={})
    truth = {each.key: each for each in find(AccessGraph(whole.people(NOW), whole.projects(NOW)), NOW).findings}
    for each in partly.findings:
        if each.rule != "coverage":
            assert each.key in truth
            true = truth[each.key].severity
            assert SEVERITIES.index(each.worst) <= SEVERITIES.index(true) <= SEVERITIES.index(each.severity)
    perhaps = {each.key for each in partly.unsure}
    # What is found of the organization as a whole may depend on several people, who are then named one by one.
    perhaps |= {f"{each.rule}:{WHOLE_ORGANIZATION}" for each in partly.unsure}
    told = {each.key for each in partly.findings}
    for key, each in truth.items():
        if each.rule in partly.rules and each.rule != "coverage":
            assert key in told | perhaps
