"""What is told of a fault of our own: where it struck, and nothing of what was in memory.

Local variables are never printed, and not even an exception's own text, which may quote an answer: either may be a
token.
"""

from __future__ import annotations

import sys
import traceback
from types import TracebackType


def crash_lines(error: BaseException | None) -> list[str]:
    """A sentence, and the places in the code."""
    places = traceback.extract_tb(error.__traceback__ if error else None)
    fault = type(error).__name__ if error else "an unknown fault"
    return [
        f"semtui stopped because of a fault of its own ({fault}); please report these lines:",
        *(f"  {place.filename}:{place.lineno} in {place.name}" for place in places),
    ]


def tell_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """For `sys.excepthook`."""
    print("\n".join(crash_lines(error)), file=sys.stderr)
