"""What would change, as answers on the screen: the whole, those of one group in it, and the permissions they lose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from semtui.tui.answers.access_questions import AccessQuestions
from semtui.tui.answers.answer import Answer, AnswerRow, Ask
from semtui.tui.answers.worked_out import WorkedOutQuestions
from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.row_table import WHOLE_ROW
from semtui.wording import access_rows
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from semtui.audit.access.answers import SubjectRef
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.audit.what_if.answers import WhatIf
    from semtui.audit.what_if.operations import Operation
    from semtui.organization.store import OrganizationStore
    from semtui.wording.answered import Answered
    from semtui.wording.styled_text import Piece
    from semtui.wording.what_if_parts import Part

TITLE = "What would change"
_HINT = "enter goes deeper"
_SUBJECTS = (
    Column("name", "NAME", 20, share=1),
    Column("id", "ID", 8),
    Column("kind", "KIND", 10),
    Column("state", "STATE", 13),
)
_WITH_IDS = tuple(Column("id", "ID", 36) if column.key == "id" else column for column in _SUBJECTS)
_PERMISSIONS = (
    Column("permission", "  PERMISSION", 33),
    Column("where", "WHERE", 13),
    Column("because", "HELD NOW BECAUSE OF", 26, share=1, rank=1),
)
_GONE = "This is no longer so."


@dataclass(frozen=True)
class _WorkedOut:
    """What would change, of the lists as they were."""

    source: Source
    as_of: str
    graph: AccessGraph
    answer: WhatIf | None
    """None if what was asked about is in no list any more."""


@dataclass(frozen=True, slots=True)
class _Permission:
    id: str
    """The permission's name."""

    @property
    def where(self) -> str:
        return "organization" if self.id.startswith("organization.") else "every project"


class WhatIfQuestions(WorkedOutQuestions):
    """What changes would do, if they were made one after another. Nothing is sent."""

    def __init__(self, store: OrganizationStore, operations: Sequence[Operation]) -> None:
        super().__init__(store)
        self._operations = tuple(operations)
        self._access = AccessQuestions(store)
        self._worked_out: _WorkedOut | None = None

    @property
    def worked_out_from(self) -> Source | None:
        """The lists the answer is of."""
        return self._worked_out.source if self._worked_out else None

    def work_out(self) -> None:
        """Work out the answer."""
        from semtui.audit.access.current import graph_of
        from semtui.audit.what_if.operations import SenselessError
        from semtui.audit.what_if.question import what_if

        source = self.source
        graph = graph_of(source.people, source.projects).prepare()
        try:
            answer = what_if(graph, self._operations)
        except SenselessError:
            answer = None
        self._worked_out = _WorkedOut(source, self.as_of, graph, answer)

    @property
    def _latest(self) -> _WorkedOut:
        if self._worked_out is None:
            self.work_out()
        assert self._worked_out is not None
        return self._worked_out

    # The answer

    def what_if(self) -> Answer:
        """Refusals, who loses and gains what, who leaves, who keeps everything, what else to know, the unknown."""
        from semtui.wording.what_if_parts import parts

        latest = self._latest
        if latest.answer is None:
            return self._lost("This is no longer listed.")
        short, long = (list(parts(latest.answer, ids=ids, short=True)) for ids in (False, True))
        rows = [
            self._row(str(number), *each, latest.graph) for number, each in enumerate(zip(short, long, strict=True))
        ]
        basis: list[Piece] = [("What this is based on; what the API does not show", "muted")]
        return Answer(
            TITLE,
            latest.as_of,
            self._head(latest, ids=False),
            head_with_ids=self._head(latest, ids=True),
            rows=[*rows, AnswerRow("basis", {WHOLE_ROW: basis}, deeper=self.basis())],
            wraps=True,
            hint=_HINT,
            answered=self._answered(latest),
            size=latest.answer.number,
            stem="what-if",
        )

    def _head(self, latest: _WorkedOut, *, ids: bool) -> list[Line]:
        """The changes, the sum, and what is missing."""
        from semtui.wording.what_if import sum_words
        from semtui.wording.what_if_parts import ASKED, asked_words

        if latest.answer is None:
            return []
        asked = asked_words(latest.answer, ids=ids)
        told = [f"{ASKED} {asked[0]}:"] if len(asked) == 1 else [ASKED, *(f"  {each}" for each in asked)]
        return [
            *access_rows.reading_lines(latest.source.people),
            *(Line([(each, "plain")]) for each in told),
            Line([(sum_words(latest.answer), "strong")]),
            *access_rows.lacking_lines(latest.graph),
        ]

    def _answered(self, latest: _WorkedOut) -> Callable[[], Answered] | None:
        from semtui.wording.what_if_answer import answered

        return partial(answered, latest.answer, latest.source) if latest.answer is not None else None

    def _row(self, row_id: str, short: Part, long: Part, graph: AccessGraph) -> AnswerRow:
        if short.kind == "subject":
            cells, with_ids = (_subject(short.subjects[0], ids, short.indent) for ids in (False, True))
        else:
            cells, with_ids = ([(" " * part.indent + part.words, part.tone)] for part in (short, long))
        return AnswerRow(
            row_id,
            {WHOLE_ROW: cells},
            {WHOLE_ROW: with_ids},
            self._deeper(short, graph),
            hang=short.indent + (2 if short.kind == "sentence" else 0),
        )

    def _deeper(self, part: Part, graph: AccessGraph) -> Ask | None:
        """What is behind a part: permissions, those it is about, or what the only one can do."""
        if part.side is not None:
            return self._permissions(part.key)
        if len(part.subjects) > 1:
            return self._who(part.key)
        return self._can(part.subjects[0], graph) if part.subjects else None

    def _can(self, subject: SubjectRef, graph: AccessGraph) -> Ask | None:
        return self._access.can(subject.id) if graph.knows(subject.id) else None

    def _part(self, key: tuple[object, ...]) -> Part | None:
        """What is said of the same now."""
        from semtui.wording.what_if_parts import parts

        answer = self._latest.answer
        return next((each for each in parts(answer, short=True) if each.key == key), None) if answer else None

    def _lost(self, words: str) -> Answer:
        return Answer(TITLE, self._latest.as_of, [Line([(words, "warn")])], nothing="")

    # Behind it

    def _who(self, key: tuple[object, ...]) -> Ask:
        """Everybody a part is about."""

        def ask() -> Answer:
            from semtui.text.folding import haystack

            part, latest = self._part(key), self._latest
            if part is None:
                return self._lost(_GONE)
            return Answer(
                TITLE,
                latest.as_of,
                [Line([(part.words, part.tone)])],
                _SUBJECTS,
                _WITH_IDS,
                rows=part.subjects,
                cells=lambda each, ids: access_rows.subject_cells(each, ids, ()),
                text=lambda each: haystack(each.name, each.id),
                hint="enter what one of them can do",
                deeper=lambda each: self._can(each, latest.graph),
                answered=self._answered(latest),
                size=len(part.subjects),
                stem="what-if",
            )

        return ask

    def _permissions(self, key: tuple[object, ...]) -> Ask:
        """The permissions that those of a part lose or gain."""

        def ask() -> Answer:
            from semtui.wording.what_if_parts import permissions_title

            part, latest = self._part(key), self._latest
            if part is None or part.difference is None:
                return self._lost(_GONE)
            lost = part.side == "lost"
            only = part.subjects[0] if len(part.subjects) == 1 and lost else None
            names = sorted(part.difference.lost if lost else part.difference.gained, key=access_rows.permission_order)
            return Answer(
                permissions_title(part),
                latest.as_of,
                [],
                _PERMISSIONS if only else _PERMISSIONS[:2],
                rows=[_Permission(each) for each in names],
                cells=lambda row, _: _permission_cells(row, only, latest.graph),
                hint="enter why  v who can" if only else "enter who can",
                deeper=lambda row: self._access.why(only.id, row.id) if only else self._access.who_can(row.id),
                other=lambda row: self._access.who_can(row.id) if row else None,
                answered=self._answered(latest),
                size=latest.answer.number if latest.answer else 0,
                stem="what-if",
            )

        return ask


def _permission_cells(row: _Permission, only: SubjectRef | None, graph: AccessGraph) -> dict[str, list[Piece]]:
    from semtui.audit.access.questions import paths

    because = access_rows.because_of(paths(graph, only.id, row.id)) if only else []
    return access_rows.permission_cells(row.id, "yes", row.where, because)


def _subject(subject: SubjectRef, ids: bool, indent: int) -> list[Piece]:
    """Name, id and kind, aligned with others; the state of an account that cannot act."""
    blank: Piece = (" " * indent, "plain")
    return [blank, *access_rows.subject_pieces(subject, ids)]
