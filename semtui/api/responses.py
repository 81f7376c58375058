"""What the status and body of an answer mean: success, or an error in sentences."""

from __future__ import annotations

from semtui.api.errors import (
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RefusedError,
    SemaphoreError,
    TooManyRequestsError,
    UnauthorizedError,
    UnexpectedAnswerError,
)
from semtui.api.transport import Answer
from semtui.text.clean import clean
from semtui.text.counting import count

_LONGEST_MESSAGE = 300


def raise_for_write(host: str, answer: Answer, permission: str) -> None:
    """Sort an answer to a write into done (returns), refused or unknown (raises);
    `SECURITY.md#r3-unknown-is-called-unknown`."""
    if answer.status == 429:
        raise refusal(host, answer, permission)
    # A 404 in plain text comes from a gateway or an old server and says nothing about the record.
    entity_gone = answer.status == 404 and isinstance(_json_or_none(answer), str)
    refused = answer.status in (400, 401, 413, 422) or entity_gone or answer.status == 403
    if refused and not answer.is_transient and not answer.lost:
        raise refusal(host, answer, permission)
    if answer.status != 200 or answer.lost:
        raise OutcomeUnknownError(failure_words(host, answer))


def refusal(host: str, answer: Answer, permission: str) -> SemaphoreError:
    """The error for a refusal; `permission` is the one the endpoint requires (`API.md#answers`)."""
    message = error_message(answer)
    if answer.status == 401:
        return UnauthorizedError(
            f"{host} does not accept this API token. It may have been replaced, deactivated or deleted.",
            status=401,
            message=message,
        )
    if answer.status == 403 and _json_or_none(answer) is None and not _looks_like_html(answer):
        return PermissionDeniedError(
            f"This API token lacks the permission {permission}.", message=message, missing=permission
        )
    if answer.status == 403:
        return PermissionDeniedError(f"Semaphore refused: {_sentence(message)}", message=message)
    if answer.status == 404 and isinstance(_json_or_none(answer), str):
        return NotFoundError(f"Semaphore says: {_sentence(message)}", status=404, message=message)
    if answer.status == 429:
        wait = f" It asks to wait {count(round(answer.retry_after), 'second')}." if answer.retry_after else ""
        return TooManyRequestsError(
            f"{host} is being asked too often.{wait} Nothing was done.", status=429, message=message
        )
    if answer.status in (400, 413, 422):
        return RefusedError(f"Semaphore refused: {_sentence(message)}", status=answer.status, message=message)
    return UnexpectedAnswerError(failure_words(host, answer))


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
