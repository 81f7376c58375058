"""Lines break at blanks, and inside of a word only where nothing else is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from semtui.text.wrapping import wrap

LONG = "integration-environment-provisioning-for-the-european-data-residency"


@pytest.mark.parametrize(
    ("text", "width", "hang", "lines"),
    [
        ("", 20, 0, []),
        ("   ", 20, 0, []),
        ("one two", 20, 0, ["one two"]),
        ("one two three", 8, 0, ["one two", "three"]),
        ("1. one two three", 10, 3, ["1. one two", "   three"]),
        ("two  blanks", 20, 0, ["two  blanks"]),
        ("a\tb\nc\rd", 20, 0, ["a b c d"]),
        ("short-hyphens stay-whole", 14, 0, ["short-hyphens", "stay-whole"]),
        (f"7. {LONG}, account", 40, 3, ["7. integration-environment-provisioning-", f"   {LONG[37:]},", "   account"]),
        ("x" * 25, 10, 2, ["x" * 8, f"  {'x' * 8}", f"  {'x' * 8}", "  x"]),
        (f"saved to /home/{'x' * 30}/a-b", 20, 2, ["saved to", f"  /home/{'x' * 30}/a-b"]),
        ("王秀英 王秀英 王秀英", 13, 0, ["王秀英 王秀英", "王秀英"]),
        ("王" * 7, 10, 0, ["王" * 5, "王" * 2]),
        ("e\u0301" * 12, 10, 0, ["e\u0301" * 10, "e\u0301" * 2]),
    ],
)
def test_lines_break_where_a_reader_would(text: str, width: int, hang: int, lines: list[str]) -> None:
    assert wrap(text, width, hang) == lines


def test_a_word_stays_whole_where_words_are_not_to_be_broken() -> None:
    assert wrap(f"7. {LONG}, account", 40, 3, break_words=False) == ["7.", f"   {LONG},", "   account"]


@given(st.text("ab-_. 王é\u0301", max_size=120), st.integers(8, 40), st.integers(0, 4))
def test_no_line_is_too_long_and_no_letter_is_lost(text: str, width: int, hang: int) -> None:
    lines = wrap(text, width, hang)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    words = {word for word in text.split() if cell_len(word) <= width - hang}
    assert words <= {word for line in lines for word in line.split()}
