"""Detects that somebody else has changed what is about to be edited. Checked right before an edit is sent.

Semaphore keeps no versions to compare (`API.md#no-versions`), so a change within the moment between question and edit
is not seen; one made while a form was open is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from semtui.api.errors import ConflictError, NoAnswerError, NotSentError
from semtui.changes.bindings import bindings_of
from semtui.text.clean import clean

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import Role
    from semtui.organization.subject import Kind
    from semtui.session.session import Session

T = TypeVar("T")
DetailsCheck = Callable[["SemaphoreClient", tuple[str, str], tuple[str | None, str | None]], Coroutine[Any, Any, None]]
"""Compares name and description as saved, and as edited (None: not edited), with what Semaphore says now."""


@dataclass(frozen=True)
class _Field:
    """One thing an edit changes: as it was when the form was opened, as asked for, and as it is now."""

    name: str
    before: str
    ours: str
    theirs: str


class SavedDetails:
    """The name and description that an edit starts from: what is saved, as far as is known."""

    def __init__(self, session: Session, name: str, description: str) -> None:
        self._session = session
        self.name = name
        self.description = description

    async def check_details(self, unchanged: DetailsCheck, ours: tuple[str | None, str | None]) -> None:
        """Stop once if somebody else has changed a field that `ours` edits; their values then count as saved.

        Raises ConflictError and NotSentError.
        """
        before = (self.name, self.description)
        try:
            await self._session.read(lambda client: unchanged(client, before, ours))
        except ConflictError as conflict:
            self.name = conflict.theirs.get("name", self.name)
            self.description = conflict.theirs.get("description", self.description)
            raise


async def account_unchanged(
    client: SemaphoreClient, account_id: str, before: tuple[str, str], ours: tuple[str | None, str | None]
) -> None:
    """Check the name and description of a service account; None in `ours` means not edited. Raises ConflictError,
    NotSentError."""
    now = await _read(client.describe_service_account(account_id))
    _compare(_details(before, ours, (now.name, now.description)))


async def group_unchanged(
    client: SemaphoreClient, group_id: str, before: tuple[str, str], ours: tuple[str | None, str | None]
) -> None:
    """The same for a group. A group that no longer exists is left for Semaphore to refuse."""
    for group in await _read(client.list_groups()):
        if group.id == group_id:
            _compare(_details(before, ours, (group.name, group.description)))


async def role_unchanged(client: SemaphoreClient, before: Role, ours: tuple[str | None, str | None, bool]) -> None:
    """The same for a custom role; the last item of `ours` says whether its permissions are edited."""
    now = await _read(client.describe_role(before.id))
    fields = _details((before.name, before.description), ours[:2], (now.name, now.description))
    if ours[2] and set(now.permissions) != set(before.permissions):
        fields.append(_Field("permissions", _number(before.permissions), "a third set", _number(now.permissions)))
    _compare(fields)


async def held_role_unchanged(
    client: SemaphoreClient, subject_id: str, kind: Kind, before: tuple[str, str], ours: Role
) -> None:
    """Check which role is assigned directly; `before` is its id and name, both empty for none. The value in the
    conflict is an id."""
    bindings = await _read(bindings_of(client, subject_id, kind))
    manual = next((held for held in bindings if held.is_manual), None)
    role_id, name = (manual.role_id, manual.role_name) if manual else ("", "")
    if role_id not in (before[0], ours.id):
        field = _Field("role", before[1] or "none", ours.name, name or "none")
        raise ConflictError(_sentence([field]), {"role": role_id, "role name": name})


async def project_role_unchanged(
    client: SemaphoreClient, project_id: str, person_id: str, before: str, ours: str, name: str
) -> None:
    """Check the role a person holds on a project by direct assignment; `before`, called `name`, and `ours` are ids,
    empty for none."""
    members = await _read(client.list_project_members(project_id))
    bindings = [held for member in members if member.id == person_id for held in member.roles]
    manual = next((held for held in bindings if held.is_manual), None)
    role_id, now = (manual.role_id, manual.role_name) if manual else ("", "")
    if role_id not in (before, ours):
        field = _Field("role on the project", name or "none", "the one before that", now or "none")
        raise ConflictError(_sentence([field]), {"role": role_id, "role name": now})


def _details(before: tuple[str, str], ours: tuple[str | None, str | None], theirs: tuple[str, str]) -> list[_Field]:
    rows = zip(("name", "description"), before, ours, theirs, strict=True)
    # What Semaphore keeps is trimmed, and what it tells is cleaned.
    return [_Field(name, was, clean(asked.strip()), now) for name, was, asked, now in rows if asked is not None]


def _compare(fields: Iterable[_Field]) -> None:
    changed = [field for field in fields if field.theirs.strip() not in (field.before.strip(), field.ours)]
    if changed:
        raise ConflictError(_sentence(changed), {field.name: field.theirs for field in changed})


def _sentence(fields: Iterable[_Field]) -> str:
    words = [
        f"the {field.name} was “{field.before}” and is “{field.theirs}” now, yours is “{field.ours}”"
        for field in fields
    ]
    return f"Somebody else has changed this in the meantime: {'; '.join(words)}. Nothing was sent."


def _number(permissions: tuple[str, ...]) -> str:
    return f"{len(permissions)} of them"


async def _read(reading: Awaitable[T]) -> T:
    try:
        return await reading
    except NoAnswerError as error:
        raise NotSentError(f"{error} Nothing was sent.") from error
