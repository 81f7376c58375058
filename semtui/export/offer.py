"""Rows that can be written to a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from semtui.export.contents import What


@dataclass(frozen=True)
class Offer:
    """Rows that can be exported: `words` describe them; `rows` are subjects, roles or projects, by `what`."""

    words: str
    what: What
    rows: Sequence[Any]
