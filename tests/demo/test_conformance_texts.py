"""What Semaphore makes of texts on every write: blank, too long, of another type, with marks or a NUL in them.

Asked with plain HTTP, like test_conformance.py.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from semtui.demo.server import DemoServer

TLS = httpx.create_ssl_context(trust_env=False)
INTERNAL = (500, "Internal error")
BLANK_ROLE = (400, "Some required fields are misssing")
EMPTY_ACCOUNT = (400, "Service account name cannot be empty")
NOT_CREATED = (400, "Failed to create service account")
NOT_UPDATED = (400, "Failed to update service account")
NO_LIST = (400, "permissions must be a list")

ACCENTED = "e\u0301"
"""One character to a reader, two to a database."""
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
"""One character to a reader, five to a database."""
BLANKS = [" ", "\t\r\n", "\x85", "\xa0\u2003\u3000", "\u2028"]


@pytest.fixture
def owner(server: DemoServer) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Token {server.tokens['owner']}"}
    address = f"{server.address}/api/v1alpha"
    with httpx.Client(base_url=address, headers=headers, verify=TLS, trust_env=False) as client:
        yield client


@pytest.fixture
def paths(server: DemoServer) -> dict[str, str]:
    """Every write that takes a name or a description, by a word of its own."""
    organization = server.organization
    role, group = organization.role_named("Support"), organization.group_named("Contractors")
    account = organization.service_account_named("terraform")
    assert role
    assert group
    assert account
    return {
        "create role": "POST /roles",
        "edit role": f"PATCH /roles/{role.id}",
        "create group": "POST /groups",
        "edit group": f"PATCH /groups/{group.id}",
        "create account": "POST /service_accounts",
        "edit account": f"PATCH /service_accounts/{account.id}",
        "invite": "POST /members",
    }


COMPLETE: dict[str, dict[str, Any]] = {
    "create role": {"name": "Reader", "description": "Reads", "permissions": []},
    "edit role": {"permissions": []},
    "create group": {"name": "Readers", "description": "They read"},
    "create account": {"name": "reader"},
    "invite": {"provider": "github", "handle": "octocat"},
}


def send(client: httpx.Client, paths: dict[str, str], write: str, **changed: Any) -> httpx.Response:
    """The write with a body that would do, but for what is changed."""
    method, path = paths[write].split()
    return client.request(method, path, json={**COMPLETE.get(write, {}), **changed})


def refusal(response: httpx.Response) -> tuple[int, Any]:
    return response.status_code, response.json()


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize(
    ("write", "answer"),
    [
        ("create role", BLANK_ROLE),
        ("edit role", BLANK_ROLE),
        ("create group", INTERNAL),
        ("edit group", INTERNAL),
        ("create account", EMPTY_ACCOUNT),
        ("edit account", EMPTY_ACCOUNT),
    ],
)
def test_a_name_of_blanks(
    owner: httpx.Client, paths: dict[str, str], write: str, answer: tuple[int, str], blank: str
) -> None:
    assert refusal(send(owner, paths, write, name=blank)) == answer


@pytest.mark.parametrize("separator", ["\x1c", "\u200b", "\u3164"])
@pytest.mark.parametrize("write", ["create role", "edit role", "create group", "edit group", "create account"])
def test_what_only_looks_blank_is_a_name(
    owner: httpx.Client, paths: dict[str, str], write: str, separator: str
) -> None:
    assert send(owner, paths, write, name=separator).status_code == 200


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("write", ["create group", "edit group"])
def test_a_group_needs_a_description_that_is_not_blank(
    owner: httpx.Client, paths: dict[str, str], write: str, blank: str
) -> None:
    assert refusal(send(owner, paths, write, description=blank)) == INTERNAL


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("write", ["create role", "edit role"])
def test_a_description_of_blanks_is_none_to_a_role(
    owner: httpx.Client, paths: dict[str, str], write: str, blank: str
) -> None:
    assert send(owner, paths, write, description=blank).json()["description"] == ""


@pytest.mark.parametrize("write", ["create account", "edit account"])
def test_blanks_around_the_texts_of_an_account_are_cut_off(
    owner: httpx.Client, paths: dict[str, str], write: str
) -> None:
    answer = send(owner, paths, write, name=" \u2003reader\x85", description=" ").json()
    account = answer.get("service_account", answer)
    assert (account["name"], account["description"]) == ("reader", "")


def test_nobody_cuts_blanks_from_a_role_or_a_group(owner: httpx.Client, paths: dict[str, str]) -> None:
    for write in ("create role", "edit role", "create group", "edit group"):
        assert send(owner, paths, write, name=f" {write} ").json()["name"] == f" {write} "


@pytest.mark.parametrize("empty", ["", None])
@pytest.mark.parametrize("field", ["name", "description"])
@pytest.mark.parametrize("write", ["edit role", "edit group"])
def test_an_empty_text_keeps_the_old_one(
    owner: httpx.Client, paths: dict[str, str], write: str, field: str, empty: str | None
) -> None:
    before = send(owner, paths, write, name="Kept").json()
    assert send(owner, paths, write, **{field: empty}).json() == before


@pytest.mark.parametrize(
    ("write", "field", "longest", "answer"),
    [
        ("create role", "name", 255, INTERNAL),
        ("create role", "description", 255, INTERNAL),
        ("edit role", "name", 255, INTERNAL),
        ("edit role", "description", 255, INTERNAL),
        ("create group", "name", 255, INTERNAL),
        ("create group", "description", 255, INTERNAL),
        ("edit group", "name", 255, INTERNAL),
        ("edit group", "description", 255, INTERNAL),
        ("create account", "description", 500, NOT_CREATED),
        ("edit account", "name", 255, NOT_UPDATED),
        ("edit account", "description", 500, NOT_UPDATED),
    ],
)
def test_one_character_too_many(
    owner: httpx.Client, paths: dict[str, str], write: str, field: str, longest: int, answer: tuple[int, str]
) -> None:
    assert refusal(send(owner, paths, write, **{field: "\u00e9" * (longest + 1)})) == answer
    assert send(owner, paths, write, **{field: "x" * longest}).status_code == 200


@pytest.mark.parametrize("unit", [ACCENTED, FAMILY])
@pytest.mark.parametrize(
    ("write", "field", "longest", "answer"),
    [
        ("create role", "description", 255, INTERNAL),
        ("edit role", "name", 255, INTERNAL),
        ("create group", "name", 255, INTERNAL),
        ("edit group", "description", 255, INTERNAL),
        # Within the limit as its rule counts it, and still too long for its column: only an edit words that.
        ("create account", "description", 500, INTERNAL),
        ("edit account", "description", 500, NOT_UPDATED),
    ],
)
def test_a_text_of_combined_characters_is_longer_than_it_looks(
    owner: httpx.Client, paths: dict[str, str], write: str, field: str, longest: int, answer: tuple[int, str], unit: str
) -> None:
    fitting = longest // len(unit)
    assert refusal(send(owner, paths, write, **{field: unit * (fitting + 1)})) == answer
    assert send(owner, paths, write, **{field: unit * fitting}).status_code == 200


def test_an_accounts_limit_is_first_counted_in_what_a_reader_sees(owner: httpx.Client, paths: dict[str, str]) -> None:
    for unit in (ACCENTED, FAMILY):
        assert refusal(send(owner, paths, "create account", description=unit * 500)) == INTERNAL
        assert refusal(send(owner, paths, "create account", description=unit * 501)) == NOT_CREATED


@pytest.mark.parametrize("value", [7, 1.5, True, ["x"], {"x": 1}, "a\0b"])
@pytest.mark.parametrize(
    ("write", "field"),
    [
        ("create role", "name"),
        ("create role", "description"),
        ("edit role", "name"),
        ("edit role", "description"),
        ("create group", "name"),
        ("create group", "description"),
        ("edit group", "name"),
        ("edit group", "description"),
        ("create account", "name"),
        ("create account", "description"),
        ("invite", "name"),
        ("invite", "email"),
        ("invite", "uid"),
    ],
)
def test_a_value_that_is_no_text(
    server: DemoServer, owner: httpx.Client, paths: dict[str, str], write: str, field: str, value: object
) -> None:
    before = [owner.get(path).json() for path in ("/members", "/roles", "/groups", "/service_accounts")]
    assert refusal(send(owner, paths, write, **{field: value})) == INTERNAL
    assert [owner.get(path).json() for path in ("/members", "/roles", "/groups", "/service_accounts")] == before


@pytest.mark.parametrize("field", ["name", "description"])
def test_an_edit_of_an_account_words_what_the_database_refuses(
    owner: httpx.Client, paths: dict[str, str], field: str
) -> None:
    assert refusal(send(owner, paths, "edit account", **{field: "a\0b"})) == NOT_UPDATED
    assert refusal(send(owner, paths, "edit account", **{field: 7})) == INTERNAL


@pytest.mark.parametrize("field", ["name", "description"])
@pytest.mark.parametrize("write", ["edit role", "edit account"])
def test_false_is_as_good_as_missing_where_a_text_may_be_missing(
    owner: httpx.Client, paths: dict[str, str], write: str, field: str
) -> None:
    before = send(owner, paths, write, name="kept").json()
    assert send(owner, paths, write, **{field: False}).json() == before
    assert refusal(send(owner, paths, "create role", name=False)) == BLANK_ROLE


@pytest.mark.parametrize("write", ["create role", "edit role"])
@pytest.mark.parametrize(
    ("permissions", "answer"),
    [
        ("", NO_LIST),
        (0, NO_LIST),
        ({}, NO_LIST),
        ([7], (400, "cannot grant permissions you do not hold: 7")),
        ([None, True, "made.up"], (400, "cannot grant permissions you do not hold: , true, made.up")),
    ],
)
def test_permissions_that_are_no_names(
    owner: httpx.Client, paths: dict[str, str], write: str, permissions: object, answer: tuple[int, str]
) -> None:
    assert refusal(send(owner, paths, write, permissions=permissions)) == answer


@pytest.mark.parametrize("write", ["create role", "edit role"])
def test_a_permission_that_cannot_be_put_into_a_sentence(
    owner: httpx.Client, paths: dict[str, str], write: str
) -> None:
    response = send(owner, paths, write, permissions=[{}])
    assert (response.status_code, response.text) == (500, "Something went wrong")


def test_a_project_role_names_each_permission_once(owner: httpx.Client) -> None:
    body = {"name": "Stopper", "scope": "project", "permissions": ["project.view"]}
    role_id = owner.post("/roles", json=body).json()["id"]
    twice = {"permissions": ["project.view", "project.view"]}
    assert refusal(owner.patch(f"/roles/{role_id}", json=twice)) == (400, "Some permissions do not exist")
    assert refusal(owner.patch(f"/roles/{role_id}", json={"permissions": [7]})) == (400, "unknown permission(s): 7")


@pytest.mark.parametrize(("scope", "shown"), [("", '""'), ("World", '"World"'), (7, "7"), (True, "true")])
def test_a_scope_nobody_knows(owner: httpx.Client, paths: dict[str, str], scope: object, shown: str) -> None:
    answer = (400, f'invalid scope: {shown} (expected "project" or "org")')
    assert refusal(send(owner, paths, "edit role", scope=scope)) == answer


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"handle": None}, (400, "handle must be a string")),
        ({"handle": 7}, (400, "handle must be a string")),
        ({"handle": ""}, (400, "handle must be provided")),
        ({"provider": 7}, (400, "provider must be one of: github, bitbucket, gitlab")),
        ({"provider": None}, (400, "provider must be one of: github, bitbucket, gitlab")),
        ({"provider": "bitbucket", "uid": ""}, (400, "uid must be provided for bitbucket invitees")),
    ],
)
def test_an_invitation_that_cannot_be(
    owner: httpx.Client, paths: dict[str, str], body: dict[str, object], answer: tuple[int, str]
) -> None:
    assert refusal(send(owner, paths, "invite", **body)) == answer


@pytest.mark.parametrize("role_id", ["", "nonsense", 7, False])
def test_an_invitation_with_a_role_that_is_none_is_an_invitation_all_the_same(
    owner: httpx.Client, paths: dict[str, str], role_id: object
) -> None:
    role = send(owner, paths, "invite", handle="pamw", role_id=role_id).json()["role"]
    assert role == {"role_id": role_id, "applied": False, "status": "denied"}


@pytest.mark.parametrize("path", ["/members/{person}", "/projects/{project}/members/{person}/role"])
def test_a_role_named_while_removing_must_be_a_text(server: DemoServer, owner: httpx.Client, path: str) -> None:
    person, project = (
        server.organization.person_named("Noor Haddad"),
        server.organization.project_named("web-storefront"),
    )
    assert project
    url = path.format(person=person, project=project.id)
    for wrong in (7, ["x"], True):
        assert refusal(owner.request("DELETE", url, json={"role_id": wrong})) == INTERNAL
    for ignored in (None, False, "", "nonsense"):
        assert owner.request("DELETE", url, json={"role_id": ignored}).json() is True
