"""Secrets of the organization and of projects, by v1beta, v1 and v2 (`API.md#secrets`)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from semtui.api.base_client import BaseClient, path_part
from semtui.api.errors import (
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    UndisclosedError,
)
from semtui.api.linked_pages import linked_pages
from semtui.api.pagination import WHOLE, Page, ReadOptions, complete_list
from semtui.api.permissions import (
    MANAGE_PROJECT_SECRETS,
    MANAGE_SECRETS,
    VIEW_PROJECT_SECRETS,
    VIEW_SECRETS,
)
from semtui.api.readers import SECRET
from semtui.api.responses import Needed, field_error, next_page, not_the_api, raise_for_write
from semtui.api.secret_records import of_gateway, of_v2
from semtui.text.clean import clean, raw

if TYPE_CHECKING:
    from collections.abc import Callable

    from semtui.api.secret_models import Secret, SecretContent, SecretPolicy
    from semtui.api.transport import Answer

_SLOW_TO_LEARN = "A role given in the last five minutes may not count there yet."
_SHORTEST_VALUE = 4
"""A shorter value is not looked for in what Semaphore says: it would be in any sentence."""


class SecretsClient(BaseClient):
    """The endpoints for secrets. With a project's id a method is about that project's, else about the organization's.

    Answers to these may hold values in clear: models get digests instead, and no error quotes a value that was sent.
    """

    secrets_per_page = 100

    async def list_secrets(self, project_id: str = "", reading: ReadOptions = WHOLE) -> tuple[Secret, ...]:
        """All secrets, by `GET /v1beta/secrets` or `GET /v1/projects/:project/secrets`."""
        path, size = _path(project_id), reading.size or self.secrets_per_page

        async def ask(token: str) -> Page[Secret]:
            params: dict[str, str | int] = {"page_size": size, **({"page_token": token} if token else {})}
            data = await self._read(path, _needed(project_id), params)
            following, more = next_page(data)
            entries = data.get("secrets") if isinstance(data, dict) else None
            return Page(_read_all(entries, of_gateway), following=following, more=more)

        with complete_list(self.host, "secrets"):
            return await linked_pages(ask, size, reading, counted=False)

    async def check_secrets_right(self, project_id: str = "") -> None:
        """Raise PermissionDeniedError if the API token may neither read nor write these secrets, found by reading one
        (`API.md#organization-secrets`)."""
        data = await self._read(_path(project_id), _needed(project_id), {"page_size": 1})
        _read_all(data.get("secrets") if isinstance(data, dict) else None, of_gateway)

    async def describe_secret(self, id_or_name: str, project_id: str = "") -> Secret:
        """One secret. Of a project, NotFoundError proves that there is none; of the organization, UndisclosedError says
        that it is absent or may not be seen."""
        path = f"{_path(project_id)}/{_secret_part(id_or_name)}"
        return SECRET.read(of_gateway(await self._read(path, _needed(project_id, id_or_name))), "secrets")

    async def find_secret(self, name: str, project_id: str = "") -> Secret | None:
        """The secret of this name, or None if there certainly is none. Raises PermissionDeniedError if that cannot be
        known."""
        try:
            return await self.describe_secret(name, project_id)
        except NotFoundError:
            return None
        except UndisclosedError:
            await self.check_secrets_right(project_id)
            return None

    async def create_secret(
        self, name: str, content: SecretContent, *, project_id: str = "", policy: SecretPolicy | None = None
    ) -> Secret:
        """Create a secret. **A policy may be dropped without a word**: compare it with the answer's
        (`API.md#access-policy`)."""
        body: dict[str, object] = {"metadata": {"name": name}, "data": content.sent()}
        if policy is not None and not project_id:
            body["org_config"] = _sent_policy(policy)
        answer = await self._write_content("POST", _path(project_id), _needed(project_id), body, content)
        return SECRET.read_write_answer(of_gateway(answer), "secrets")

    async def replace_secret(self, secret: Secret, content: SecretContent) -> Secret:
        """Replace the whole content. Refused with NotOfferedError by most organizations, which change nothing
        (`API.md#replacing-a-secret`)."""
        path = f"{_path(secret.project_id)}/{path_part(secret.id)}"
        body: dict[str, object] = {"metadata": {"name": raw(secret.name)}, "data": content.sent()}
        needed = _needed(secret.project_id, secret.name)
        return SECRET.read_write_answer(
            of_gateway(await self._write_content("PATCH", path, needed, body, content)), "secrets"
        )

    async def delete_secret(self, secret_id: str, project_id: str = "") -> None:
        """Delete a secret."""
        path = f"{_path(project_id)}/{path_part(secret_id)}"
        data = await self._write("DELETE", path, _needed(project_id, secret_id))
        if data != {}:
            raise OutcomeUnknownError(f"{self.host} answered, but did not say that the secret is deleted.")

    # v2, which most organizations do not have

    async def list_secrets_v2(self, project_id: str = "") -> tuple[Secret, ...]:
        """The secrets with digests of their values. **Those restricted to some projects are missing**, and nothing says
        so (`API.md#secrets-v2`). Raises NotOfferedError where there is no v2."""
        path, size = _path_v2(project_id), self.secrets_per_page
        needed = Needed(VIEW_PROJECT_SECRETS if project_id else VIEW_SECRETS, "the secrets", _SLOW_TO_LEARN)

        async def ask(token: str) -> Page[Secret]:
            paged: dict[str, str | int] = {} if project_id else {"page_size": size}
            answer = await self._answer(path, needed, {**paged, **({"page_token": token} if token else {})})
            entries = self._json("secrets", answer)
            return Page(_read_all(entries, of_v2), following=answer.next_page, more=bool(answer.next_page))

        with complete_list(self.host, "secrets"):
            return await linked_pages(ask, size, counted=False)

    async def describe_secret_v2(self, id_or_name: str, project_id: str = "") -> Secret:
        """One secret with digests of its values. Raises NotOfferedError where there is no v2."""
        path = f"{_path_v2(project_id)}/{_secret_part(id_or_name)}"
        permission = VIEW_PROJECT_SECRETS if project_id else VIEW_SECRETS
        needed = Needed(permission, f"the secret {clean(id_or_name)}", _SLOW_TO_LEARN)
        return SECRET.read(of_v2(await self._read(path, needed)), "secrets")

    async def replace_secret_v2(self, secret: Secret, content: SecretContent) -> Secret:
        """Replace the whole content at once, keeping name, description and policy; `secret` as v2 has described it
        (`API.md#secrets-v2`)."""
        path = f"{_path_v2(secret.project_id)}/{path_part(secret.id)}"
        permission = MANAGE_PROJECT_SECRETS if secret.project_id else MANAGE_SECRETS
        needed = Needed(permission, f"the secret {secret.name}", _SLOW_TO_LEARN)
        answer = await self._write_content("PUT", path, needed, _sent_v2(secret, content), content)
        return SECRET.read_write_answer(of_v2(answer), "secrets")

    async def _write_content(
        self, method: str, path: str, needed: Needed, body: dict[str, object], content: SecretContent
    ) -> object:
        """Send a write with values in it; in an answer that is no success, they are blotted out before it is read."""
        answer = await self._transport.write(method, path, body)
        if answer.status != 200 or answer.lost:
            answer = replace(answer, body=_without(answer, content))
        raise_for_write(self.host, answer, needed)
        try:
            return answer.json()
        except ValueError as error:
            raise OutcomeUnknownError(not_the_api(self.host, answer, str(error))) from None


def _needed(project_id: str, name: str = "") -> Needed:
    """What the gateway requires. Only of the organization's secrets a 404 may hide one."""
    if project_id:
        return Needed(MANAGE_PROJECT_SECRETS, hint=_SLOW_TO_LEARN)
    return Needed(MANAGE_SECRETS, f"the secret {clean(name)}" if name else "", _SLOW_TO_LEARN)


def _path(project_id: str) -> str:
    return f"/v1/projects/{path_part(project_id)}/secrets" if project_id else "/v1beta/secrets"


def _path_v2(project_id: str) -> str:
    return f"/v2/projects/{path_part(project_id)}/secrets" if project_id else "/v2/secrets"


def _secret_part(id_or_name: str) -> str:
    """An id or name as one segment of a path. Raises NotSentError for names that no path can hold."""
    if "/" in id_or_name or not id_or_name.strip("."):
        raise NotSentError(f"A secret cannot be asked for by the name “{clean(id_or_name)}”. Nothing was sent.")
    return path_part(id_or_name)


def _read_all(entries: object, record: Callable[[object], object]) -> list[Secret]:
    if not isinstance(entries, list):
        raise field_error("secrets", "secrets", "should be a list")
    return SECRET.read_list({"secrets": [record(entry) for entry in entries]}, "secrets")


def _sent_policy(policy: SecretPolicy) -> dict[str, object]:
    return {
        "projects_access": policy.projects_access,
        "project_ids": [raw(each) for each in policy.project_ids],
        "debug_access": "JOB_DEBUG_YES" if policy.debug else "JOB_DEBUG_NO",
        "attach_access": "JOB_ATTACH_YES" if policy.attach else "JOB_ATTACH_NO",
    }


def _sent_v2(secret: Secret, content: SecretContent) -> dict[str, object]:
    spec: dict[str, object] = {
        "name": raw(secret.name),
        "description": raw(secret.description),
        "data": content.sent(),
    }
    if secret.policy is not None:
        spec["access_config"] = {
            "project_access": secret.policy.projects_access,
            "project_ids": [raw(each) for each in secret.policy.project_ids],
            "debug_access": "YES" if secret.policy.debug else "NO",
            "attach_access": "YES" if secret.policy.attach else "NO",
        }
    metadata = {"id": secret.id, "org_id": secret.org_id, "name": raw(secret.name)}
    kind = "ProjectSecret" if secret.project_id else "Secret"
    return {"apiVersion": "v2", "kind": kind, "metadata": metadata, "spec": spec}


def _without(answer: Answer, content: SecretContent) -> bytes:
    """The body without the values that were sent, in clear or as JSON writes them."""
    body = answer.body
    for value in content.stored():
        if len(value) >= _SHORTEST_VALUE:
            for form in (value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
                body = body.replace(form.encode(errors="replace"), "…".encode())
    return body
