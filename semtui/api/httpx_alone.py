"""Imports httpx without its command line, which it loads if click is installed: with Rich and Pygments that takes twice
as long as httpx itself."""

from __future__ import annotations

import sys

sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None: not to be imported

import httpx  # noqa: E402

__all__ = ["httpx"]
