"""How Semaphore refuses requests (API.md#answers)."""

from typing import Literal

PERMISSION_DENIED = "Permission denied"
INVALID_UUID = "Invalid uuid passed as an argument where uuid v4 was expected."


class RefusedError(Exception):
    """A refusal: its status, its message, and the form of the message in the body."""

    def __init__(self, status: int, message: str, form: Literal["json", "text", "object"] = "json") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.form = form


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
