"""Puts a new token into a secret of Semaphore, and checks before the token is asked for that this could be done.

Where a secret cannot be replaced at once, what a gap costs has been said before (`API.md#replacing-a-secret`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from semtui.api.errors import NotOfferedError, NotSentError, OutcomeUnknownError, SemaphoreError
from semtui.api.secret_models import SecretPolicy
from semtui.changes.reconcile import Reconciliation
from semtui.changes.secret_writes import check_secret_creation, check_secret_deletion, check_secret_replacement
from semtui.history.record import Change
from semtui.text.clean import clean
from semtui.tokens.delivery import STILL_HERE, DeliveryError, DeliveryUnknownError
from semtui.wording.secrets import others_in, taken_words

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from semtui.api.client import SemaphoreClient
    from semtui.api.models import NewToken, Project
    from semtui.api.secret_models import Secret, SecretContent
    from semtui.history.record import Action, Values
    from semtui.session.session import Session
    from semtui.tokens.secret_place import SecretPlace

T = TypeVar("T")


@dataclass(frozen=True)
class _Target:
    """A place as Semaphore knows it."""

    project_id: str = ""
    policy: SecretPolicy | None = None
    """What is asked for; None for no restriction."""
    present: Secret | None = None
    """The secret that is replaced; None for a new one."""
    v2: bool = False
    """It is replaced by v2."""


async def require_storable(session: Session, place: SecretPlace) -> None:
    """Check that a token could be put there: the name, the right, and that nothing else is lost by it.

    Raises NotSentError.
    """

    async def find(client: SemaphoreClient) -> _Target:
        return await _target(client, place)

    try:
        await session.read(find)
    except NotSentError:
        raise
    except SemaphoreError as error:
        session.permissions.note_refusal(error)
        raise NotSentError(f"The token could not be put into {place.words}. {error} No token was asked for.") from None


async def put_into_secret(session: Session, client: SemaphoreClient, place: SecretPlace, token: NewToken) -> str:
    """Put a token into a secret; returns how that is known, in words that follow “It was”. Raises DeliveryError."""
    return await _Delivery(session, client, place, token).carry_out()


async def _target(client: SemaphoreClient, place: SecretPlace, content: SecretContent | None = None) -> _Target:
    """What a place stands for. `present` is also set where a new secret would hold just `content`.

    Raises SemaphoreError; NotSentError where it cannot be used.
    """
    if place.mistake:
        raise NotSentError(f"{place.mistake} Nothing was sent.")
    project_id, policy = await project_and_policy(client, place)
    await client.check_secrets_right(project_id)
    found = await client.find_secret(place.name, project_id)
    target = _Target(project_id, policy, found)
    if place.way == "new":
        if found is not None and not (content and content.is_in(await _with_digests(client, found))):
            raise NotSentError(f"{taken_words(place, found)} Nothing was sent.")
        return target
    if found is None:
        raise NotSentError(f"There is no {place.words.removeprefix('the ')} to {place.way}. Nothing was sent.")
    if others_in(place, found):
        raise NotSentError(f"{taken_words(place, found)} Nothing was sent.")
    if place.way == "recreate" or found.values_sent:
        return target
    return _Target(project_id, None, await _by_v2(client, place, found), v2=True)


async def project_and_policy(client: SemaphoreClient, place: SecretPlace) -> tuple[str, SecretPolicy | None]:
    """The id of a place's project, empty for none, and the restriction it asks for. Raises SemaphoreError; NotSentError
    for a project that is not seen."""
    if not place.project and not place.only:
        return "", None
    projects = await client.list_projects()
    project_id = _project_id(projects, place.project) if place.project else ""
    allowed = tuple(_project_id(projects, each) for each in place.only)
    return project_id, SecretPolicy("ALLOWED", allowed) if allowed else None


def _project_id(projects: Sequence[Project], name_or_id: str) -> str:
    """The id of the one project of this name or id. Raises NotSentError."""
    wanted = clean(name_or_id)
    found = [project.id for project in projects if wanted in (project.name, project.id)]
    if len(found) == 1:
        return found[0]
    how_many = "There is no" if not found else "There is more than one"
    raise NotSentError(f"{how_many} project {wanted} that you may see. Nothing was sent.")


async def _by_v2(client: SemaphoreClient, place: SecretPlace, found: Secret) -> Secret:
    try:
        return await client.describe_secret_v2(found.id, found.project_id)
    except NotOfferedError:
        raise NotSentError(
            f"{place.sentence_start} cannot be replaced at once: this organization has switched on neither of the "
            f"two ways. {taken_words(place, found)} Nothing was sent."
        ) from None


async def _with_digests(client: SemaphoreClient, found: Secret) -> Secret:
    """The secret with digests of its values, as far as Semaphore shows them."""
    if not found.values_sent:
        try:
            return await client.describe_secret_v2(found.id, found.project_id)
        except SemaphoreError:
            # Most organizations have no v2; nothing depends on it.
            return found
    return found


class _Delivery:
    """Puts one token into one secret."""

    def __init__(self, session: Session, client: SemaphoreClient, place: SecretPlace, token: NewToken) -> None:
        self._session = session
        self._client = client
        self._place = place
        self._content = place.content(token.secret)
        self._token = token
        self._target = _Target()
        self._gone = ""
        """A sentence, set once the secret of that name is deleted."""

    async def carry_out(self) -> str:
        """Raises DeliveryError."""
        place = self._place
        try:
            self._target = await _target(self._client, place, self._content)
        except SemaphoreError as error:
            raise self._failure(error.reason) from None
        present = self._target.present
        if place.way == "replace" and present is not None:
            return await self._verified(await self._replace(present))
        if place.way == "recreate" and present is not None:
            await self._delete(present)
        elif present is not None:
            # It has been put there before, and the answer was lost.
            await self._require_policy(self._target.policy, present, present.id)
            return await self._verified(present.id)
        return await self._verified(await self._create())

    async def _create(self) -> str:
        client, place, target = self._client, self._place, self._target
        policy = target.present.policy if target.present else target.policy
        try:
            made = await self._recorded(
                self._change("create", None),
                lambda: client.create_secret(place.name, self._content, project_id=target.project_id, policy=policy),
            )
        except OutcomeUnknownError as error:
            look = check_secret_creation(client, place.name, self._content, target.project_id)
            secret_id = await self._looked_up(error, look, place.name)
            if policy is not None:
                await self._require_policy(policy, await self._described(secret_id), secret_id)
            return secret_id
        except SemaphoreError as error:
            raise self._failure(f"It is not in {place.words}. {error}") from None
        await self._require_policy(policy, made, made.id)
        return made.id

    async def _require_policy(self, asked: SecretPolicy | None, found: Secret | None, secret_id: str) -> None:
        """Delete the secret again if its restriction was dropped, which Semaphore does without a word
        (`API.md#access-policy`). Raises DeliveryError then."""
        if asked is None or (found is not None and found.policy is not None and found.policy.equals(asked)):
            return
        words = self._place.words
        if found is None:
            raise DeliveryUnknownError(
                f"It is in {words}, and whether only the chosen projects may use it is not known: look there. "
                f"{STILL_HERE}"
            )
        project_id = self._target.project_id
        try:
            await self._recorded(
                self._change("delete", found), lambda: self._client.delete_secret(secret_id, project_id)
            )
        except OutcomeUnknownError:
            result = await check_secret_deletion(self._client, secret_id, self._place.name, project_id)
            self._session.history.looked_up(secret_id, result)
            removed = result.outcome == "done"
        except SemaphoreError:
            removed = False
        else:
            removed = True
        dropped = f"Semaphore dropped the restriction of {words} without a word, so that every project could use it"
        if removed:
            raise self._failure(f"{dropped}; it is deleted again. This organization, or your role, has none to give.")
        raise self._failure(f"{dropped}, and it could not be deleted again: delete it, and regenerate the token.")

    async def _replace(self, present: Secret) -> str:
        client, v2 = self._client, self._target.v2
        replace = client.replace_secret_v2 if v2 else client.replace_secret
        try:
            await self._recorded(
                self._change("edit", present),
                lambda: replace(present, self._content),
            )
        except OutcomeUnknownError as error:
            await self._looked_up(
                error, check_secret_replacement(client, present, self._content, v2=v2), present.id, again=";replace"
            )
        except SemaphoreError as error:
            raise self._failure(f"It is not in {self._place.words}. {error}") from None
        return present.id

    async def _delete(self, present: Secret) -> None:
        client, name, project_id = self._client, present.name, present.project_id
        try:
            await self._recorded(
                self._change("delete", present),
                lambda: client.delete_secret(present.id, project_id),
            )
        except OutcomeUnknownError as error:
            await self._looked_up(error, check_secret_deletion(client, present.id, name, project_id), present.id)
        except SemaphoreError as error:
            raise self._failure(f"{self._place.sentence_start} is as it was. {error}") from None
        self._gone = (
            f"{self._place.sentence_start} is deleted, and jobs that name it cannot start until it exists again."
        )

    async def _recorded(self, change: Change, send: Callable[[], Awaitable[T]]) -> T:
        return await self._session.history.carry_out(change, send)

    async def _looked_up(
        self, error: OutcomeUnknownError, look: Awaitable[Reconciliation], key: str, again: str = ""
    ) -> str:
        """The id of the secret, once it is known that the request was carried out. Raises DeliveryError."""
        result = await look
        self._session.history.looked_up(key, result)
        if result.outcome == "done":
            return result.subject_id
        if result.outcome == "not done":
            raise self._failure(result.sentence)
        raise DeliveryUnknownError(self._still_here(f"{error} {result.sentence}"))

    async def _described(self, secret_id: str) -> Secret | None:
        try:
            return await self._client.describe_secret(secret_id, self._target.project_id)
        except SemaphoreError:
            return None

    async def _verified(self, secret_id: str) -> str:
        """How it is known that the token is there. Raises DeliveryError if something else is."""
        place = self._place
        there = f"put into {place.words} as {place.entry_words}"
        found = await self._described(secret_id)
        if found is None:
            return f"{there}; Semaphore said so, and it could not be read back"
        held = self._content.is_in(await _with_digests(self._client, found))
        if held is False:
            raise self._failure(f"{place.sentence_start} is there and does not hold this token.")
        how = "checked by its checksum" if held else "seen there; Semaphore does not show what is in it"
        return f"{there}, {how}"

    def _change(self, action: Action, present: Secret | None) -> Change:
        """What is about to be sent, for the journal."""
        place, project_id = self._place, self._target.project_id
        whose = {"account_id": self._token.account_id, "account": self._token.account_name}
        after: Values = {} if action == "delete" else {"entry": place.entry, "only": place.only, **whose}
        secret_id = present.id if present else ""
        return Change(action, "secret", secret_id, place.name, None, after, project_id, place.project)

    def _failure(self, words: str) -> DeliveryError:
        return DeliveryError(self._still_here(words))

    def _still_here(self, words: str) -> str:
        return " ".join(filter(None, (words, self._gone, STILL_HERE)))
