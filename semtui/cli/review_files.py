"""Reads the files of people and of waivers that are given to `semtui review`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.export.csv_reading import TableError, read_table
from semtui.system.errors import ConfigurationError
from semtui.system.regular_files import read_regular
from semtui.wording.review import Listed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from semtui.audit.findings.waivers import Waiver
    from semtui.audit.snapshots.records import Record
    from semtui.organization.people import People

_NAMES = {"id": "id", "email": "email", "e_mail": "email", "manager": "manager", "active": "active"}
_YES = ("yes", "true", "1", "active", "y")
_NO = ("no", "false", "0", "inactive", "not active", "n")


@dataclass(frozen=True)
class PeopleFile:
    """The entries of the file by id."""

    people: Mapping[str, Listed]
    sha256: str

    def record(self, people: People) -> Record:
        """How the file matches the people of the organization, for the manifest."""
        ids = {row.id for row in people.subjects if row.kind == "person"}
        return {
            "sha256": self.sha256,
            "rows": len(self.people),
            "matched": len(ids & self.people.keys()),
            "unmatched": sorted(ids - self.people.keys()),
            "not_in_organization": len(self.people.keys() - {row.id for row in people.subjects}),
        }


def people_file(path: Path) -> PeopleFile:
    """Read the file. Raises ConfigurationError."""
    from hashlib import sha256

    content = read_regular(path, "--people")
    try:
        table = read_table(content, _NAMES)
    except TableError as error:
        raise ConfigurationError(f"--people: {error}") from None
    if "id" not in table.columns:
        raise ConfigurationError("--people: The file has no column id: Semaphore's ids, as in `semtui export`.")
    found: dict[str, Listed] = {}
    for row in table.rows:
        cells = {_NAMES[name]: cell.strip() for name, cell in row.cells.items() if name in _NAMES}
        its_id = cells["id"].removeprefix("'")
        if not its_id or its_id in found:
            what = "has no id" if not its_id else "repeats an id"
            raise ConfigurationError(f"--people: Line {row.line} {what}.")
        found[its_id] = Listed(
            cells.get("email", ""), cells.get("manager", ""), _active(cells.get("active", ""), row.line)
        )
    return PeopleFile(found, sha256(content).hexdigest())


def _active(word: str, line: int) -> bool | None:
    if not word:
        return None
    plain = word.casefold()
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise ConfigurationError(f"--people: Line {line}, column active, takes yes or no.")


def waivers_file(path: Path) -> tuple[tuple[Waiver, ...], str]:
    """The waivers of a file, and its SHA-256. Raises ConfigurationError."""
    from hashlib import sha256

    from semtui.changes.own_waivers import parse_waivers

    content = read_regular(path, "--waivers")
    return parse_waivers(content, "--waivers"), sha256(content).hexdigest()
