"""Answers no honest server gives, head and body, on raw sockets: each ends in a sentence, and semtui goes on."""

from __future__ import annotations

import contextlib
import gzip
import json
import resource
import sys
import zlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from semtui.api.client import SemaphoreClient
from semtui.api.errors import SemaphoreError
from semtui.api.models import ServiceAccount
from semtui.api.transport import Limits
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.export.contents import export_text
from semtui.organization.people import People
from semtui.text.clean import clean
from semtui.wording.lists import skew_words
from semtui.wording.people_rows import cells
from semtui.wording.subject_details import details
from semtui.wording.subjects import sentence
from tests.conftest import Held
from tests.support.endpoint_world import World
from tests.support.endpoints import READS, WRITES
from tests.support.fault_proxy import Line, Strike, Wire
from tests.support.faults import http

pytestmark = pytest.mark.anyio

LIMITS = Limits(connect=2, read_total=5, write_total=5, retry_wait=0, poll_for=0, poll_interval=0.01)
EVERY = ("GET", "POST", "PUT", "PATCH", "DELETE")
TIMES = (10**17, 253_402_300_800, -1, 0, -(10**17), 2**63, 10**4000, True, 1e300)

HEADS = [
    *(
        f"location: {where}".encode("latin-1")
        for where in ("http://[bad", "//", "http://:x", "http://a:99999999", "\xff")
    ),
    *(
        f"location: {where}".encode("latin-1")
        for where in ("http://" + "a" * 300, "http://xn--\xe9", "https:///x", "?", "")
    ),
    *(
        f"date: {date}".encode()
        for date in ("x", "", "Mon, 20 Nov 99999 19:12:08 GMT", "Mon, 01 Jan 0001 00:00:00 +2359")
    ),
    *(f"date: {date}".encode() for date in ("Mon, 31 Feb 2025 25:61:61 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "0")),
    *(f"retry-after: {wait}".encode() for wait in ("9" * 5000, "-1", "1e999", "nan", "Mon, 20 Nov 99999 19:12:08 GMT")),
    *(
        f"content-encoding: {how}".encode()
        for how in ("gzip, gzip", "br", "zstd", "gzip;q=1", ",,,", "GZIP", "deflate")
    ),
    *(
        f"set-cookie: {cookie}".encode()
        for cookie in ("=", "a=b; expires=Mon, 99 Foo 99999", "a=b; max-age=1e999", ";;;")
    ),
    b"set-cookie: \x01\x02=\xff; domain=[::",
    b"content-type: text/html; charset=no-such-thing",
    b"content-type: \xff\xfe",
    b"x-has-more: \xff",
    b"\xff\xfe: x",
    b"content-length: 99999999999999999999",
    b"transfer-encoding: gzip, chunked",
    b"transfer-encoding: identity",
    b"upgrade: h2c",
    b"www-authenticate: Negotiate \x80",
    b"connection: keep-alive, close, \xe9",
    b"x: " + b"y" * 90_000,
]
STARTS = [
    *(
        f"HTTP/1.1 {status} Whatever".encode()
        for status in (100, 101, 102, 199, 200, 204, 205, 299, 301, 304, 307, 401, 407)
    ),
    *(f"HTTP/1.1 {status} Whatever".encode() for status in (418, 426, 429, 431, 451, 500, 511, 599, 600, 999, 0, 1000)),
    b"HTTP/1.1 200",
    b"HTTP/1.1 200 \xff\xfe\x00",
    b"HTTP/1.0 200 OK",
    b"HTTP/0.9 200 OK",
    b"HTTP/2 200 OK",
    b"ICY 200 OK",
    b"HTTP/1.1 abc OK",
]
BODIES = [
    b"",
    b"\x00",
    b"\xff\xfe\x00\x00",
    gzip.compress(b"{}", mtime=0),
    zlib.compress(b"{}"),
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"id":' + b"9" * 10_000 + b"}",
    b'"\\ud800"',
    b'{"message":{"\\ud800":[]}}',
    b'{"status":["deleted"]}',
    b'{"members":{},"groups":7,"service_accounts":"x","permissions":null}',
    b'{"members":[null],"total_pages":1e999}',
    b'{"next_page_token":"\\u0000","service_accounts":[{"id":"a"}]}',
    b"true",
    b"-0",
    b"1e999",
    b"Infinity",
    b"\xef\xbb\xbf{}",
    "{}".encode("utf-16"),
]


def raw(start: bytes, head: bytes, body: bytes) -> bytes:
    return start + b"\r\n" + head + b"\r\nconnection: close\r\n\r\n" + body


@pytest.fixture(scope="module")
def wire() -> Iterator[tuple[Wire, World]]:
    with DemoServer(group_delay=0, clock=lambda: float(REFERENCE_TIME)) as server, Wire(server.address) as wire:
        yield wire, World(server)


async def ask_everything(wire: tuple[Wire, World], answer: bytes) -> None:
    """Every read, every write and every look after a write, each answered the same."""
    between, world = wire
    between._strikes.clear()
    between.strike(Strike(lambda line: line.send(answer), EVERY, times=None))
    held = Held()
    address, token = f"http://127.0.0.1:{between.port}", world.server.tokens["owner"]
    client = SemaphoreClient(address, token, host="acme.example.com", limits=LIMITS, hold_token=held.hold)
    async with contextlib.aclosing(client):
        for act in (*READS.values(), *(write.act for write in WRITES)):
            # Anything but these is a fault of ours, and ends the program.
            with contextlib.suppress(SemaphoreError):
                await act(client, world)
        for write in WRITES:
            if write.check is not None:
                verdict = await write.check(client, world)
                assert verdict.sentence == clean(verdict.sentence, limit=10_000)
        await client.missing_permissions()
        with contextlib.suppress(SemaphoreError):
            await client.is_token_accepted()
        assert skew_words(client.server_time, REFERENCE_TIME) is not None
    assert held == []


@pytest.mark.parametrize("head", HEADS, ids=lambda head: repr(head[:40]))
async def test_no_header_ends_anything(wire: tuple[Wire, World], head: bytes) -> None:
    for start in (b"HTTP/1.1 200 OK", b"HTTP/1.1 302 Found", b"HTTP/1.1 503 Later"):
        await ask_everything(wire, raw(start, head, b"{}"))


@pytest.mark.parametrize("start", STARTS)
async def test_no_status_ends_anything(wire: tuple[Wire, World], start: bytes) -> None:
    await ask_everything(wire, raw(start, b"x: y", b"{}"))


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:40]))
async def test_no_body_ends_anything(wire: tuple[Wire, World], body: bytes) -> None:
    for status in (200, 404):
        await ask_everything(wire, http(status, body))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(STARTS),
    heads=st.lists(st.one_of(st.sampled_from(HEADS), st.binary(max_size=30)), max_size=4),
    body=st.one_of(st.sampled_from(BODIES), st.binary(max_size=60)),
)
async def test_no_answer_of_any_kind_ends_anything(
    wire: tuple[Wire, World], start: bytes, heads: list[bytes], body: bytes
) -> None:
    await ask_everything(wire, raw(start, b"\r\n".join(heads), body))


@pytest.mark.parametrize("seconds", TIMES)
async def test_a_time_no_calendar_has_is_shown_as_none(wire: tuple[Wire, World], seconds: object) -> None:
    between, world = wire
    between._strikes.clear()
    sys.set_int_max_str_digits(0)
    account = {"id": world.account, "name": "terraform", "created_at": seconds, "updated_at": seconds}
    body = json.dumps({**account, "service_accounts": [account]}).encode()
    sys.set_int_max_str_digits(4300)
    between.strike(Strike(lambda line: line.send(http(200, body)), ("GET",), times=None))
    await ask_everything(wire, http(200, body))
    address, token = f"http://127.0.0.1:{between.port}", world.server.tokens["owner"]
    async with contextlib.aclosing(SemaphoreClient(address, token, limits=LIMITS)) as client:
        for write in WRITES:
            if write.check is not None:
                assert (await write.check(client, world)).sentence
        try:
            accounts = await client.list_service_accounts()
        except SemaphoreError:
            return
    assert all(isinstance(account, ServiceAccount) for account in accounts)
    people = People().arrived("accounts", accounts, float(REFERENCE_TIME))
    for subject in people.subjects:
        assert sentence(subject, people)
        assert details(subject, people, float(REFERENCE_TIME))
        assert cells(subject, people, float(REFERENCE_TIME))
    for form in ("csv", "json"):
        assert export_text(people.subjects, people, form, "service-accounts")


@pytest.mark.parametrize("how", ["gzip", "gzip, gzip", "deflate, gzip", "gzip, gzip, gzip"])
async def test_a_bomb_is_not_unpacked_past_the_limit(wire: tuple[Wire, World], how: str) -> None:
    body = b" " * 150_000_000
    for layer in how.split(", "):
        body = gzip.compress(body, 9) if layer == "gzip" else zlib.compress(body, 9)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    between, world = wire
    between._strikes.clear()
    between.strike(Strike(lambda line: line.send(http(200, body, f"content-encoding: {how}")), EVERY, times=None))
    address, token = f"http://127.0.0.1:{between.port}", world.server.tokens["owner"]
    async with contextlib.aclosing(SemaphoreClient(address, token, limits=LIMITS)) as client:
        for act in (READS["roles"], WRITES[0].act, WRITES[-1].act):
            with pytest.raises(SemaphoreError, match=r"larger than|packed more than once"):
                await act(client, world)
    # Kilobytes, but for macOS.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 90_000


async def test_what_was_asked_for_is_unpacked(wire: tuple[Wire, World]) -> None:
    between, world = wire
    between._strikes.clear()
    packs: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "x-gzip": gzip.compress,
        "deflate": zlib.compress,
        "identity": bytes,
    }

    def packed(line: Line) -> None:
        body = line.commit().partition(b"\r\n\r\n")[2]
        line.send(http(200, packs[how](body), f"content-encoding: {how}"))

    address, token = f"http://127.0.0.1:{between.port}", world.server.tokens["owner"]
    async with contextlib.aclosing(SemaphoreClient(address, token, limits=LIMITS)) as client:
        plain = await client.list_roles()
        for how in packs:  # noqa: B007 - `packed` uses it
            between.strike(Strike(packed, ("GET",)))
            assert await client.list_roles() == plain
