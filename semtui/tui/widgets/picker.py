"""A searchable multiple-choice list that marks what will change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, Static

from semtui.text.folding import holds, search_words
from semtui.tui.styling import styled
from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.row_table import RowTable
from semtui.wording.styled_text import Piece, Tone


@dataclass(frozen=True)
class Choice:
    """A choice: its name, a few words about it, and the case-folded text that is searched."""

    id: str
    name: str
    words: str
    haystack: str


class _Candidates(RowTable):
    """The list itself; space or enter adds or removes the row under the cursor."""

    CURSOR_STAYS = False
    BINDINGS = [Binding("space,enter", "turn", "Add or remove", show=False, priority=True)]

    class Toggled(Message):
        """The row under the cursor is to be added or removed."""

    def action_turn(self) -> None:
        self.post_message(self.Toggled())


class Picker(Vertical):
    """`present` are the ids there are now; `added` and `removed` are what was chosen, `chosen` what it makes."""

    DEFAULT_CSS = """
    Picker { height: auto; }
    Picker #candidates { height: 6; }
    Picker #changes { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    class Changed(Message):
        """Something was added or removed."""

    candidates = query_one("#candidates", _Candidates)
    finder = query_one("#finder", Input)

    def __init__(
        self,
        choices: Sequence[Choice],
        present: Collection[str],
        *,
        columns: tuple[Column, Column],
        hint: str,
        nothing: str,
        id: str | None = None,
    ) -> None:
        """`columns` are for `name` and `words`; `hint` says what can be searched for, `nothing` that none was found."""
        super().__init__(id=id)
        self._choices = tuple(choices)
        self._present = frozenset(present)
        self._forbidden: Mapping[str, str] = MappingProxyType({})
        self._toggled: set[str] = set()
        self._hint = hint
        self._nothing = nothing
        self._columns = (Column("mark", "", 7), *columns)

    @property
    def added(self) -> tuple[str, ...]:
        """Ids to be added."""
        return tuple(sorted(self._toggled - self._present))

    @property
    def removed(self) -> tuple[str, ...]:
        """Ids to be removed."""
        return tuple(sorted(self._toggled & self._present))

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids present once the changes are made."""
        return tuple(sorted(self._toggled ^ self._present))

    @property
    def toggled(self) -> tuple[str, ...]:
        """Ids to be added or removed."""
        return tuple(sorted(self._toggled))

    def toggle(self, ids: Collection[str]) -> None:
        """Mark these ids for adding or removing, as far as they are among the choices."""
        self._toggled |= set(ids) & {choice.id for choice in self._choices}
        self.candidates.refresh()
        self._count()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Replace the choices; marks on ids that are no longer among them are dropped."""
        self._choices = tuple(choices)
        self._toggled &= {choice.id for choice in choices}
        self._find()

    def forbid(self, reasons: Mapping[str, str]) -> None:
        """Forbid choices, with the reason by id. One that was made already can still be undone."""
        self._forbidden = reasons
        self.candidates.refresh()

    def start_over(self, choices: Sequence[Choice], present: Collection[str]) -> None:
        """Replace the choices and what is present, and drop all marks."""
        self._present = frozenset(present)
        self._toggled.clear()
        self.offer(choices)

    def compose(self) -> ComposeResult:
        """Lay out the search field, the candidates and the summary of changes."""
        yield Field(placeholder=self._hint, id="finder", compact=True, select_on_focus=False)
        yield _Candidates(self._columns, self._cells, id="candidates")
        yield Static(id="changes")

    def on_mount(self) -> None:
        """List all candidates."""
        self._find()

    def _cells(self, choice: Choice) -> dict[str, list[Piece]]:
        present, toggled = choice.id in self._present, choice.id in self._toggled
        mark: Piece = ("[x]" if present != toggled else "[ ]", "warn" if toggled and present else "good")
        if mark[0] == "[ ]" and not present:
            mark = ("[ ]", "muted")
        reason = self._forbidden.get(choice.id, "")
        tone: Tone = "muted" if reason and mark[0] == "[ ]" else "plain" if mark[1] == "muted" else mark[1]
        return {
            "mark": [mark, (" now" if present else "", "muted")],
            "name": [(choice.name, tone)],
            "words": [(reason or choice.words, "muted")],
        }

    @on(Input.Changed, "#finder")
    def _find(self) -> None:
        words = search_words(self.finder.value)
        found = [choice for choice in self._choices if holds(choice.haystack, words)]
        self.candidates.show(found, [[(self._nothing, "muted")]])
        self._count()

    @on(_Candidates.Toggled)
    def _toggle(self) -> None:
        choice = self.candidates.selected
        if choice is None:
            return
        if choice.id in self._forbidden and choice.id not in self.chosen:
            self._show_changes(f"{choice.name}: {self._forbidden[choice.id]}.")
            return
        self._toggled ^= {choice.id}
        self.candidates.action_move(1)
        self.candidates.refresh()
        self._count()
        self.post_message(self.Changed())

    def _count(self) -> None:
        parts = [f"{len(self.added)} to add", f"{len(self.removed)} to remove", f"{len(self._present)} now"]
        unlisted = len(self._present - {choice.id for choice in self._choices})
        if unlisted:
            parts.append(f"{unlisted} of them not listed")
        self._show_changes(" · ".join(parts), changed=bool(self._toggled))

    def _show_changes(self, words: str, *, changed: bool = True) -> None:
        self.query_one("#changes", Static).update(styled([(words, "strong" if changed else "muted")]))
