"""What a network, a proxy or a server can do to one request: faults on raw bytes."""

from __future__ import annotations

import gzip
import time
from dataclasses import dataclass
from typing import Literal

from tests.support.fault_proxy import Line, Play, Truth

Kind = Literal["refused", "unknown", "any"]
ALL: tuple[Truth, ...] = ("done", "never", "late")
PASSING = (429, 502, 503, 504)


@dataclass(frozen=True)
class Trouble:
    """One fault: what it plays, what a write must conclude from it, and which truths it may hide."""

    name: str
    play: Play
    concludes: Kind = "unknown"
    truths: tuple[Truth, ...] = ALL
    slow: bool = False
    """It takes a client's whole patience."""
    passing: bool = False
    """A read met by it once is worth another try."""


def http(status: int, body: bytes = b"", *headers: str) -> bytes:
    """An answer as it stands on the wire."""
    lines = [f"HTTP/1.1 {status} Whatever", f"content-length: {len(body)}", "connection: close", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def says(status: int, body: bytes = b"", *headers: str) -> Play:
    """Answer this, whatever was asked."""
    return lambda line: line.send(http(status, body, *headers))


def body_of(line: Line) -> bytes:
    return line.commit().partition(b"\r\n\r\n")[2]


def changed(line: Line, body: bytes) -> None:
    """A true answer with another body."""
    line.send(http(200, body))


def token_end(body: bytes) -> int:
    """Where the API token in a body ends; the middle of a body without one."""
    start = body.find(b'"api_token":"')
    return len(body) // 2 if start < 0 else body.index(b'"', start + 13) + 1


def cut_after_head(line: Line) -> None:
    line.send(b"HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n")


def cut_after_token(line: Line) -> None:
    answer = line.commit()
    head, _, body = answer.partition(b"\r\n\r\n")
    line.send(head + b"\r\n\r\n" + body[: token_end(body)])


def cut_inside_token(line: Line) -> None:
    head, _, body = line.commit().partition(b"\r\n\r\n")
    line.send(head + b"\r\n\r\n" + body[: token_end(body) - 4])


def drip(line: Line) -> None:
    head, _, body = line.commit().partition(b"\r\n\r\n")
    line.send(head + b"\r\n\r\n")
    for place in range(min(100, len(body) // 2)):
        line.send(body[place : place + 1])
        time.sleep(0.001)
    line.wait_for_hang_up()


def broken_chunks(line: Line) -> None:
    body = body_of(line)
    line.send(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n%s\r\nno number\r\n" % (len(body), body),
    )


def zipped(body: bytes) -> bytes:
    return http(200, body, "content-encoding: gzip")


def with_field(line: Line, text: bytes) -> None:
    """A true answer with one more field in front; one that is no object is left as it is."""
    body = body_of(line)
    changed(line, b"{" + text + b"," + body[1:] if body.startswith(b"{") else body)


def late_reset(line: Line) -> None:
    line.send(http(200, b"")[:20])
    line.reset()


_SLOW: tuple[Trouble, ...] = (
    Trouble("silence", Line.wait_for_hang_up, slow=True),
    Trouble("drip", drip, truths=("done",), slow=True),
)
_AFTER_SENDING: tuple[Trouble, ...] = (
    Trouble("reset", Line.reset, passing=True),
    Trouble("closed", lambda line: None, passing=True),
    Trouble("reset within the head", late_reset, passing=True),
    Trouble("cut after the head", cut_after_head, passing=True),
    Trouble("cut after the token", cut_after_token, "any", ("done",), passing=True),
    Trouble("cut inside the token", cut_inside_token, truths=("done",), passing=True),
    Trouble("no HTTP at all", lambda line: line.send(b"\x15\x03\x01\x00\x02\x02\x46 SSH-2.0-dropbear\r\n")),
    Trouble("endless headers", lambda line: line.send(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 60_000)),
)
_REFUSALS: tuple[Trouble, ...] = tuple(
    Trouble(name, says(status, body, *headers), "refused", ("never",), passing=status in PASSING)
    for name, status, body, headers in (
        ("400 JSON", 400, b'"Name must be provided"', ()),
        ("400 text", 400, b"Malformed request: nope", ()),
        ("401", 401, b"Unauthorized", ()),
        ("403 text", 403, b"Permission denied", ()),
        ("403 JSON", 403, b'"User unauthorized"', ()),
        ("404 JSON", 404, b'"Service account x not found"', ()),
        ("413", 413, b"too large", ()),
        ("422", 422, b'{"message":"no"}', ()),
        ("429 seconds", 429, b"slow down", ("retry-after: 0",)),
        ("429 date", 429, b"slow down", ("retry-after: Mon, 20 Nov 1995 19:12:08 GMT",)),
    )
)
_STATUSES: tuple[Trouble, ...] = tuple(
    Trouble(name, says(status, body, *headers), passing=status in PASSING or name == "403 empty")
    for name, status, body, headers in (
        ("403 empty", 403, b"", ()),
        ("404 text", 404, b"oops", ()),
        ("409", 409, b'"conflict"', ()),
        ("500 JSON", 500, b'"Internal error"', ()),
        ("500 text", 500, b"Something went wrong", ()),
        ("502 HTML", 502, b"<html><h1>502 Bad Gateway</h1></html>", ("content-type: text/html",)),
        ("503", 503, b"no healthy upstream", ("retry-after: 0",)),
        ("504", 504, b"upstream request timeout", ()),
        ("302", 302, b"", ("location: https://elsewhere.example.com/login",)),
        ("201", 201, b'{"status":"created"}', ()),
    )
)
_PAYLOADS: tuple[Trouble, ...] = (
    Trouble("200 HTML", says(200, b"<!doctype html><title>Log in</title>", "content-type: text/html")),
    Trouble("200 empty", says(200)),
    Trouble("204", lambda line: line.send(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")),
    Trouble("half a JSON", says(200, b'{"status":')),
    Trouble("null", says(200, b"null")),
    Trouble("another shape", says(200, b'{"unexpected":[1,2,3]}')),
    Trouble("a list", says(200, b"[1, 2, 3]")),
    Trouble("not gzip", lambda line: line.send(zipped(b"this is not gzip"))),
    Trouble("half a gzip", lambda line: line.send(zipped(gzip.compress(b'{"status":"deleted"}' * 50)[:-30]))),
    Trouble("not UTF-8", says(200, b'{"status":"\xff\xfe"}')),
    Trouble("deep", says(200, b"[" * 200_000)),
    Trouble("huge", says(200, b'{"a":"' + b"x" * 2_000_000 + b'"}'), slow=True),
    Trouble("a number too long", says(200, b'{"id":' + b"9" * 5_000 + b"}")),
    Trouble("NaN", lambda line: with_field(line, b'"x":NaN'), "any", ("done",)),
    Trouble("a field twice", lambda line: with_field(line, b'"id":"x","id":"y","status":"z"'), "any", ("done",)),
    Trouble("a lone surrogate", lambda line: with_field(line, b'"x":"\\ud800"'), "any", ("done",)),
    Trouble("one field more", lambda line: with_field(line, b'"mood":{"of":"tomorrow"}'), "any", ("done",)),
    Trouble("201 all the same", lambda line: line.send(http(201, body_of(line))), "any", ("done",)),
    Trouble("500 all the same", lambda line: line.send(http(500, body_of(line))), "any", ("done",)),
    Trouble("something after it", lambda line: changed(line, body_of(line) + b"}]"), "any", ("done",)),
    Trouble("broken chunks", broken_chunks, "any", ("done",), passing=True),
)
TROUBLES = _SLOW + _AFTER_SENDING + _REFUSALS + _STATUSES + _PAYLOADS
