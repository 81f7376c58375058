"""Decompresses the bodies of answers, never to more than a limit."""

from __future__ import annotations

import zlib

ACCEPTED = "gzip, deflate"
"""The value of the header Accept-Encoding."""
_GZIP, _ZLIB, _BARE = 31, 15, -15
"""zlib's numbers for these formats (`wbits`)."""


class UnpackingError(Exception):
    """A body cannot be decompressed. The text is worded to follow “the answer”; `damaged` if a retry may help."""

    def __init__(self, words: str, *, damaged: bool = False) -> None:
        super().__init__(words)
        self.damaged = damaged


def unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """The body decompressed by its Content-Encoding, at most `most` bytes. Raises UnpackingError."""
    layers = [name for part in encoding.lower().split(",") if (name := part.strip()) not in ("", "identity")]
    if not layers or not body:
        return body
    # Nested compression turns a few kilobytes into gigabytes, and no honest server uses it.
    if len(layers) > 1:
        raise UnpackingError("was packed more than once")
    if layers[0] in ("gzip", "x-gzip"):
        return _inflated(body, _GZIP, most)
    if layers[0] == "deflate":
        # Servers disagree on whether deflate has zlib's header; the first byte shows which.
        return _inflated(body, _ZLIB if body[0] & 0x0F == 8 else _BARE, most)
    raise UnpackingError("was packed in a way semtui did not ask for")


def _inflated(body: bytes, form: int, most: int) -> bytes:
    reader = zlib.decompressobj(form)
    try:
        found = reader.decompress(body, most + 1)
    except zlib.error:
        raise UnpackingError("could not be unpacked", damaged=True) from None
    if len(found) > most:
        raise UnpackingError(f"was larger than {most:,} bytes")
    if not reader.eof:
        raise UnpackingError("was cut short", damaged=True)
    return found


def readable_part(body: bytes, most: int) -> bytes:
    """What can be decompressed of a body that may be damaged, whatever its label; empty if it is not compressed."""
    for form in (_GZIP, _ZLIB):
        reader = zlib.decompressobj(form)
        found = bytearray()
        try:
            # In small steps, because a step that fails yields nothing.
            for start in range(0, len(body), 8):
                found += reader.decompress(body[start : start + 8], max(1, most - len(found)))
                if len(found) >= most:
                    break
        except zlib.error:
            pass
        if found:
            return bytes(found)
    return b""
