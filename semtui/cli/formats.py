"""--format, the same for every command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def add_format_option(parser: argparse.ArgumentParser, forms: Sequence[str]) -> None:
    """Add --format; the first of `forms` is the default."""
    words = f"{', '.join(forms[:-1])} or {forms[-1]}; {forms[0]} is the default"
    # Any value is accepted here and checked later: argparse would quote a wrong one, which may be a token.
    option: Any = parser.add_argument("--format", metavar="FORMAT", default=forms[0], help=words)
    option.forms = tuple(forms)


def forms_of(option: argparse.Action) -> Sequence[str]:
    """The formats of a --format; none for another option."""
    forms: Sequence[str] = getattr(option, "forms", ())
    return forms
