"""Reading what the API speaks of: tolerant of what is new, strict about what would be drawn or done."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, asdict, replace
from typing import TypeVar

import pytest
from pydantic import SecretStr, TypeAdapter, ValidationError

from semtui.api import readers
from semtui.api.models import (
    Group,
    Member,
    NewToken,
    Role,
    RoleBinding,
    ServiceAccount,
)
from semtui.api.secret_models import Secret

MODELS = {f"semtui.api.{name}" for name in ("models", "secret_models", "trace_models")}
T = TypeVar("T")


def read(model: type[T], data: object) -> T:
    """What the client makes of such a part of an answer."""
    return TypeAdapter(model).validate_python(data)


def test_each_reader_reads_the_model_it_is_annotated_with() -> None:
    for name, annotation in readers.__annotations__.items():
        found = getattr(readers, name).read({"id": "x", "role_id": "x", "name": "x"}, "here")
        assert annotation == f"ModelReader[{type(found).__name__}]"
        assert type(found).__module__ in MODELS


@pytest.mark.parametrize(
    ("wire", "scope"), [(0, "unspecified"), (1, "org"), (2, "project"), (9, "unknown"), ("org", "org"), (None, "")]
)
def test_a_scope_may_be_a_number_or_a_word(wire: object, scope: str) -> None:
    assert read(Role, {"id": "r", "scope": wire}).scope == scope


def test_missing_and_null_fields_become_empty() -> None:
    account = read(ServiceAccount, {"id": "a", "name": None, "description": None, "created_at": None})
    assert account == ServiceAccount(id="a")
    assert (account.name, account.created_at, account.deactivated) == ("", None, False)
    assert read(Group, {"id": "g", "member_ids": None}).member_ids == ()
    assert read(Role, {"id": "r", "permissions": None, "rbac_permissions": None}).permissions == ()
    assert read(Member, {"id": "m", "roles": None}).roles == ()


def test_unknown_fields_are_ignored_and_unknown_words_kept() -> None:
    member = read(Member, {"id": "m", "subject_type": "robot", "avatar": "x", "roles": [{"role_id": "r"}]})
    assert member.subject_type == "robot"
    assert member.roles == (RoleBinding(role_id="r", role_name="", source="unknown"),)


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        ("1736515926", 1736515926),
        (1736515926, 1736515926),
        ({"seconds": 1736515926, "nanos": 131742000}, 1736515926),
        ("2025-01-10T13:32:06.000000Z", 1736515926),
        ("2025-01-10 13:32:06.131742Z", 1736515926),
        ("2025-01-10 13:32:06", 1736515926),
        *((nothing, None) for nothing in ("0", 0, "", None, {}, {"seconds": 0, "nanos": 0})),
    ],
)
def test_a_moment_is_read_however_semaphore_writes_it(sent: object, seconds: int | None) -> None:
    assert read(Secret, {"id": "s", "created_at": sent}).created_at == seconds


@pytest.mark.parametrize("sent", ["soon", "9" * 40, True, 1.5, [1], {"seconds": "x"}, "2025-13-10T13:32:06Z"])
def test_what_is_no_moment_is_refused(sent: object) -> None:
    with pytest.raises(ValidationError, match="created_at"):
        read(Secret, {"id": "s", "created_at": sent})


@pytest.mark.parametrize("seconds", ["1719979253", 1.5, True, [1]])
def test_a_time_is_whole_seconds_and_nothing_else(seconds: object) -> None:
    with pytest.raises(ValidationError, match="created_at"):
        read(ServiceAccount, {"id": "a", "created_at": seconds})


@pytest.mark.parametrize("model", [Member, ServiceAccount, Group, Role])
def test_every_record_has_an_id_and_control_characters_in_it_are_shown(
    model: type[Member | ServiceAccount | Group | Role],
) -> None:
    for nothing in ({}, {"id": ""}, {"id": None}, {"id": 7}):
        with pytest.raises(ValidationError, match="id"):
            read(model, nothing)
    found = read(model, {"id": "a\x1b[2J", "name": "b\x07"})
    assert (found.id, found.name) == ("a␛[2J", "b␇")


def test_records_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        ServiceAccount(id="a").name = "b"  # type: ignore[misc]  # what is tried here


def test_what_many_have_in_common_is_kept_once() -> None:
    role = {"role_id": "r", "role_name": "Member", "source": "manually"}
    one, other = (read(Member, {"id": name, "subject_type": "user", "roles": [dict(role)]}) for name in "ab")
    assert one.roles is other.roles
    assert not hasattr(one, "__dict__")


def test_a_new_token_shows_its_secret_to_nobody_who_prints_it() -> None:
    token = NewToken(account_id="a", account_name="ci-bot", secret=SecretStr("sa_token_0123456789"))
    assert "sa_token" not in f"{token} {token!r} {asdict(token)} {replace(token, account_name='x')}"
    assert token.secret.get_secret_value() == "sa_token_0123456789"


def test_an_error_does_not_carry_the_answer_it_was_found_in() -> None:
    with pytest.raises(ValidationError) as raised:
        read(ServiceAccount, {"id": "a", "name": {"api_token": "sa_token_0123456789"}})
    assert "sa_token" not in f"{raised.value} {raised.value!r}"
