"""What was measured, as tables in Markdown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    what: str
    value: str
    beside: str
    """What it is compared with, and how much that is."""
    ratio: float | None
    goal: str
    met: bool | None


def table(figures: list[Figure]) -> str:
    """The figures as a table in Markdown."""
    lines = ["| | semtui | beside | ratio | goal | |", "|---|---|---|---|---|---|"]
    for each in figures:
        verdict = "" if each.met is None else "met" if each.met else "**missed**"
        proportion = "" if each.ratio is None else f"{each.ratio:.2f}x"
        lines.append(f"| {each.what} | {each.value} | {each.beside} | {proportion} | {each.goal} | {verdict} |")
    return "\n".join(lines)


_BY_SIZE = {
    "first row": "ms",
    "loaded": "ms",
    "filter": "ms",
    "sort": "ms",
    "move": "ms",
    "page": "ms",
    "who can": "ms",
    "who they are": "ms",
    "move bytes": "bytes",
    "page bytes": "bytes",
    "requests": "",
    "answer bytes": "bytes",
    "export": "ms",
    "megabytes": "MB",
}
"""What is told of every size, and in which unit."""


def table_by_size(by_size: dict[int, dict[str, float]]) -> str:
    """What was found for each number of members, as a table in Markdown."""
    sizes = sorted(by_size)
    lines = [f"| members | {' | '.join(f'{size:,}' for size in sizes)} |", "|---" * (len(sizes) + 1) + "|"]
    for what, unit in _BY_SIZE.items():
        found = (by_size[size][what] * (1000 if unit == "ms" else 1) for size in sizes)
        lines.append(f"| {what} | {' | '.join(f'{each:,.0f} {unit}'.strip() for each in found)} |")
    return "\n".join(lines)
