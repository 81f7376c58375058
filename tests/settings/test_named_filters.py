"""Filters with a name: `[filters]` of config.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from semtui.settings.named_filters import load_filters
from semtui.settings.organization_marks import settings_path
from semtui.system.errors import ConfigurationError
from tests.cli.test_command_line import run, sentence
from tests.settings.test_marks import mark


def test_filters_keep_their_order_and_stand_beside_other_settings(tmp_path: Path) -> None:
    assert load_filters(settings_path({}, tmp_path)) == {}
    path = mark(tmp_path, '[keys]\ncreate = "n"\n[filters]\nstale = " age>365d "\n"left behind" = "by:gone"\n')
    assert list(load_filters(path).items()) == [("stale", "age>365d"), ("left behind", "by:gone")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('filters = "x"\n', "[filters]: should be a table of filters"),
        ("[filters]\nstale = 3\n", "“stale” should be words and terms in quotes"),
        ('[filters]\nstale = " "\n', "“stale” should be words and terms in quotes"),
        ('[filters]\nstale = "a\\nb"\n', "“stale” should be one line"),
        ('[filters]\n"\\u200b" = "a"\n', "should have a name that can be seen"),
        (
            '[filter]\nstale = "a"\n',
            "[context.…], [keys], [filters] and [journal]",
        ),
    ],
)
def test_what_is_no_filter_is_told(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_filters(mark(tmp_path, text))
    assert words in str(caught.value)


def test_a_filter_that_is_not_understood_is_told_before_the_start(tmp_path: Path) -> None:
    path = mark(tmp_path, '[filters]\nfine = "role:anything"\nstale = "rloe:admin"\n')
    words = sentence(run(tmp_path, "--demo", "--plain"))
    assert f"{path}, [filters]: “stale”: There is no such term" in words
