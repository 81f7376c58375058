"""Why an answer is missing or incomplete, and whether that is an internal error."""

from __future__ import annotations

from semtui.api.httpx_alone import httpx
from semtui.system import crash_report

_READERS = ("semtui", "httpx", "httpcore", "h11", "anyio")
"""The packages that read an answer. An error in Python's own modules is attributed to the one that called them."""


def loss(error: Exception, seconds: float, status: int) -> tuple[str, bool]:
    """Why an answer is missing or incomplete, and whether the connection was cut; for a request that had left.

    `seconds` is how long it was waited for, `status` is 0 if no head arrived. An internal error is also reported.
    """
    if isinstance(error, TimeoutError):
        return f"no complete answer came within {seconds:.0f} seconds", False
    if isinstance(error, httpx.HTTPError):
        return "the connection was cut" if status == 0 else "the answer was cut short", True
    if _is_ours(error):
        crash_report.remember_survived(error)
        return f"the answer could not be read because of an internal error in semtui ({type(error).__name__})", False
    return f"the answer cannot be read ({type(error).__name__})", False


def _is_ours(error: Exception) -> bool:
    """Whether semtui's own code raised it: the libraries raise all kinds of errors for malformed answers."""
    innermost, trace = "", error.__traceback__
    while trace is not None:
        package = str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
        innermost = package if package in _READERS else innermost
        trace = trace.tb_next
    return innermost == "semtui"
