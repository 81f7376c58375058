"""What is written can be read: contrast of every color that carries words, in the themes that choose their own."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from semtui.tui import theme

LEAST = 4.5
"""What the web's guidelines ask for between text and ground."""


def contrast(one: str | None, other: str | None) -> float:
    """The ratio of the relative luminances of two colors."""

    def luminance(color: str | None) -> float:
        assert color is not None
        parts = [
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
            for part in Color.parse(color).normalized
        ]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("chosen", [theme.DARK, theme.LIGHT], ids=lambda chosen: chosen.name)
def test_every_word_stands_out_from_its_ground(chosen: Theme) -> None:
    tones = [name for name in chosen.variables if name.startswith("role-")]
    words = {
        "foreground": chosen.foreground,
        "success": chosen.success,
        "warning": chosen.warning,
        "error": chosen.error,
        **{name: chosen.variables[name] for name in ("muted", "faint", *tones)},
    }
    grounds = {"background": chosen.background, "surface": chosen.surface}
    pairs = {(word, ground): (words[word], grounds[ground]) for word in words for ground in grounds}
    pairs |= {
        ("muted", "panel"): (words["muted"], chosen.panel),
        ("foreground", "panel"): (chosen.foreground, chosen.panel),
        ("foreground", "focused field"): (chosen.foreground, chosen.variables["focused-field"]),
        ("muted", "focused field"): (words["muted"], chosen.variables["focused-field"]),
    }
    cursor = chosen.variables["block-cursor-background"]
    pairs |= {(name, "cursor"): (chosen.variables[name], cursor) for name in tones}
    pairs[("words", "cursor")] = (chosen.variables["block-cursor-foreground"], cursor)
    # The button that has the focus is filled with its color.
    pairs |= {("button", name): (chosen.background, getattr(chosen, name)) for name in ("accent", "error", "warning")}
    low = {pair: round(contrast(*colors), 2) for pair, colors in pairs.items() if contrast(*colors) < LEAST}
    assert low == {}
