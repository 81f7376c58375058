"""One question, asked of every context of ~/.sem.yaml: the answers side by side, and how whole each is."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from semtui.cli.connection import Connection
from semtui.cli.headless import deliver, interruptible, say
from semtui.cli.question import INCOMPLETE, THRESHOLD, answer_question, first_projects, read_source
from semtui.settings.contexts import NONE_TO_OPEN, choose_context
from semtui.settings.sem_yaml import load
from semtui.system.errors import ConfigurationError
from semtui.text.clean import clean
from semtui.text.folding import fold
from semtui.wording.listings import aligned, as_text, as_texts

if TYPE_CHECKING:
    from semtui.audit.contract import Source
    from semtui.cli.question import Choose, Question, Reply

ORGANIZATION, ALSO_IN = "organization", "probably_also_in"
_AT_ONCE = 4


@dataclass
class _Side:
    """One organization: its answer, or why there is none."""

    label: str
    context: str
    connection: Connection | None = None
    source: Source | None = None
    reply: Reply | None = None
    error: str = ""

    @property
    def words(self) -> list[str]:
        """How whole its answer is, in sentences."""
        if self.reply is None:
            return [self.error]
        lacking = () if self.whole or self.reply.notes else _lacking(self.source)
        return [*self.reply.notes, *lacking] or (["Complete."] if self.whole else ["Not everything is known."])

    @property
    def whole(self) -> bool:
        """Whether everything is known."""
        return self.reply is not None and self.reply.complete and not self.reply.unknown


def _lacking(source: Source | None) -> list[str]:
    """What could not be read, in sentences."""
    from semtui.audit.access.fates import coverage, needed
    from semtui.wording.coverage import lacking_words

    if source is None:
        return []
    return lacking_words(needed(coverage(source.people, source.projects), source.head.edition))


def answer(
    question: Question, connection: Connection | None, ask: Callable[[Source], Reply], choose: Choose | None = None
) -> int:
    """Answer a question by `ask`, of one organization or of every context; returns the exit status. Raises
    ConfigurationError if it cannot be asked at all."""
    if not question.all_contexts:
        return answer_question(question, connection, ask, choose)
    chosen = choose or first_projects(question.projects)
    return interruptible(None, lambda: _answered(question, ask, chosen))


def _answered(question: Question, ask: Callable[[Source], Reply], choose: Choose) -> int:
    sides = _sides(question)
    asyncio.run(_read(sides, choose))
    for side in sides:
        if side.source is not None:
            try:
                side.reply = ask(side.source)
            except ConfigurationError as error:
                side.error = str(error)
    if all(side.reply is None for side in sides):
        raise ConfigurationError(" ".join(f"{side.label}: {side.error}" for side in sides))
    return _given(question, sides)


def _sides(question: Question) -> list[_Side]:
    """Every context that can be opened, by host; says which cannot be. Raises ConfigurationError."""
    from semtui.api.network import check_connection_settings

    home = os.path.expanduser("~")
    entries = load(os.path.join(home, ".sem.yaml")).entries
    names = [entry.name for entry in entries if entry.can_be_opened]
    if not names:
        raise ConfigurationError(NONE_TO_OPEN)
    for entry in entries:
        if not (entry.can_be_opened or entry.of_account):
            lacks = "its host cannot be understood" if entry.token else "it has no API token"
            say(f"The context {clean(entry.name, limit=200)} is left out: {lacks}.")
    sides = []
    for name in names:
        side = _Side("", clean(name, limit=200))
        try:
            # What the environment says belongs to one organization.
            chosen = choose_context(context_name=name, environ={}, home=home)
            side.label = chosen.context.host
            check_connection_settings(chosen.context.base_url, question.ca_file, os.environ)
            side.connection = Connection(chosen, question.ca_file)
        except ConfigurationError as error:
            side.error = str(error)
        side.label = side.label or side.context
        sides.append(side)
    often = Counter(side.label for side in sides)
    for side in sides:
        if often[side.label] > 1:
            side.label = f"{side.label} ({side.context})"
    return sorted(sides, key=lambda side: side.label)


async def _read(sides: Iterable[_Side], choose: Choose) -> None:
    turn = asyncio.Semaphore(_AT_ONCE)

    async def read(side: _Side) -> None:
        if side.connection is not None:
            async with turn:
                side.source = await read_source(side.connection, choose)

    await asyncio.gather(*map(read, sides))


# The answers together


def _given(question: Question, sides: Sequence[_Side]) -> int:
    text = {"json": _as_json, "csv": _as_csv}.get(question.form, _as_text)(sides)
    if question.form != "text":
        for side in sides:
            for words in () if side.whole else side.words:
                say(f"{side.label}: {words}")
    if not deliver(text, question.output):
        return INCOMPLETE
    if any(side.reply is not None and side.reply.threshold for side in sides):
        return THRESHOLD
    return 0 if question.allow_unknown or all(side.whole for side in sides) else INCOMPLETE


def _as_json(sides: Sequence[_Side]) -> str:
    also_in = _also_in(sides)
    told = [
        {
            ORGANIZATION: side.label,
            "context": side.context,
            "complete": side.whole,
            "notes": side.words,
            "answer": json.loads(side.reply.write("json")) if side.reply and not side.reply.nothing else None,
        }
        for side in sides
    ]
    same = [{"name": name, "organizations": labels} for name, labels in sorted(also_in.values())]
    return json.dumps({"organizations": told, "probably_the_same": same}, ensure_ascii=True, indent=2) + "\n"


def _as_csv(sides: Sequence[_Side]) -> str:
    from semtui.export.csv_table import table

    rows = [row for side in sides for row in _with_sides(side, sides, csv=True)]
    columns = next(side.reply.rows().csv_columns for side in sides if side.reply and side.reply.rows)
    return table((ORGANIZATION, *columns, ALSO_IN), rows).text


def _as_text(sides: Sequence[_Side]) -> str:

    rows = [row for side in sides for row in _with_sides(side, sides, csv=False)]
    columns = next(side.reply.rows().columns for side in sides if side.reply and side.reply.rows)
    also = (ALSO_IN,) if any(row[ALSO_IN] for row in rows) else ()
    lines = [f"{side.label}: {words}\n" for side in sides for words in side.words]
    return aligned((ORGANIZATION, *columns, *also), as_texts(rows)) + "\n" + "".join(lines)


def _with_sides(side: _Side, sides: Sequence[_Side], *, csv: bool) -> list[dict[str, Any]]:
    """The rows of one organization, each with the others where somebody probably is too."""
    if side.reply is None or side.reply.rows is None or side.reply.nothing:
        return []
    answer, also_in = side.reply.rows(), _also_in(sides)
    found = []
    for cells, row in zip(answer.csv_rows if csv else answer.rows, answer.rows, strict=True):
        labels = also_in.get(_identity(row), ("", []))[1]
        others = [label for label in labels if label != side.label]
        found.append({ORGANIZATION: side.label, **cells, ALSO_IN: others})
    return found


def _also_in(sides: Iterable[_Side]) -> dict[str, tuple[str, list[str]]]:
    """People who are in several organizations by their names alone: the name, and where."""
    found: dict[str, tuple[str, list[str]]] = {}
    for side in sides:
        for row in side.reply.rows().rows if side.reply and side.reply.rows else ():
            if identity := _identity(row):
                labels = found.setdefault(identity, (as_text(row["name"]), []))[1]
                if side.label not in labels:
                    labels.append(side.label)
    return {identity: each for identity, each in found.items() if len(each[1]) > 1}


def _identity(row: Mapping[str, Any]) -> str:
    """What is the same for the same person; empty for accounts and groups, whose names mean something within one
    organization only."""
    return " ".join(fold(as_text(row["name"])).split()) if row.get("kind") == "person" else ""
