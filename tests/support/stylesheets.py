"""Style sheets are parsed once for all the apps of a run: hundreds are opened, each with the same rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.css.stylesheet import Stylesheet

_parsed: dict[tuple[Any, ...], Any] = {}
"""What came of a source, by its text, its place, and the variables it was parsed with. Nothing changes it later."""


def install() -> None:
    """Have every app take over what another has parsed."""
    Stylesheet._parse_rules = _sharing(Stylesheet._parse_rules)  # type: ignore[method-assign]


def _sharing(parse: Callable[..., Any]) -> Callable[..., Any]:
    def parse_once(self: Stylesheet, css: str, *args: Any, **kwargs: Any) -> Any:
        key = (css, args, *sorted(kwargs.items()), *sorted(self._variables.items()))
        if key not in _parsed:
            _parsed[key] = parse(self, css, *args, **kwargs)
        return _parsed[key]

    return parse_once
