"""The demo organization on a real port of this computer."""

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.utils import formatdate
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from semtui.demo.api import PREFIX, Answer, Api, Request
from semtui.demo.catalog import Edition, fixed_id
from semtui.demo.faults import Fault, FaultQueue
from semtui.demo.organization import SHIPPED, Organization
from semtui.demo.seed_data import Population

if TYPE_CHECKING:
    from semtui.demo.tls import Tls

LONGEST_READ = 64_000_000


@dataclass
class ReceivedRequest:
    """One entry of the server's request log."""

    method: str
    path: str
    """With its query."""
    headers: dict[str, str] = field(repr=False)
    """Names in lower case."""
    body: bytes = field(repr=False)
    holder_id: str | None
    """The id of the subject whose token it carried."""
    status: int | None = None
    """What was answered; None while it waits, and for a connection that was dropped."""


@dataclass(frozen=True)
class Reply:
    """What is sent: a whole answer, its first bytes, or nothing."""

    answer: Answer | None
    cut: int | None = None


class DemoServer:
    """The demo organization on a loopback port, in a thread of its own."""

    def __init__(
        self,
        *,
        edition: Edition = "ee",
        size: int | None = None,
        population: Population | None = None,
        port: int = 0,
        group_delay: float = 2.0,
        features: Iterable[str] = SHIPPED,
        clock: Callable[[], float] = time.time,
        tls: "Tls | None" = None,
    ) -> None:
        self.organization = Organization(
            edition=edition,
            size=size,
            population=population,
            group_delay=group_delay,
            features=features,
            clock=clock,
        )
        self.requests: list[ReceivedRequest] = []
        """Every request, in order of arrival."""
        self.address = ""
        """Where it listens, once started; kept after a stop."""
        self._clock = clock
        self._port = port
        self._tls = tls
        self._api = Api(self.organization)
        self._faults = FaultQueue()
        self._waits = threading.Condition()
        self._held = 0
        self._releases = 0
        self._closing = threading.Event()
        self._http: _HttpServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def tokens(self) -> dict[str, str]:
        """The tokens of an Owner, an Admin, a read-only support person and a Member, if the organization has them."""
        found = {}
        for who, name in self.organization.population.callers.items():
            found[who] = self.organization.token_of(fixed_id("person", name)) or ""
        return found

    def start(self) -> None:
        """Listen, after a stop on the same port again; raises OSError when the port is taken."""
        self._closing.clear()
        self._http = _HttpServer(self, self._port, self._tls)
        self._port = self._http.server_address[1]
        self.address = f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="semtui-demo", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the port and every connection; requests that wait end without an answer."""
        if self._http is None or self._thread is None:
            return
        self._closing.set()
        self.release()
        self._http.shutdown()
        self._thread.join()
        self._http.close_connections()
        self._http.server_close()
        self._http = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def inject(self, fault: Fault) -> None:
        """Queue a fault for the next requests it matches."""
        self._faults.add(fault)

    def clear_faults(self) -> None:
        """Drop all injected faults that are still waiting."""
        self._faults.clear()

    @property
    def unmet_faults(self) -> list[Fault]:
        """The injected faults that no request has met yet."""
        return self._faults.unmet

    @property
    def held(self) -> int:
        """How many requests a `hold` keeps waiting."""
        with self._waits:
            return self._held

    def wait_until_held(self, count: int = 1, timeout: float = 5.0) -> bool:
        """Wait until so many requests are held; False when that takes too long."""
        with self._waits:
            return self._waits.wait_for(lambda: self._held >= count, timeout)

    def wait_for_request(self, path: str, timeout: float = 5.0) -> bool:
        """Wait until a path below /api/v1alpha was asked for since `requests` was last emptied."""
        with self._waits:
            return self._waits.wait_for(lambda: any(f"{PREFIX}{path}" in each.path for each in self.requests), timeout)

    def release(self) -> None:
        """Let every held request go on."""
        with self._waits:
            self._releases += 1
            self._waits.notify_all()

    def receive(self, request: Request) -> tuple[ReceivedRequest, Reply]:
        """Record a request and determine its reply, faults included."""
        path = f"{request.path}?{request.query}" if request.query else request.path
        entry = ReceivedRequest(request.method, path, request.headers, request.body, self._api.holder(request))
        with self._waits:
            self.requests.append(entry)
            self._waits.notify_all()
        fault = self._faults.take(request.method, request.path.removeprefix(PREFIX), request.query)
        reply = self._faulty(request, fault) if fault else Reply(self._api.answer(request))
        if self._closing.is_set():
            reply = Reply(None)
        entry.status = reply.answer.status if reply.answer else None
        return entry, reply

    def _faulty(self, request: Request, fault: Fault) -> Reply:
        true_answer = self._api.answer(request) if fault.does_work else None
        if fault.kind in ("delay", "hold"):
            self._wait(fault)
            return Reply(true_answer or self._api.answer(request))
        if fault.kind in ("drop_before", "drop_after"):
            return Reply(None)
        if fault.kind == "truncate":
            answer = true_answer or fault.answer()
            return Reply(answer, len(answer.body) // 2 if fault.cut is None else fault.cut)
        return Reply(fault.answer())

    def _wait(self, fault: Fault) -> None:
        if fault.kind == "delay":
            self._closing.wait(fault.seconds)
            return
        with self._waits:
            before = self._releases
            self._held += 1
            self._waits.notify_all()
            self._waits.wait_for(lambda: self._releases > before or self._closing.is_set())
            self._held -= 1

    def date(self) -> str:
        """The server's time, formatted for the `Date` header."""
        return formatdate(self._clock(), usegmt=True)


class _HttpServer(ThreadingHTTPServer):
    """Accepts connections, and knows the open ones so that it can close them."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, demo: DemoServer, port: int, tls: "Tls | None") -> None:
        self.demo = demo
        self._tls = tls
        self._breaks: tuple[type[Exception], ...] = (ConnectionError, TimeoutError, *(tls.errors if tls else ()))
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        # The base class also looks up this computer's name on the network, which may take seconds.
        TCPServer.server_bind(self)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        return self._tls.wrap(connection) if self._tls else connection, address

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        # Closed under the lock, so that nobody shuts down a descriptor that has already been reused.
        with self._changed:
            super().shutdown_request(request)
            self._open.discard(request)
            self._changed.notify_all()

    def close_connections(self) -> None:
        """Close every connection and wait for its thread."""
        with self._changed:
            for connection in self._open:
                try:
                    # Not SSLSocket.shutdown, which would drop the TLS state under the thread that is reading.
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
                except OSError:
                    # The client has already closed it.
                    continue
            self._changed.wait_for(lambda: not self._open, timeout=5)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), self._breaks):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Reads requests and writes replies; what they mean is decided elsewhere."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _HttpServer

    def _serve(self) -> None:
        body = self._read_body()
        if body is None:
            self.close_connection = True
            return
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path, query, headers, body, self.client_address[0])
        _, reply = self.server.demo.receive(request)
        if reply.answer is None:
            self.close_connection = True
            return
        self._write(reply.answer, reply.cut)

    def _read_body(self) -> bytes | None:
        length = self.headers.get("content-length", "0")
        if not length.isdigit() or len(length) > 9 or int(length) > LONGEST_READ:
            return None
        body = self.rfile.read(int(length))
        return body if len(body) == int(length) else None

    def _write(self, answer: Answer, cut: int | None) -> None:
        phrase = responses.get(answer.status, "")
        # No Content-Type: the real API sets none (API.md#no-content-type).
        headers = {
            "cache-control": "max-age=0, private, must-revalidate",
            "content-length": str(len(answer.body)),
            "date": self.server.demo.date(),
            **answer.headers,
        }
        if cut is not None:
            self.close_connection = True
        head = f"HTTP/1.1 {answer.status} {phrase}\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in headers.items()
        )
        body = b"" if self.command == "HEAD" else answer.body[:cut]
        self.wfile.write(head.encode("latin-1", "replace") + b"\r\n" + body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: requests are recorded in `requests`."""
