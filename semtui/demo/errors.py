"""How Semaphore refuses requests (API.md#answers)."""

from typing import Literal

PERMISSION_DENIED = "Permission denied"
INVALID_UUID = "Invalid uuid passed as an argument where uuid v4 was expected."


class RefusedError(Exception):
    """A refusal: its status, its message, and the form of the message in the body.

    `whole` is an object to send instead, as the services with a content type do.
    """

    def __init__(
        self,
        status: int,
        message: str,
        form: Literal["json", "text", "object"] = "json",
        *,
        whole: dict[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.form = form
        self.whole = whole


def invalid(message: str) -> RefusedError:
    """A 400 whose body is one JSON string."""
    return RefusedError(400, message)


def forbidden(message: str) -> RefusedError:
    """A 403 from deep inside RBAC, whose body is one JSON string."""
    return RefusedError(403, message)


def missing(message: str) -> RefusedError:
    """A 404 for a record that does not exist, whose body is one JSON string."""
    return RefusedError(404, message)


def internal_error() -> RefusedError:
    """A 500 that never says what went wrong."""
    return RefusedError(500, "Internal error")


def denied() -> RefusedError:
    """The 403 for a caller without an endpoint's permission: bare text."""
    return RefusedError(403, PERMISSION_DENIED, "text")


_GATEWAY_STATUS = {2: 500, 3: 400, 5: 404, 7: 403, 9: 400, 12: 501, 13: 500}
INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED_CODE, FAILED_PRECONDITION, UNIMPLEMENTED, UNKNOWN = 3, 5, 7, 9, 12, 2


def gateway_refusal(code: int, message: str) -> RefusedError:
    """A refusal of the services behind the gRPC gateway (API.md#gateway-answers)."""
    whole: dict[str, object] = {"code": code, "message": message, "details": []}
    return RefusedError(_GATEWAY_STATUS[code], message, whole=whole)
