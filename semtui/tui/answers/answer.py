"""An answer to a question as a screen shows it: a few lines, then rows that lead to further answers.

Whoever asks gives an `Ask`, a function that makes the `Answer` from the lists as they are; it is called again when the
lists change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from semtui.tui.widgets.columns import Column
from semtui.wording.styled_text import Line, Piece, Target

if TYPE_CHECKING:
    from semtui.wording.answered import Answered

Cells = dict[str, list[Piece]]


@dataclass(frozen=True)
class AnswerRow:
    """A row that is made beforehand; where there may be many, `Answer` makes what it needs of other objects."""

    id: str
    cells: Cells
    whole_ids: Cells | None = None
    """The cells while whole ids are shown, if they differ."""
    deeper: Ask | None = None
    other: Ask | None = None
    hang: int = 0
    """Where rows are wrapped, by how many cells all lines of it but the first are indented."""


def _cells(row: Any, ids: bool) -> Cells:
    cells: Cells = row.whole_ids if ids and row.whole_ids else row.cells
    return cells


def _deeper(row: Any) -> Ask | None:
    return row.deeper if isinstance(row, AnswerRow) else None


def _other(row: Any) -> Ask | None:
    return row.other if isinstance(row, AnswerRow) else None


@dataclass(frozen=True)
class Answer:
    """What is shown of an answer, and what its keys lead to."""

    title: str
    as_of: str
    """`as of 04:23 UTC`, or `snapshot of …`."""
    head: Sequence[Line] = ()
    """Lines above the rows."""
    columns: tuple[Column, ...] = ()
    columns_with_ids: tuple[Column, ...] = ()
    """The columns while whole ids are shown, if they differ."""
    rows: Sequence[Any] = ()
    """`AnswerRow`s, or anything with an id, made when it is looked at."""
    cells: Callable[[Any, bool], Cells] = _cells
    """The text of a row by column, or under `WHOLE_ROW`; the second argument says whether whole ids are shown."""
    text: Callable[[Any], str] | None = None
    """What a search of a row looks through, folded; None for its cells."""
    find: Callable[[tuple[str, ...]], Sequence[Any]] | None = None
    """The rows that contain all of these folded words, where going through the texts of all takes too long."""
    head_with_ids: Sequence[Line] = ()
    """The lines above the rows while whole ids are shown, if they differ."""
    wraps: bool = False
    """Whether the `AnswerRow`s are texts, wrapped to the window rather than cut."""
    lines: Sequence[Line] = ()
    """Text in place of rows, wrapped to the window."""
    follow: Callable[[Target], Ask | None] = lambda target: None
    """What enter on a line of the text asks that leads somewhere."""
    nothing: str = "Nobody."
    """What is said when there are no rows."""
    hint: str = ""
    """What enter and v lead to, in a few words: `enter who they are   v what one of them can do`."""
    deeper: Callable[[Any], Ask | None] = _deeper
    """What enter on a row asks."""
    other: Callable[[Any], Ask | None] = _other
    """What v on a row asks: the question turned round. The row is None where there is none."""
    about: Any = None
    """The row of the answer before that this one is about, where keys of a screen act on it."""
    answered: Callable[[], Answered] | None = None
    """The answer as a command gives it, for a file."""
    size: int = 0
    """About how many rows a file of it has."""
    stem: str = "answer"
    """What a file of it is called."""


Ask = Callable[[], Answer]
