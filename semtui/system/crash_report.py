"""Crash reports: where the exception came from, and nothing of what was in memory.

Neither local variables nor an exception's own text, which may quote an answer, are ever printed: either may contain a
token. Python and asyncio would print both, and would carry on silently after an error in a thread or task;
`install_hooks` replaces all of that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from semtui.system.errors import ExpectedError

if TYPE_CHECKING:
    import logging
    from types import TracebackType

Places = list[tuple[str, int, str]]
"""File, line and function of each frame."""

_crash_lines: list[list[str]] = []
"""The lines about each crash, in order."""
_survived_lines: list[list[str]] = []
"""The lines about internal errors that did not end semtui."""
_listeners: list[Callable[[BaseException], object]] = []
_logs: list[Callable[[str, Places], object]] = []
"""The open debug log, if any."""


def places_of(error: BaseException | None) -> tuple[str, Places]:
    """The exception's type, and file, line and function of every frame."""
    import traceback

    error = _origin(error)
    places = traceback.extract_tb(error.__traceback__ if error else None)
    fault = type(error).__name__ if error else "an unknown fault"
    return fault, [(place.filename, place.lineno or 0, place.name) for place in places]


def crash_lines(error: BaseException | None, what: str = "crashed") -> list[str]:
    """A sentence, then the places in the code."""
    fault, places = places_of(error)
    return [
        f"semtui {what} ({fault}); please report these lines:",
        *(f"  {file}:{line} in {function}" for file, line, function in places),
    ]


def has_crashed() -> bool:
    """Whether there was a crash or internal error on any thread; the exit status must then not be 0."""
    return bool(_crash_lines or _survived_lines)


def install_hooks() -> None:
    """Report every uncaught exception this way from now on, on any thread."""
    import logging
    import threading

    _crash_lines.clear()
    _survived_lines.clear()
    sys.excepthook = excepthook
    threading.excepthook = lambda fault: report(fault.exc_value)
    # An error in a finalizer does not end the program.
    sys.unraisablehook = lambda fault: log(fault.exc_value)
    # asyncio and others log uncaught exceptions, which Python's log would print to standard error, values and all.
    handler = logging.Handler(logging.ERROR)
    handler.emit = _logged  # type: ignore[method-assign]  # a class of it would have to be loaded at every start
    handler.name = "semtui"
    root = logging.getLogger()
    root.handlers = [*(each for each in root.handlers if each.name != handler.name), handler]


def log_to(log: Callable[[str, Places], object] | None) -> None:
    """Also write crashes to a log, by its `fault`; None when it is closed."""
    _logs[:] = [log] if log else []


def set_crash_listener(told: Callable[[BaseException], object] | None) -> None:
    """Report crashes on any thread to the screen instead of standard error; None once there is no screen."""
    _listeners[:] = [told] if told else []


def report_first() -> None:
    """Print the first remembered crash; the log has all of them."""
    if _crash_lines:
        _write(_crash_lines[0])


def excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """For `sys.excepthook`: report the exception that ends the program."""
    if not isinstance(error, KeyboardInterrupt):
        remember(error)
        _write(_crash_lines[-1])


def report(error: BaseException | None) -> None:
    """Report an exception nobody else would see."""
    if error is None or isinstance(error, SystemExit):
        return
    remember(error)
    for told in _listeners:
        try:
            told(error)
        except RuntimeError:
            # The screen's event loop has been closed.
            break
        return
    _write(_crash_lines[-1])


def _logged(record: logging.LogRecord) -> None:
    error = record.exc_info[1] if record.exc_info else None
    # A broken connection or a failed request is not a crash.
    if isinstance(error, Exception) and not isinstance(error, (OSError, ExpectedError)):
        report(error)


def remember(error: BaseException | None) -> None:
    """Remember a crash; the caller reports it or calls `report_first`."""
    _crash_lines.append(crash_lines(error))
    log(error)


def remember_survived(error: BaseException) -> None:
    """Remember an internal error that semtui continues after, because a crash would lose more."""
    lines = crash_lines(error, "went on after an internal error")
    if lines not in _survived_lines:
        _survived_lines.append(lines)
    log(error)


def report_survived() -> None:
    """Print the first internal error that semtui survived; the log has all of them."""
    if _survived_lines:
        _write(_survived_lines[0])


def log(error: BaseException | None) -> None:
    """Write an exception to the debug log, if there is one."""
    for each in _logs:
        each(*places_of(error))


def _write(lines: list[str]) -> None:
    try:
        print("\n".join(lines), file=sys.stderr)
    except (OSError, ValueError, AttributeError):
        # Standard error is closed or missing; the exit status still shows the failure.
        return


def _origin(error: BaseException | None) -> BaseException | None:
    """The original exception, if another one only wraps it."""
    for _ in range(10):
        inner = getattr(error, "error", None)
        if isinstance(error, BaseExceptionGroup):
            inner = error.exceptions[0]
        elif error is not None and not isinstance(inner, BaseException):
            carried = type(error).__name__ == "CallbackError"
            inner = error.__cause__ or (error.__context__ if carried else None)
        if not isinstance(inner, BaseException):
            break
        error = inner
    return error
