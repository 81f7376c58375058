"""Questions about access as answers on the screen: who can do something, what somebody can, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from semtui.tui.answers.answer import Answer, AnswerRow, Ask
from semtui.tui.answers.questions import Questions
from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.row_table import WHOLE_ROW
from semtui.wording import access_rows as words
from semtui.wording.access import subject_name
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from semtui.audit.access.answers import Can, Cause, Path, Reason, Rows, SubjectRef, WhoCan
    from semtui.audit.access.graph import AccessGraph
    from semtui.wording.answered import Answered
    from semtui.wording.styled_text import Piece

_FEW = 15
"""Below so many holders they are named at once."""
_CAUSES = (
    Column("cause", "BECAUSE OF", 40, share=1),
    Column("people", "  PEOPLE", 8),
    Column("accounts", "ACCOUNTS", 8),
    Column("only", "ONLY THIS", 9),
)
_SUBJECTS = (
    Column("name", "NAME", 17, share=1),
    Column("id", "ID", 8),
    Column("kind", "KIND", 8),
    Column("state", "STATE", 11, rank=2),
    Column("ways", "WAYS", 4, rank=3),
    Column("because", "BECAUSE OF", 20, share=2, rank=1),
)
_WITH_IDS = tuple(Column("id", "ID", 36) if column.key == "id" else column for column in _SUBJECTS)
_PERMISSIONS = (
    Column("permission", "  PERMISSION", 33),
    Column("where", "WHERE", 13),
    Column("because", "BECAUSE OF", 26, share=1, rank=1),
)


class AccessQuestions(Questions):
    """Who can do something, what somebody or a role can do, and why."""

    # Who can

    def who_can(self, permission: str, project_id: str | None = None) -> Ask:
        """Who holds a permission: by cause, and by name where they are few."""
        title = f"Who can {permission}"

        def make(graph: AccessGraph) -> Answer:
            from semtui.audit.access.questions import who_can

            answer = who_can(graph, permission, project_id)
            project = self.project_name(project_id)
            return Answer(
                f"{title} on {project}" if answer.project_id else title,
                self.as_of,
                words.who_can_head(answer, graph, project),
                _CAUSES,
                rows=self._who_can_rows(answer, graph),
                nothing="Nobody." if answer.complete else "Nobody seen.",
                hint="enter who or why  v what they can do",
                answered=self.written("who_can", permission, project_id),
                size=_size(answer),
                stem="who-can",
            )

        return self.asked(make, title)

    def _who_can_rows(self, answer: WhoCan, graph: AccessGraph) -> list[AnswerRow]:
        permission, project_id = answer.permission, answer.project_id
        rows = [
            AnswerRow(f"cause {number}", words.cause_cells(each), deeper=self._held(permission, project_id, each))
            for number, each in enumerate(answer.causes)
        ]
        holders = [*answer.people[:_FEW], *answer.accounts[:_FEW]]
        if len(holders) < _FEW:
            rows += [self._holder_row(each, answer, graph) for each in holders]
        for groups, found in ((False, answer.unknown_by), (True, answer.unknown_groups_by)):
            for reasons, unknown in found.items():
                pieces = words.unknown_words(reasons, len(unknown), groups=groups)
                asked = self._unknown(permission, project_id, reasons, groups)
                rows.append(_line(f"unknown {groups} {'-'.join(reasons)}", pieces, asked))
        if answer.empty_groups:
            rows.append(_line("empty groups", words.empty_groups_words(answer), self._empty(permission, project_id)))
        return [*rows, _line("basis", [("What this is based on; what the API does not show", "muted")], self.basis())]

    def _holder_row(self, subject: SubjectRef, answer: WhoCan, graph: AccessGraph) -> AnswerRow:
        from semtui.audit.access.questions import paths

        ways = paths(graph, subject.id, answer.permission, answer.project_id)
        return AnswerRow(
            subject.id,
            {WHOLE_ROW: words.subject_line(subject, False, ways)},
            {WHOLE_ROW: words.subject_line(subject, True, ways)},
            self.why(subject.id, answer.permission, answer.project_id),
            self.can(subject.id),
        )

    def _held(self, permission: str, project_id: str | None, cause: Cause) -> Ask:
        """Who holds a permission because of one cause."""
        title = f"Who can {permission}"

        def make(graph: AccessGraph) -> Answer:
            from semtui.audit.access.causes import key_of
            from semtui.audit.access.questions import paths, who_can

            answer = who_can(graph, permission, project_id)
            now = next((each for each in answer.causes if key_of(each) == key_of(cause)), None)
            return self._subjects(
                title,
                words.held_head(now) if now else [],
                answer.held_by(cause),
                lambda each: paths(graph, each.id, permission, project_id),
                answer,
                graph,
            )

        return self.asked(make, title)

    def _unknown(self, permission: str, project_id: str | None, reasons: tuple[Reason, ...], groups: bool) -> Ask:
        """For whom it is unknown, for the same reasons."""
        title = f"Who can {permission}"

        def make(graph: AccessGraph) -> Answer:
            from semtui.audit.access.answers import NOBODY
            from semtui.audit.access.questions import who_can

            answer = who_can(graph, permission, project_id)
            unknown = (answer.unknown_groups_by if groups else answer.unknown_by).get(reasons, NOBODY)
            head = [Line(words.unknown_words(reasons, len(unknown), groups=groups))]
            return self._subjects(title, head, unknown.mapped(lambda each: each.subject), lambda _: (), answer, graph)

        return self.asked(make, title)

    def _empty(self, permission: str, project_id: str | None) -> Ask:
        """Groups that hold a permission and have no members."""
        title = f"Who can {permission}"

        def make(graph: AccessGraph) -> Answer:
            from semtui.audit.access.questions import paths, who_can

            answer = who_can(graph, permission, project_id)
            head = [Line(words.empty_groups_words(answer))]
            return self._subjects(
                title,
                head,
                answer.empty_groups,
                lambda each: paths(graph, each.id, permission, project_id),
                answer,
                graph,
            )

        return self.asked(make, title)

    def _subjects(
        self,
        title: str,
        head: Sequence[Line],
        subjects: Rows[SubjectRef],
        ways: Callable[[SubjectRef], Sequence[Path]],
        whole: WhoCan,
        graph: AccessGraph,
    ) -> Answer:
        """Some of those that `whole` names; a file of them has the whole answer."""
        permission, project_id, size = whole.permission, whole.project_id, _size(whole)
        return Answer(
            title,
            self.as_of,
            head,
            _SUBJECTS,
            rows=subjects,
            cells=lambda each, ids: words.subject_cells(each, ids, ways(each)),
            columns_with_ids=_WITH_IDS,
            find=lambda found: subjects.where(_test(graph, found)),
            hint="enter why  v what they can do",
            deeper=lambda each: self.why(each.id, permission, project_id),
            other=lambda each: self.can(each.id) if each else None,
            answered=self.written("who_can", permission, project_id),
            size=size,
            stem="who-can",
        )

    # Why

    def why(self, subject_id: str, permission: str, project_id: str | None = None) -> Ask:
        """Whether somebody holds a permission, in which ways, and what would end or settle it."""
        title = f"Why: {permission}"

        def make(graph: AccessGraph) -> Answer:
            from semtui.audit.access.questions import why
            from semtui.wording.why_answer import why_text

            answer = why(graph, subject_id, permission, project_id)
            verdict, *more = why_text(answer, graph).lines
            where = f" on {self.project_name(project_id)}" if answer.project_id else ""
            return Answer(
                f"Why {subject_name(answer.subject)}: {permission}{where}",
                self.as_of,
                [*words.reading_lines(graph.people), Line([(verdict, "strong")])],
                lines=words.indented(more),
                hint=f"v what {subject_name(answer.subject)} can do",
                other=lambda _: self.can(subject_id),
                answered=lambda: self._why_written(subject_id, permission, project_id),
                stem="why",
            )

        return self.asked(make, title)

    def _why_written(self, subject_id: str, permission: str, project_id: str | None) -> Answered:
        from semtui.wording.answered import why

        return why(self.source, self.graph, subject_id, permission, project_id)[0]

    # What somebody or a role can do

    def can(self, subject_id: str) -> Ask:
        """Everything a person, service account or group can do."""

        def make(graph: AccessGraph) -> Answer:
            from semtui.audit.access.questions import can, paths

            def because(permission: str, project_id: str | None) -> list[Piece]:
                return words.because_of(paths(graph, subject_id, permission, project_id))

            answer = can(graph, subject_id)
            return self._can(
                f"What {subject_name(graph.subject(subject_id))} can do",
                answer,
                graph,
                because,
                lambda permission, project_id: self.why(subject_id, permission, project_id),
                self.written("can", subject_id),
            )

        return self.asked(make, "What can be done")

    def can_role(self, role_id: str) -> Ask:
        """Everything a role of the organization permits, with what it brings along on projects."""

        def make(graph: AccessGraph) -> Answer:
            from semtui.audit.access.questions import can_role, roles_known

            name = roles_known(graph)[role_id]
            grant = graph.grants.of(role_id, name)

            def because(permission: str, _: str | None) -> list[Piece]:
                own = grant.own & graph.permissions.bit(permission)
                return [("directly" if own else f"as {grant.mapped_to} on every project", "muted")]

            return self._can(
                f"What {name} permits",
                can_role(graph, role_id, name),
                graph,
                because,
                self.who_can,
                self.written("can_role", role_id),
            )

        return self.asked(make, "What a role permits")

    def _can(
        self,
        title: str,
        answer: Can,
        graph: AccessGraph,
        because: Callable[[str, str | None], list[Piece]],
        deeper: Callable[[str, str | None], Ask],
        answered: Callable[[], Answered],
    ) -> Answer:
        rows = words.permission_rows(answer, graph)

        def cells(row: words.PermissionRow, _: bool) -> dict[str, list[Piece]]:
            where = self.project_name(row.project_id) if row.project_id else row.where
            why = because(row.permission, row.project_id) if row.truth == "yes" else []
            return words.permission_cells(row.permission, row.truth, where, why)

        return Answer(
            title,
            self.as_of,
            words.can_head(answer, graph),
            _PERMISSIONS,
            rows=rows,
            cells=cells,
            text=lambda row: f"{row.permission} {row.where} {row.truth}",
            hint="enter why  v who can",
            deeper=lambda row: deeper(row.permission, row.project_id),
            other=lambda row: self.who_can(row.permission, row.project_id) if row else None,
            answered=answered,
            stem="can",
        )


def _line(row_id: str, pieces: list[Piece], deeper: Ask) -> AnswerRow:
    return AnswerRow(row_id, {WHOLE_ROW: pieces}, deeper=deeper)


def _size(answer: WhoCan) -> int:
    return len(answer.people) + len(answer.accounts) + len(answer.unknown)


def _test(graph: AccessGraph, words: tuple[str, ...]) -> Callable[[int], bool]:
    """Whether whoever is at a position of the index has all words in the name, description or id."""
    rows, texts, unlisted = graph.people.subjects, graph.people.texts, graph.index.unlisted
    number = len(rows)
    first, *others = words

    def test(place: int) -> bool:
        if place >= number:
            return all(word in unlisted[place - number] for word in words)
        # Written out for the first word: nearly every search has but one, and there may be 100,000 rows.
        text, row_id = texts[place], rows[place].id
        if first not in text and first not in row_id:
            return False
        return not others or all(word in text or word in row_id for word in others)

    return test
