"""Rows that can be written to a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from semtui.export.contents import (
    What,
)

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Offer:
    """Rows that can be taken away: `words` say which, `rows` are subjects, or roles or projects, by `what`."""

    words: str
    what: What
    rows: Sequence[Any]
