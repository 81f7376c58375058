"""Cells a spreadsheet takes for what they are: whole, or cut and said so; texts as texts; several in one told apart."""

from __future__ import annotations

import csv
import io
import random

import pytest

from semtui.export.csv_table import (
    LIMIT,
    Value,
    Verbatim,
    escape_formula,
    table,
)

TAKEN_FOR_NUMBERS = ["00123", "1", "0", "1,000", "1.5", "1 000,5", "1'000", "5%", "$5", "2 €", "(5)", ".5", "5-"]
TAKEN_FOR_NUMBERS += ["2E5", "2e5", "1e-3", "2E+5", "１２３", "５", "٣", "−5", "– 1", " 00123 ", "\xa07", "9" * 255]
TAKEN_FOR_DATES = [
    "1-2",
    "1/2",
    "3.4.2026",
    "2026-04-03",
    "2026-04-03 10:00:00",
    "2026-04-03T10:00:00Z",
    "10:30",
    "1.2.3",
]
TAKEN_FOR_DATES += ["10:30 PM", "3 pm", "10a", "MAR-1", "SEPT2", "1-mar", "March 5, 2026", "Jan 2026", "may 1", "DEC1"]
TAKEN_FOR_DATES += [
    "2 Dez 2026",
    "5. März",
    "12 août 2024",
    "1 ene",
    "3 dic",
    "2024年1月2日",
    "1 1/2",
]
TAKEN_FOR_TRUTHS = ["TRUE", "false", "True", "Wahr", "FAUX", "ＴＲＵＥ", "#N/A", "#REF!"]

TEXTS = [
    "ci-deployer",
    "e2e",
    "team-1",
    "v1.2.3",
    "3rd party",
    "10x",
    "1password",
    "prod-2",
    "marketing-1",
    "May",
    "March",
]
TEXTS += ["janet2", "decoder2", "true north", "release 2026-01", "#general", "untrue", "1_0", "a1", "R2D2", "9" * 256]
TEXTS += ["dc736d9f-56c3-5ca6-92d9-2fd2fb672f45", "12345678-1234-4234-9234-123456789012", "1.2.3-rc1", "王秀英"]


@pytest.mark.parametrize("text", [*TAKEN_FOR_NUMBERS, *TAKEN_FOR_DATES, *TAKEN_FOR_TRUTHS])
def test_what_would_become_a_number_a_date_or_a_truth_stays_a_text(text: str) -> None:
    assert escape_formula(text) == f"'{text}"
    assert cells({"a": text})[0].startswith("'")


@pytest.mark.parametrize("text", TEXTS)
def test_other_texts_are_left_alone(text: str) -> None:
    assert escape_formula(text) == text


def cells(*rows: dict[str, Value]) -> list[str]:
    """The cells of column a, read back."""
    written = table(["a"], rows).text
    return [row["a"] for row in csv.DictReader(io.StringIO(written, newline=""), strict=True)]


def test_numbers_truths_and_times_of_our_own_are_what_they_are() -> None:
    assert cells({"a": 12}, {"a": True}, {"a": Verbatim("2026-04-03 10:00:00Z")}) == [
        "12",
        "true",
        "2026-04-03 10:00:00Z",
    ]
    assert table(["a", "b"], [{"a": None, "b": 1}]).text == "a,b\r\n,1\r\n"


# Several in one cell


def apart(cell: str) -> list[str]:
    """The texts of one cell, as the documentation says to take them apart."""
    return next(csv.reader([cell], delimiter=";", skipinitialspace=True), [])


@pytest.mark.parametrize(
    ("texts", "cell"),
    [
        (["Ada", "Bo"], "Ada; Bo"),
        (["Smith; John", "Ada"], '"Smith; John"; Ada'),
        (['Ada "Countess" L', "Bo"], '"Ada ""Countess"" L"; Bo'),
        (["a;", ";b"], '"a;"; ";b"'),
        ([" padded ", "Bo"], '" padded "; Bo'),
        (["Ada", ""], "Ada; "),
        (["00123", "=1"], "'00123; '=1"),
        (["a;=1"], '"a;\'=1"'),
        ([], ""),
    ],
)
def test_several_texts_of_a_cell_can_be_told_apart(texts: list[str], cell: str) -> None:
    assert cells({"a": texts, "b": 1}) == [cell] or (cells({"a": texts}) == [] and cell == "")
    # The apostrophe of a guarded text is the only difference.
    assert [text.replace("'", "") for text in apart(cell)] == texts


def test_whatever_the_texts_they_can_be_told_apart() -> None:
    source = random.Random(20261126)
    for _ in range(2000):
        texts = ["".join(source.choices('ab;" ,', k=source.randint(1, 6))) for _ in range(source.randint(1, 4))]
        (cell,) = cells({"a": texts})
        assert apart(cell) == texts


# Long cells


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("char", ["x", "é", "王", "🚀"])
def test_a_cell_may_be_as_long_as_a_spreadsheet_takes_and_no_longer(char: str) -> None:
    most = LIMIT // units(char)
    (whole,) = cells({"a": char * most})
    assert whole == char * most
    written = table(["a"], [{"a": char * (most + 1)}])
    (cut,) = cells({"a": char * (most + 1)})
    assert cut.startswith(char * 1000)
    assert cut.endswith(f"{char}… (cut: {most + 1:,} characters in all)")
    assert LIMIT - 1 <= units(cut) <= LIMIT
    assert written.cut == {"a": 1}


def test_of_too_many_texts_as_many_whole_ones_as_fit_are_kept_and_the_rest_is_counted() -> None:
    texts = [f"{number:08}-1111-4222-8333-444455556666" for number in range(2000)]
    written = table(["a", "b"], [{"a": texts, "b": texts[:3]}, {"a": texts}])
    (cut, _) = cells({"a": texts}, {"a": "x"})
    assert units(cut) <= LIMIT
    *kept, last = cut.split("; ")
    assert kept == texts[: len(kept)]
    assert last == f"… (cut: {2000 - len(kept):,} more)"
    assert units(cut) > LIMIT - 80
    assert written.cut == {"a": 2}


def test_a_first_text_that_does_not_fit_leaves_the_count() -> None:
    (cell,) = cells({"a": ["x" * 40_000, "y"]})
    assert cell == "… (cut: 2 more)"


def test_nothing_is_said_where_nothing_was_cut() -> None:
    assert not table(["a"], [{"a": "x" * LIMIT}, {"a": ["y"] * 900}]).cut
