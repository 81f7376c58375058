"""The journal of changes on the screen: what was changed through semtui, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.history.record import MADE
from semtui.system.private_files import PrivateFileError
from semtui.tui.answers.answer import Answer, AnswerRow, Ask
from semtui.tui.answers.answer_screen import AnswerScreen
from semtui.tui.answers.questions import Questions
from semtui.tui.widgets.columns import Column
from semtui.wording import journal as words
from semtui.wording.answer import moment_words
from semtui.wording.styled_text import Line
from semtui.wording.subjects import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from semtui.history.record import Entry
    from semtui.organization.store import OrganizationStore

_COLUMNS = (
    Column("at", "WHEN, UTC", 16),
    Column("what", "WHAT", 22, share=3),
    Column("change", "FROM WHAT TO WHAT", 20, share=3, rank=1),
    Column("outcome", "OUTCOME", 20),
)


class JournalQuestions(Questions):
    """What was changed through semtui in this organization."""

    def journal(self) -> Answer:
        """Every change, the latest first."""
        history, names = self._store.session.history, names_of(self._store.people)
        try:
            entries = history.entries()
        except PrivateFileError as error:
            return Answer("Journal", self.as_of, [Line([(str(error), "bad")])], nothing="")
        notes = [] if history.is_kept else [words.NOT_KEPT]
        undone = [each.change.undoes for each in entries if each.outcome in MADE]
        return Answer(
            "Changes made through semtui",
            self.as_of,
            [Line([(each, "warn")]) for each in (*notes, history.failure) if each],
            _COLUMNS,
            rows=[_row(each, names, self._entry(each, names, undone)) for each in reversed(entries)],
            nothing=words.NOTHING,
            hint="enter all of it",
            answered=lambda: words.journal_answered(entries, names),
            size=len(entries),
            stem="journal",
        )

    def _entry(self, entry: Entry, names: Mapping[str, str], undone: Sequence[str]) -> Ask:
        def ask() -> Answer:
            return Answer(
                words.what_words(entry.change),
                self.as_of,
                lines=words.entry_lines(entry, names, undone),
                stem="journal",
            )

        return ask


def _row(entry: Entry, names: Mapping[str, str], deeper: Ask) -> AnswerRow:
    return AnswerRow(
        entry.id,
        {
            "at": [(moment_words(entry.at).removesuffix(" UTC"), "muted")],
            "what": [(words.what_words(entry.change), "plain")],
            "change": [(words.summary(entry.change, names), "plain")],
            "outcome": [words.outcome_piece(entry)],
        },
        deeper=deeper,
    )


class JournalScreen(AnswerScreen):
    """Shows the journal."""

    def __init__(self, store: OrganizationStore) -> None:
        super().__init__(store, JournalQuestions(store).journal)
