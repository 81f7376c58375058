"""The language of the search line: how it is divided, what it matches, and what is said of what does not exist."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from semtui.audit.access.graph import AccessGraph
from semtui.audit.access.matching import GraphAccess
from semtui.organization.filters.dates import DAY, period
from semtui.organization.filters.language import FilterError, quote, split, with_term
from semtui.organization.filters.matching import Matching, check
from semtui.organization.filters.terms import TERMS
from semtui.organization.people import People
from semtui.text.folding import fold
from tests.support.organization_lists import people_of, projects_of
from tests.support.organization_strategies import organizations
from tests.support.organizations import Organization, parse

NOW = 1_795_442_400.0  # 2026-11-23 14:00 UTC

ACME = (
    "ee | P ana:Owner dan:Member eva:Admin~scim dana:Member"
    " | A bot:Member<ana -400d ; tf:Admin<gone -200d -10d ; new:-<dan -3d ; old:Lead<left -900d -800d off"
    " | G ops:Admin{dan,bot} rel:-{eva}"
    " | R Lead={o.view,o.secrets.manage}"
)


def filtering(organization: Organization) -> tuple[People, Matching]:
    people, projects = people_of(organization, NOW), projects_of(organization, NOW)
    return people, Matching(people, lambda: GraphAccess(AccessGraph(people, projects)))


def found(people: People, matching: Matching, text: str) -> str:
    """The names found, and behind a question mark how many rows may match too."""
    matches = matching.matches(text, NOW)
    names = " ".join(row.name for row in matches.of(people.subjects))
    return f"{names} ?{matches.unknown}" if matches.unknown else names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "ana dan dana eva bot new old tf ops rel"),
        ("   ", "ana dan dana eva bot new old tf ops rel"),
        ("DAN", "dan dana"),
        ("dan a", "dan dana"),
        ("dán", "dan dana"),
        ("ｄａｎ", "dan dana"),
        ("dan -dana", "dan"),
        ("−dana dan", "dan"),
        ('-"dana" "dan"', "dan"),
        ("role:admin", "dan eva bot tf ops"),
        ("role=ADMIN", "dan eva bot tf ops"),
        ("ROLE：ádmin", "dan eva bot tf ops"),
        ("role:own", "ana"),
        ("role:admin -role:member", "eva tf ops"),
        ("role:admin role:member", "dan bot"),
        ("role:none", "new rel"),
        ("-role:none -kind:account", "ana dan dana eva ops"),
        ("state:active", "bot tf"),
        ("state:off", "old"),
        ("state:deactivated", "old"),
        ("state:NoRole", "new"),
        ('state:"no role"', "new"),
        ("kind:person", "ana dan dana eva"),
        ("kind:acc", "bot new old tf"),
        ("kind:service-account", "bot new old tf"),
        ("-kind:person -kind:group", "bot new old tf"),
        ("source:scim", "eva"),
        ("source:direct kind:person", "ana dan dana"),
        ("group:ops", "dan bot"),
        ("group:op", "dan bot"),
        ("group:none", "ana dana new old tf"),
        ("by:ana", "bot"),
        ("by:dan", "new"),
        ("by:eva", ""),
        ("by:gone", "old tf"),
        ("can:people.manage", "ana dan eva bot tf ops"),
        ("can:organization.secrets.manage kind:account state:off", "old"),
        ("age>180d", "bot old ?5"),
        ("age>180d kind:account", "bot old ?1"),
        ("age<30d kind:account", "new ?1"),
        ("-age<30d kind:account", "bot old ?1"),
        ("age>=400d kind:account", "bot old"),
        ("age>400d kind:account", "old"),
        ("age≥400d kind:account", "bot old"),
        ("age<=3d kind:account", "new"),
        ("age<3d kind:account", ""),
        ("age>1y kind:account", "bot old"),
        ("age>6mo kind:group", ""),
        ("created<2025 kind:account", "old"),
        ("created:2026-11 kind:account", "new"),
        ("created=2026-11-20 kind:account", "new"),
        ("created>=2026-11-20 kind:account", "new"),
        ("created>2026-11-20 kind:account", ""),
        ("created<=2026-11-20 -created<2026 kind:account", "new tf"),
        ("created>2020", "bot new old tf ?6"),
        ("state:active age>365d by:ana", "bot"),
    ],
)
def test_words_and_terms_must_all_match(text: str, names: str) -> None:
    people, matching = filtering(parse(ACME))
    assert found(people, matching, text) == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "rloe:admin",
            "There is no such term; put it in quotes to find it as text. Did you mean role:? There are role:,",
        ),
        ("key=value", "There is no such term"),
        ("role:", "role needs a value, as in role:admin. There are Owner, Admin, Member, Lead, none."),
        ("role:admim", "role: no role has that name. Did you mean Admin? There are Owner, Admin, Member, Lead, none."),
        ('role:"none"', "role: no role has that name."),
        ("role>admin", "role takes : or =, as in role:admin."),
        ("state:actve", "state: no such value. Did you mean active? There are active, off, norole, removing, unknown."),
        ("kind:robot", "kind: no such value. There are person, account, group."),
        ("source:okta", "source: no such value."),
        ("group:nobody", "group: no group has that name. There are ops, rel, none."),
        ("by:nobody", "by: no creator has that name. There are ana, dan, gone."),
        ("can:fly", "can: no permission has that name."),
        ("can:people.mange", "Did you mean organization.people.manage?"),
        ("can:secrets.manage", "There are organization.secrets.manage, project.secrets.manage."),
        ("age:30d", "age takes > or >= or < or <=, as in age>180d."),
        ("age>30", "age: this is no age; write 12h, 180d,"),
        ("age>9999999d", "age: this is no age"),
        ("created<2025-13", "created: this is no date; write a year, month or day"),
        ("created<2025-02-30", "created: this is no date"),
        ("created<30d", "created: this is no date"),
        ("created<=9999", "created: this is no date"),
        ("created≠2025", ""),
    ],
)
def test_what_cannot_be_understood_is_told_with_what_exists(text: str, words: str) -> None:
    people, matching = filtering(parse(ACME))
    if not words:
        assert found(people, matching, text) == ""
        return
    with pytest.raises(FilterError) as caught:
        matching.matches(text, NOW)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("trouble", "text", "names"),
    [
        ("groups=failed", "group:none", " ?8"),
        ("groups=failed group_members=failed", "role:owner", "ana ?7"),
        ("groups=failed group_members=failed", "-role:owner", " ?7"),
        ("group_members=failed", "role:none", "new ?2"),
        ("account_members=failed", "role:lead", " ?4"),
        ("account_members=failed", "state:norole", " ?3"),
        ("account_members=failed", "source:direct kind:account", " ?4"),
        ("accounts=failed", "state:active", " ?3"),
        ("accounts=failed", "-state:off kind:account", " ?3"),
        ("accounts=failed", "by:gone", " ?3"),
        ("accounts=failed", "age>1d kind:account", " ?3"),
        ("users=failed", "by:gone", "tf ?3"),
    ],
)
def test_what_a_missing_list_would_tell_is_unknown_and_never_matches(trouble: str, text: str, names: str) -> None:
    people, matching = filtering(parse(f"{ACME} | X {trouble}"))
    assert found(people, matching, text) == names


def test_a_name_that_is_not_found_may_be_in_a_list_that_is_missing() -> None:
    _, matching = filtering(parse(f"{ACME} | X roles=failed"))
    with pytest.raises(FilterError, match="as far as the lists have been read"):
        matching.matches("role:unheard", NOW)


def test_community_has_no_groups() -> None:
    people, matching = filtering(parse("ce | P ana:Owner dan:Member | A bot:Admin"))
    assert found(people, matching, "role:admin") == "bot"
    with pytest.raises(FilterError, match="Semaphore Community has no groups"):
        matching.matches("group:ops", NOW)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('role:"Night admin" -by:x', ["role:Night admin", "-by:x"]),
        ("“night shift” a", ["night shift", "a"]),
        ('"say ""hi""" b', ['say "hi"', "b"]),
        ('"role:admin" 10:30 (a:b) -> -', ["role:admin", "10:30", "(a:b)", "->", "-"]),
        ('role:"night', ["role:night"]),
        ('5"disk O’Connor', ['5"disk', "O’Connor"]),
        ("a\u00a0b\tc", ["a", "b", "c"]),
        ("ro\u200ble:a", ["role:a"]),
        ("age=>3d", ["age>=3d"]),
        ("--x", ["--x"]),
    ],
)
def test_a_text_is_divided_into_words_and_terms(text: str, parts: list[str]) -> None:
    assert [f"{'-' * each.negated}{each.name}{each.sign}{each.value}" for each in split(text)] == parts


@pytest.mark.parametrize(
    ("text", "value", "after"),
    [
        ("", "Admin", "role:Admin"),
        ("prod role:x -role:y", "Admin", "prod -role:y role:Admin"),
        ('role:"a b" role:c prod', "", "prod"),
        ("prod", quote("Night admin"), 'prod role:"Night admin"'),
    ],
)
def test_a_chosen_value_takes_the_place_of_the_one_before(text: str, value: str, after: str) -> None:
    assert with_term(text, "role", value) == after


def test_months_and_years_are_periods() -> None:
    assert [(period(text)[1] - period(text)[0]) // DAY for text in ("2024", "2024-02", "2025-12", "2024-02-29")] == [
        366,
        29,
        31,
        1,
    ]


# Properties

_LINES = st.lists(
    st.one_of(
        st.sampled_from([*(term.example for term in TERMS.values()), '"', "-", ":", ">", "<=", " ", "role", "none"]),
        st.text(max_size=6),
    ),
    max_size=6,
).map("".join)
_TERMS = st.sampled_from(
    [
        *("role:owner", "role:none", "state:active", "state:norole", "kind:person", "source:scim", "group:none"),
        *("by:gone", "can:organization.people.manage", "can:project.view", "age>30d", "age<=90d", "created<2026-11"),
        *("a", '"o"'),
    ]
)


@given(st.one_of(st.text(), _LINES))
def test_any_text_is_understood_or_told_off_and_nothing_else(text: str) -> None:
    people, matching = filtering(parse(ACME))
    try:
        matches = matching.matches(text, NOW)
    except FilterError:
        return
    check(text)
    rows = list(matches.of(people.subjects))
    assert len(rows) + matches.unknown <= len(people.subjects)


@given(st.text())
def test_parts_are_where_they_say(text: str) -> None:
    parts = split(text)
    assert [part.start for part in parts] == sorted(part.start for part in parts)
    again = [split(text[part.start : part.end]) for part in parts]
    assert [[(each.name, each.value) for each in one] for one in again] == [[(p.name, p.value)] for p in parts]


@given(st.text(min_size=1).filter(str.strip), st.text())
def test_a_quoted_value_is_read_as_it_was(value: str, before: str) -> None:
    text = with_term(before, "role", quote(value))
    roles = [each.value for each in split(text) if each.name == "role" and not each.negated]
    assert before.strip() or roles[:1] == [value]
    assert split(text)[-1].value == value or '"' in "".join(map(fold, before))


@given(organizations(), _TERMS, _TERMS)
def test_negation_turns_everything_round_except_the_unknown(organization: Organization, one: str, other: str) -> None:
    people, matching = filtering(organization)
    ask = partial(matching.matches, now=NOW)
    try:
        plain, negated = ask(one), ask(f"-{one}")
        both = ask(f"{one} {other}")
        separate = ask(one) & ask(other)
    except FilterError:
        # Community has no groups, and roles that were not read have no names.
        assume(False)
    rows = set(people.subjects)
    yes, no = set(plain.of(people.subjects)), set(negated.of(people.subjects))
    assert not yes & no
    assert plain.unknown == negated.unknown == len(rows) - len(yes) - len(no)
    assert both == separate


@given(organizations())
def test_roles_and_permissions_are_those_of_the_access_graph(organization: Organization) -> None:
    people, projects = people_of(organization, NOW), projects_of(organization, NOW)
    graph = AccessGraph(people, projects)
    matching = Matching(people, lambda: GraphAccess(graph))
    permission = "organization.people.manage"
    able = matching.matches(f"can:{permission}", NOW)
    verdicts = {row.id: graph.verdict(row.id, permission)[0] for row in people.subjects}
    assert {row.id for row in able.of(people.subjects)} == {each for each, truth in verdicts.items() if truth == "yes"}
    assert able.unknown == sum(truth == "unknown" for truth in verdicts.values())
    assume("Owner" in people.role_names)
    holders = {row.id for row in matching.matches('role:"Owner"', NOW).of(people.subjects)}
    assert holders == {row.id for row in people.subjects if "Owner" in graph.effective_roles(row.id).names}
