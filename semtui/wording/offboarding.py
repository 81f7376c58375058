"""The plan and the receipt of an offboarding in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.wording.answer import WIDTH, moment_words
from semtui.wording.answered import Answered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from semtui.wording.answered import Form
    from semtui.wording.styled_text import Tone

COLUMNS = ("kind", "name", "id", "treatment", "result", "words")
EXPLAINED = (
    "Choose what is to be done about each, then carry it out as one. Accounts somebody created may be used with tokens "
    "they know; Semaphore's API changes no owners and no tasks, so a new owner is only noted in the receipt."
)
KEPT = "What you chose is kept until semtui ends: Offboard on the same person goes on."
BACK = "What you chose before is back."
NOT_WHOLE = "Not everything that depends on them could be read: “Impact” under b shows what is missing."
TONES: Mapping[str, Tone] = {
    "done": "good",
    "partly": "warn",
    "refused": "bad",
    "unknown": "warn",
    "not done": "warn",
}


def receipt(
    name: str, person_id: str, host: str, at: float, rows: Sequence[Mapping[str, str]], summary: str
) -> Answered:
    """The receipt in each format."""
    title = f"Offboarding of {name} [{person_id}]"
    head = f"{host}, {moment_words(at)}. {summary}"

    def write(form: Form) -> str:
        if form == "json":
            from semtui.audit.snapshots.canonical import canonical
            from semtui.audit.snapshots.records import rfc3339

            content = {"offboarding": person_id, "name": name, "host": host, "at": rfc3339(at), "items": list(rows)}
            return canonical(content) + "\n"
        if form == "csv":
            from semtui.export.csv_table import table

            return table(COLUMNS, rows).text
        if form == "md":
            from semtui.wording.markdown import literal, markdown_table

            cells = [[row[column] for column in COLUMNS] for row in rows]
            return "\n".join([f"# {literal(title)}", "", literal(head), "", *markdown_table(COLUMNS, cells), ""])
        return _text(title, head, rows)

    return Answered(write, private=True)


def _text(title: str, head: str, rows: Sequence[Mapping[str, str]]) -> str:
    from semtui.text.wrapping import wrap

    lines = [title, *wrap(head, WIDTH), ""]
    for row in rows:
        lines += wrap(f"{row['kind']} {row['name']} [{row['id']}]", WIDTH)
        words = ". ".join(filter(None, (row["treatment"], row["result"], row["words"])))
        lines += [f"  {part}" for part in wrap(words, WIDTH - 2, 2)]
    return "\n".join([*lines, ""])
