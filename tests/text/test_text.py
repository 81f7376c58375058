"""What others wrote, before it is drawn."""

import random
import subprocess
import sys
import unicodedata

import pytest
from rich.cells import cell_len

from semtui.text.clean import clean, shorten

HARMLESS = [
    "",
    "ci-deployer",
    "svc[prod]",
    "[@click=app.quit]ci-deployer[/]",
    "a [/nope] [b",
    "[link=https://example.com]x[/link]",
    r"back\slash \[",
    "Zoë Müller–Østergård",
    "Анна Каренина",
    "山田太郎",
    "각하",
    "हिन्दी",
    "e\u0301a\u0302\u0323",
    "🚀 rocket",
    "🇩🇪",
    "␛ ‹202E› …",
]

VISIBLE = [
    ("\x1b[2J\x1b]0;title\x07", "␛[2J␛]0;title␇"),
    ("\x1b]52;c;aGk=\x1b\\", "␛]52;c;aGk=␛\\"),
    ("a\x00b\tc\r\nd\x7f", "a␀b␉c␍␊d␡"),
    ("\x9b31mred", "‹009B›31mred"),
    ("\x90q\x9c", "‹0090›q‹009C›"),
    ("user\u202egnp.exe", "user‹202E›gnp.exe"),
    ("\u2066ltr\u2069\u200f\u061c", "‹2066›ltr‹2069›‹200F›‹061C›"),
    ("ad\u200bmin\u2060\ufeff", "ad‹200B›min‹2060›‹FEFF›"),
    ("soft\xadhyphen", "soft‹00AD›hyphen"),
    ("tag\U000e0041", "tag‹E0041›"),
    ("one\u2028two\u2029", "one‹2028›two‹2029›"),
    ("\ud800", "‹D800›"),
    ("\ue000\uffff", "‹E000›‹FFFF›"),
    ("\u115f\u1160\u3164\uffa0", "‹115F›‹1160›‹3164›‹FFA0›"),
    ("blank\u2800", "blank‹2800›"),
    ("👨\u200d👩\u200d👧", "👨‹200D›👩‹200D›👧"),
    ("👍\U0001f3fd", "👍‹1F3FD›"),
    ("❤\ufe0f 葛\U000e0100", "❤ 葛"),
    ("no\xa0break\u2003em\u3000wide", "no break em wide"),
    ("\u0301first", "\u25cc\u0301first"),
]


def random_texts(count: int = 3000) -> list[str]:
    source = random.Random(20260801)
    ranges = [(0, 0x10FFFF), (0, 0x2FF), (0x300, 0x36F), (0x1100, 0x11FF), (0x2000, 0x20FF), (0xFE00, 0xFE0F)]

    def character() -> str:
        return chr(source.randint(*source.choice(ranges)))

    return ["".join(character() for _ in range(source.randint(0, 40))) for _ in range(count)]


def is_joining(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def most_marks_in_a_row(text: str) -> int:
    longest = current = 0
    for character in text:
        current = current + 1 if is_joining(character) else 0
        longest = max(longest, current)
    return longest


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays_as_it_was_written(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(("text", "shown"), VISIBLE)
def test_what_a_terminal_would_obey_or_hide_is_shown(text: str, shown: str) -> None:
    assert clean(text) == shown
    assert clean(shown) == shown


def test_every_control_character_has_its_picture() -> None:
    pictures = [clean(chr(code)) for code in range(0x20)]
    assert pictures == [chr(0x2400 + code) for code in range(0x20)]
    assert [clean(chr(code)) for code in range(0x80, 0xA0)] == [f"‹{code:04X}›" for code in range(0x80, 0xA0)]


def test_every_mark_without_a_letter_is_held_shown_or_dropped() -> None:
    for character in filter(is_joining, map(chr, range(0x20000))):
        assert clean(character) in ("", f"\u25cc{character}", f"‹{ord(character):04X}›"), hex(ord(character))


def test_a_letter_keeps_two_marks_however_many_are_piled_on_it() -> None:
    assert clean("z\u0301\u0302\u0303\u0304a\u0301") == "z\u0301\u0302a\u0301"


def test_marks_do_not_pile_up_behind_variation_selectors() -> None:
    assert clean("z" + "\u0301\ufe0f" * 9) == "z\u0301\u0301"


def test_hangul_vowels_do_not_pile_up_in_one_cell() -> None:
    assert clean("\u1100" + "\u1161" * 50) == "\u1100\u1161\u1161"


def test_every_code_point_comes_out_printable_and_stays_so() -> None:
    # Planes 3 to 13 are unassigned, 15 and 16 private: a few of their code points speak for the rest.
    for code in [*range(0x20000), *range(0x20000, 0x110000, 251), *range(0xE0000, 0xE0200)]:
        raw = "x" + chr(code)
        once = clean(raw)
        assert once.isprintable(), hex(code)
        assert once == raw or clean(once) == once, hex(code)


def test_any_text_comes_out_printable_short_and_unchanged_by_a_second_cleaning() -> None:
    for text in random_texts():
        for limit in (0, 1, 7, 4096):
            once = clean(text, limit=limit)
            assert once.isprintable()
            assert len(once) <= limit
            assert clean(once, limit=limit) == once
            assert most_marks_in_a_row(once) <= 2
            assert not once or not is_joining(once[0])


def test_a_long_text_ends_with_an_ellipsis_at_the_limit() -> None:
    assert clean("a" * 4096) == "a" * 4096
    assert clean("a" * 5000) == "a" * 4095 + "…"
    assert clean("abcdef", limit=4) == "abc…"


def test_a_stand_in_is_not_cut_in_its_middle() -> None:
    assert clean("ab\u202ecd", limit=6) == "ab…"
    assert clean("\u202e" * 4096) == "‹202E›" * 682 + "…"


def test_a_text_that_fits_is_not_shortened() -> None:
    assert shorten("ci-deployer", 11) == "ci-deployer"
    assert shorten("山田", 4) == "山田"


def test_a_shortened_text_fills_its_cells_and_ends_with_an_ellipsis() -> None:
    assert shorten("ci-deployer", 5) == "ci-d…"
    assert shorten("Zoë Müller", 5) == "Zoë …"


def test_a_wide_letter_is_never_cut_in_half() -> None:
    assert shorten("山田太郎", 4) == "山…"
    assert shorten("山田太郎", 5) == "山田…"
    assert shorten("山田太郎", 1) == "…"


def test_a_letter_keeps_its_mark_when_the_rest_is_cut() -> None:
    assert shorten("ae\u0301iou", 3) == "ae\u0301…"


@pytest.mark.parametrize("text", ["abc", "山田"])
@pytest.mark.parametrize("cells", [0, -1])
def test_no_cells_hold_no_text(text: str, cells: int) -> None:
    assert shorten(text, cells) == ""


def test_a_shortened_text_never_takes_more_cells_than_given() -> None:
    for text in map(clean, [*random_texts(400), "🇩🇪" * 9, "각" * 9]):
        for cells in range(12):
            assert cell_len(shorten(text, cells)) <= cells


def test_importing_it_loads_neither_rich_nor_textual() -> None:
    code = "import sys, semtui.text.clean; sys.exit(any(name in sys.modules for name in ('rich', 'textual')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
