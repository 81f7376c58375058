"""What the status and body of an answer mean: success, or an error in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from semtui.api.errors import (
    NotFoundError,
    NotOfferedError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RefusedError,
    SemaphoreError,
    TooManyRequestsError,
    UnauthorizedError,
    UndisclosedError,
    UnexpectedAnswerError,
)
from semtui.api.transport import Answer
from semtui.text.clean import clean
from semtui.text.counting import count

_LONGEST_MESSAGE = 300
_DENIED, _NOT_FOUND = "Permission denied", "not found"
_NOT_ENABLED = "feature is not enabled for your organization"
_V2_CLOSED = "APIv2 is not enabled"
_FAILED_PRECONDITION = 9
_SPOKEN_BY_SERVICES = (5, 7)


@dataclass(frozen=True, slots=True)
class Needed:
    """What an endpoint requires, and how it refuses those who lack it."""

    permission: str
    hides: str = ""
    """What it answers 404 about, as in “the secret x”, where that may mean that it is absent or that the permission is
    missing; "" if a 404 proves that it is absent."""
    hint: str = ""
    """A sentence to add when the permission may be missing."""


def as_needed(needed: str | Needed) -> Needed:
    """What an endpoint requires, where only the permission is given."""
    return Needed(needed) if isinstance(needed, str) else needed


def raise_for_write(host: str, answer: Answer, needed: Needed) -> None:
    """Sort an answer to a write into done (returns), refused or unknown (raises);
    `SECURITY.md#r3-unknown-is-called-unknown`."""
    if answer.status == 429:
        raise refusal(host, answer, needed)
    # A 404 in plain text comes from a gateway or an old server and says nothing about the record.
    entity_gone = answer.status == 404 and (isinstance(_json_or_none(answer), str) or _of_service(answer))
    refused = answer.status in (400, 401, 413, 422) or entity_gone or answer.status == 403
    if refused and not answer.is_transient and not answer.lost:
        raise refusal(host, answer, needed)
    if answer.status != 200 or answer.lost:
        raise OutcomeUnknownError(failure_words(host, answer))


def refusal(host: str, answer: Answer, needed: Needed) -> SemaphoreError:
    """The error for a refusal (`API.md#answers`)."""
    message = error_message(answer)
    if answer.status == 401 and message == _DENIED:
        # So refuse some endpoints whoever may not use them (API.md#deployment-targets).
        return _denied(answer, needed)
    if answer.status == 401:
        return UnauthorizedError(
            f"{host} does not accept this API token. It may have been replaced, deactivated or deleted.",
            status=401,
            message=message,
        )
    if answer.status == 403 and _NOT_ENABLED in message:
        return NotOfferedError(f"Semaphore refused: {_sentence(message)}", status=403, message=message)
    if answer.status == 403 and (_json_or_none(answer) is None or _of_service(answer)) and not _looks_like_html(answer):
        return _denied(answer, needed)
    if answer.status == 403:
        return PermissionDeniedError(f"Semaphore refused: {_sentence(message)}", message=message)
    if answer.status == 404 and message.startswith(_V2_CLOSED):
        return NotOfferedError(f"Semaphore refused: {_sentence(message)}", status=404, message=message)
    if answer.status == 404 and needed.hides and (_of_service(answer) or message.casefold() == _NOT_FOUND):
        return _undisclosed(answer, needed)
    if answer.status == 404 and (isinstance(_json_or_none(answer), str) or _of_service(answer)):
        return NotFoundError(f"Semaphore says: {_sentence(message)}", status=404, message=message)
    if answer.status == 429:
        wait = f" It asks to wait {count(round(answer.retry_after), 'second')}." if answer.retry_after else ""
        return TooManyRequestsError(
            f"{host} is being asked too often.{wait} Nothing was done.", status=429, message=message
        )
    if answer.status == 400 and _code(answer) == _FAILED_PRECONDITION:
        return NotOfferedError(f"Semaphore refused: {_sentence(message)}", status=400, message=message)
    if answer.status in (400, 413, 422):
        return RefusedError(f"Semaphore refused: {_sentence(message)}", status=answer.status, message=message)
    return UnexpectedAnswerError(failure_words(host, answer))


def _denied(answer: Answer, needed: Needed) -> PermissionDeniedError:
    of_project = needed.permission.startswith("project.") and _of_service(answer)
    or_absent = " on this project, or there is no such project" if of_project else ""
    words = f"This API token lacks the permission {needed.permission}{or_absent}."
    return PermissionDeniedError(_with(words, needed.hint), message=error_message(answer), missing=needed.permission)


def _undisclosed(answer: Answer, needed: Needed) -> UndisclosedError:
    words = (
        f"Semaphore did not find {needed.hides}, or this API token lacks the permission {needed.permission}: "
        "it answers both alike."
    )
    return UndisclosedError(_with(words, needed.hint), status=404, message=error_message(answer))


def _with(words: str, hint: str) -> str:
    return f"{words} {hint}" if hint else words


def _code(answer: Answer) -> int:
    """gRPC's code in an answer of the gateway (`API.md#gateway-answers`); 0 for any other answer."""
    data = _json_or_none(answer)
    code = data.get("code") if isinstance(data, dict) else 0
    return code if type(code) is int else 0


def _of_service(answer: Answer) -> bool:
    """Whether an object tells of the record or the permission; the gateway's own 404 tells only of the path."""
    data = _json_or_none(answer)
    if isinstance(data, dict) and "documentation_url" in data:
        return True
    return _code(answer) in _SPOKEN_BY_SERVICES and error_message(answer).casefold() != _NOT_FOUND


def error_message(answer: Answer) -> str:
    """Semaphore's message, which is plain text, a JSON string or an object, depending on the service that wrote it
    (`API.md#answers`)."""
    data = _json_or_none(answer)
    if isinstance(data, dict):
        data = data.get("message", "")
    text = data if isinstance(data, str) else answer.body.decode("utf-8", errors="replace")
    if _looks_like_html(answer):
        return "an HTML page"
    return clean(" ".join(text.split()), limit=_LONGEST_MESSAGE)


def failure_words(host: str, answer: Answer) -> str:
    """What is wrong with an answer that is neither a success nor a refusal."""
    if answer.lost:
        return f"{host}: {answer.lost}."
    if answer.status == 403:
        return f"{host} answered with an empty 403, which means that its sign-in service is down for the moment."
    if 300 <= answer.status < 400:
        target = clean(answer.location, limit=100) or "another address"
        return f"{host} redirected us to {target}, and semtui does not follow redirects. Is the host right?"
    if answer.status == 404:
        words = error_message(answer) or "no words"
        return f"{host} knows no such organization or address, or bars this network (404: {words})."
    if answer.status >= 500:
        return f"{host} answered with a server error (status {answer.status}: {error_message(answer) or 'no words'})."
    return not_the_api(host, answer, f"status {answer.status}")


def not_the_api(host: str, answer: Answer, why: str) -> str:
    """A sentence for an answer that cannot be from Semaphore's API."""
    what = "an HTML page" if _looks_like_html(answer) else f"something that is {why}"
    if not answer.body.strip():
        what = "nothing"
    return f"{host} answered with {what} where Semaphore's API should. Is the host right?"


def _looks_like_html(answer: Answer) -> bool:
    return answer.body.lstrip()[:15].lower().startswith((b"<!doctype", b"<html"))


def _json_or_none(answer: Answer) -> object:
    try:
        return answer.json()
    except ValueError:
        return None


def _sentence(message: str) -> str:
    return message if message.endswith((".", "!", "?")) else f"{message}."


def expect_true(host: str, data: object) -> None:
    """Check the answer of a removal, the JSON literal `true`. Raises OutcomeUnknownError for anything else."""
    if data is not True:
        raise OutcomeUnknownError(f"{host} answered, but did not say “true”.")


def next_page(data: object) -> tuple[str, bool | None]:
    """The name of the next page, and whether there is one, None if the answer does not say
    (`API.md#paging-accounts`)."""
    name = data.get("next_page_token") if isinstance(data, dict) else None
    if isinstance(name, int) and name > 0 and name is not True:
        name = str(name)
    return (name, bool(name)) if isinstance(name, str) else ("", None)


def field_error(where: str, field: str, why: str) -> UnexpectedAnswerError:
    """The error for a field of the wrong shape."""
    return UnexpectedAnswerError(f"Semaphore's answer cannot be read: in {clean(where)}, {clean(field)}: {why}.")
