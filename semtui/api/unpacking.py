"""The bodies of answers unpacked from what the network carries them in, never to more than is wanted."""

from __future__ import annotations

import zlib

ACCEPTED = "gzip, deflate"
"""For the header Accept-Encoding."""
_GZIP, _ZLIB, _BARE = 31, 15, -15
"""What zlib calls these formats."""


class UnpackingError(Exception):
    """A body cannot be unpacked. Its text follows “the answer”; `damaged` where another try may bring a whole one."""

    def __init__(self, words: str, *, damaged: bool = False) -> None:
        super().__init__(words)
        self.damaged = damaged


def unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """The body as the header Content-Encoding says to read it. Raises UnpackingError."""
    layers = [name for part in encoding.lower().split(",") if (name := part.strip()) not in ("", "identity")]
    if not layers or not body:
        return body
    # One on top of the other a few kilobytes become gigabytes, and no honest server does it.
    if len(layers) > 1:
        raise UnpackingError("was packed more than once")
    if layers[0] in ("gzip", "x-gzip"):
        return _inflated(body, _GZIP, most)
    if layers[0] == "deflate":
        # Servers do not agree on what that is; zlib's first byte tells.
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
    """What can be unpacked of a body that may be damaged, whatever it is labelled; empty when it is not packed."""
    for form in (_GZIP, _ZLIB):
        reader = zlib.decompressobj(form)
        found = bytearray()
        try:
            # In small steps, for a step that fails gives nothing.
            for start in range(0, len(body), 8):
                found += reader.decompress(body[start : start + 8], max(1, most - len(found)))
                if len(found) >= most:
                    break
        except zlib.error:
            pass
        if found:
            return bytes(found)
    return b""
