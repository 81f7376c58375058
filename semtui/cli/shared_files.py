"""The files that are installed with semtui for shells and `man`, made from the parsers when a wheel is built."""

from __future__ import annotations

from semtui.cli import completion, man

_COMPLETIONS = {
    "bash": "share/bash-completion/completions/semtui",
    "zsh": "share/zsh/site-functions/_semtui",
    "fish": "share/fish/vendor_completions.d/semtui.fish",
}
_MANUAL = "share/man/man1/semtui.1"


def shared_files() -> dict[str, str]:
    """Their texts by where they go, below the directory semtui is installed in."""
    return {_MANUAL: man.page(), **{place: completion.script(shell) for shell, place in _COMPLETIONS.items()}}
