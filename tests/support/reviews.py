"""Access reviews: their files read and filled in, and small organizations to review."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from semtui.demo.server import DemoServer
from tests.support.commands import Ended
from tests.support.contract import checked_manifest
from tests.support.organization_server import serving
from tests.support.organizations import parse

Review = Callable[..., tuple[Ended, Path]]
"""Writes a review with these options; returns how that ended, and the path of the table."""
Row = dict[str, str]
TODAY = time.strftime("%Y-%m-%d", time.gmtime())


def rows_of(path: Path) -> list[Row]:
    """The rows of a table, as a spreadsheet has them."""
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))


def manifest_of(path: Path) -> dict[str, Any]:
    """The manifest beside a table."""
    return checked_manifest(manifest_text(path))


def manifest_text(path: Path) -> str:
    """The same as it is written."""
    return path.with_name(f"{path.stem}.manifest.json").read_text(encoding="utf-8")


def save(path: Path, rows: list[Row], dialect: Any = csv.excel, encoding: str = "utf-8") -> None:
    """Write rows over a table, as somebody's spreadsheet would."""
    written = io.StringIO()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(written, columns, dialect=dialect)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(written.getvalue().encode(encoding))


def decided(row: Row, decision: str = "keep", **cells: str) -> Row:
    """The row as a reviewer fills it."""
    filled = {"reviewer": "Rita Reviewer", "decision": decision, "decided_at_utc": TODAY}
    filled |= {"justification": "needed"} if decision == "keep" else {"ticket": "SEC-1"}
    return {**row, **filled, **cells}


def filled(path: Path) -> list[Row]:
    """All rows of a table, each kept."""
    return [decided(row) for row in rows_of(path)]


@contextmanager
def small(text: str) -> Iterator[DemoServer]:
    """A small organization, as of now."""
    with serving(parse(text), time.time()) as server:
        yield server
