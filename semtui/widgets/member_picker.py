"""Who belongs to a group: everybody who could, searchable, with what is to change marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, Static

from semtui.presentation import KIND_WORDS, Piece, name_of, styled
from semtui.widgets.row_table import Column, RowTable

if TYPE_CHECKING:
    from semtui.people import Subject


class _Candidates(RowTable):
    """The list itself; space adds or removes the row under the cursor."""

    BINDINGS = [Binding("space", "turn", "Add or remove", show=False, priority=True)]

    class Toggled(Message):
        """The row under the cursor is to be added or removed."""

    def action_turn(self) -> None:
        self.post_message(self.Toggled())


class MemberPicker(Vertical):
    """`present` are the ids of the members there are now; `added` and `removed` are what was chosen."""

    DEFAULT_CSS = """
    MemberPicker { height: auto; }
    MemberPicker #candidates { height: 6; }
    MemberPicker #changes { height: 1; }
    """
    COLUMNS = (Column("mark", "", 1), Column("name", "MEMBERS", 20, share=2), Column("kind", "", 8, rank=1))

    candidates = query_one("#candidates", _Candidates)
    finder = query_one("#finder", Input)

    def __init__(self, subjects: Sequence[Subject], present: Sequence[str]) -> None:
        super().__init__(id="members")
        known = {subject.id for subject in subjects}
        self._subjects = sorted(subjects, key=lambda subject: (subject.id not in present, name_of(subject).casefold()))
        self._present = set(present)
        self._unlisted = len(self._present - known)
        self._toggled: set[str] = set()

    @property
    def added(self) -> tuple[str, ...]:
        """Ids of who is to become a member."""
        return tuple(sorted(self._toggled - self._present))

    @property
    def removed(self) -> tuple[str, ...]:
        """Ids of who is to be one no more."""
        return tuple(sorted(self._toggled & self._present))

    def compose(self) -> ComposeResult:
        yield Input(placeholder="find people and service accounts", id="finder", compact=True, select_on_focus=False)
        yield _Candidates(self.COLUMNS, self._cells, id="candidates")
        yield Static(id="changes")

    def on_mount(self) -> None:
        self.finder.cursor_blink = False
        self._find()

    def _cells(self, subject: Subject) -> dict[str, list[Piece]]:
        present, toggled = subject.id in self._present, subject.id in self._toggled
        marks: dict[tuple[bool, bool], Piece] = {
            (True, False): ("✓", "good"),
            (True, True): ("−", "warn"),
            (False, True): ("+", "good"),
            (False, False): (" ", "plain"),
        }
        mark = marks[present, toggled]
        return {"mark": [mark], "name": [(name_of(subject), mark[1])], "kind": [(KIND_WORDS[subject.kind], "muted")]}

    @on(Input.Changed, "#finder")
    def _find(self) -> None:
        needle = self.finder.value.strip().lower()
        found = [subject for subject in self._subjects if needle in subject.haystack]
        self.candidates.show(found, [[("Nobody matches.", "muted")]])
        self._count()

    @on(_Candidates.Toggled)
    def _toggle(self) -> None:
        subject = self.candidates.selected
        if subject is not None:
            self._toggled ^= {subject.id}
            self.candidates.action_move(1)
            self.candidates.refresh()
            self._count()

    def _count(self) -> None:
        parts = [f"{len(self.added)} to add", f"{len(self.removed)} to remove", f"{len(self._present)} now"]
        if self._unlisted:
            parts.append(f"{self._unlisted} of them not listed")
        changed = bool(self._toggled)
        self.query_one("#changes", Static).update(styled([(" · ".join(parts), "strong" if changed else "muted")]))
