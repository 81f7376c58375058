"""What is told of a fault of our own: where it struck, and nothing of what was in memory.

Local variables are never printed, and not even an exception's own text, which may quote an answer: either may be a
token.
"""

from __future__ import annotations

import sys
import traceback
from types import TracebackType


def places_of(error: BaseException | None) -> tuple[str, list[tuple[str, int, str]]]:
    """What kind of fault it was, and file, line and function of every place it went through."""
    places = traceback.extract_tb(error.__traceback__ if error else None)
    fault = type(error).__name__ if error else "an unknown fault"
    return fault, [(place.filename, place.lineno or 0, place.name) for place in places]


def crash_lines(error: BaseException | None) -> list[str]:
    """A sentence, and the places in the code."""
    fault, places = places_of(error)
    return [
        f"semtui stopped because of a fault of its own ({fault}); please report these lines:",
        *(f"  {file}:{line} in {function}" for file, line, function in places),
    ]


def tell_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """For `sys.excepthook`."""
    print("\n".join(crash_lines(error)), file=sys.stderr)
