"""The command `semtui`. Modules that are not needed to parse the command line are imported after it is parsed."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import Any

from semtui.cli.arguments import read_arguments


def _report_crash(*fault: Any) -> None:
    from semtui.system.crash_report import excepthook

    excepthook(*fault)


def main(argv: Sequence[str] | None = None) -> int:
    """Run semtui; returns the exit status: 0, 1 after a crash or an incomplete export, 2 when it could not start."""
    sys.excepthook = _report_crash
    # Searching for garbage among modules being imported takes a tenth of the start; `gc_tuning` turns it on again.
    gc.disable()
    arguments = read_arguments(argv)
    from semtui.cli.launch import start

    return start(arguments)


if __name__ == "__main__":
    sys.exit(main())
