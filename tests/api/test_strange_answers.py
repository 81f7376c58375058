"""Answers of any shape: what can be shown is shown, and the rest is one sentence."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from semtui.api.errors import UnexpectedAnswerError
from semtui.api.readers import GROUP, MEMBER, PERMISSION, ROLE, SERVICE_ACCOUNT, ModelReader
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.organization.people import People
from semtui.wording.people_rows import cells
from semtui.wording.subject_details import details
from semtui.wording.subjects import sentence

LISTS: dict[str, tuple[str, ModelReader[Any]]] = {
    "users": ("members?member_type=user", MEMBER),
    "account_members": ("members?member_type=service_account", MEMBER),
    "groups": ("groups", GROUP),
    "accounts": ("service_accounts?page_size=100", SERVICE_ACCOUNT),
    "roles": ("roles", ROLE),
    "permissions": ("permissions?scope=org", PERMISSION),
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.just("x" * 100_000),
    st.just("\ud800"),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@pytest.fixture(scope="module")
def true_answers() -> Iterator[dict[str, Any]]:
    with DemoServer(clock=lambda: float(REFERENCE_TIME)) as server, httpx.Client(trust_env=False) as client:
        headers = {"Authorization": f"Token {server.tokens['owner']}"}
        yield {
            name: client.get(f"{server.address}/api/v1alpha/{path}", headers=headers).json()
            for name, (path, _) in LISTS.items()
        }


def places(data: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in an answer at which something can stand."""
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in parts:
        yield (*path, key)
        yield from places(value, (*path, key))


def read(answer: object, key: str, name: str) -> tuple[tuple[Any, ...], str]:
    """What could be read of an answer, or else why not."""
    try:
        return tuple(LISTS[name][1].read_list(answer, key)), ""
    except UnexpectedAnswerError as error:
        return (), str(error)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(LISTS)),
    changes=st.lists(
        st.tuples(st.integers(0, 9_999), st.sampled_from(["drop", "odd", "more"]), ODD), min_size=1, max_size=4
    ),
)
def test_a_field_of_any_shape_is_shown_or_named(
    true_answers: dict[str, Any], name: str, changes: list[tuple[int, str, Any]]
) -> None:
    answer = copy.deepcopy(true_answers[name])
    answer = {name: answer} if isinstance(answer, list) else answer
    for where, what, odd in copy.deepcopy(changes):
        found = list(places(answer)) or [("mood",)]
        *parents, last = found[where % len(found)]
        holder = answer
        for key in parents:
            holder = holder[key]
        if what == "drop" and holder:
            del holder[last]
        elif what == "odd" or isinstance(holder, list):
            holder[last] = odd
        else:
            holder["mood"] = odd
    key = next(iter(true_answers[name])) if isinstance(true_answers[name], dict) else name
    items, trouble = read(answer, key, name)
    assert trouble.startswith("Semaphore's answer cannot be read: in ") or not trouble
    assert len(trouble) < 1_000
    if name != "permissions":
        people = People().arrived(name, items, float(REFERENCE_TIME))  # type: ignore[arg-type]
        for subject in people.subjects:
            assert sentence(subject, people)
            assert details(subject, people, float(REFERENCE_TIME))
            assert cells(subject, people, float(REFERENCE_TIME))
