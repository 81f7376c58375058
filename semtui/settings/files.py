"""Reads small settings files: never waits, never reads more than a sane size, never opens a device."""

from __future__ import annotations

import os

from semtui.system.errors import ConfigurationError
from semtui.system.regular_files import IrregularFileError, open_regular
from semtui.text.clean import clean

LARGEST_FILE = 1024 * 1024
"""Bytes that are read of a settings file."""


def read_settings_file(path: str | os.PathLike[str], *, remedy: str) -> tuple[bytes, os.stat_result] | None:
    """The file's content and its status; None if there is no file.

    Raises ConfigurationError for anything else that prevents reading it; `remedy` says what to do about it.
    """
    shown = clean(os.fspath(path), limit=400)
    try:
        descriptor = open_regular(path)
    except FileNotFoundError:
        return None
    except IrregularFileError:
        raise ConfigurationError(f"{shown} is not a regular file: {remedy}.") from None
    except (OSError, ValueError) as error:
        reason = clean(getattr(error, "strerror", None) or "unknown error")
        raise ConfigurationError(f"{shown} cannot be read ({reason}): make it readable for you.") from error
    try:
        with open(descriptor, "rb") as file:
            status, content = os.fstat(descriptor), file.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = clean(error.strerror or "unknown error")
        raise ConfigurationError(f"{shown} cannot be read ({reason}): {remedy}.") from error
    if len(content) > LARGEST_FILE:
        raise ConfigurationError(f"{shown} is larger than 1 MiB: {remedy}.")
    return content, status
