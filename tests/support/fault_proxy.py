"""A middleman on raw sockets, because HTTP libraries hide the faults of real networks.

It stands between the client and the demo server. Most requests pass through it untouched. On those it is told to
strike, whether the server does the work (`commit`) and what the client gets to see are two separate matters.
"""

from __future__ import annotations

import contextlib
import fcntl
import re
import socket
import ssl
import struct
import termios
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

Truth = Literal["done", "never", "late"]
"""What the server makes of a request that was struck: its work at once, none, or later, while semtui looks back."""

_PATIENCE = 10
_LATE = 2
"""With which look after the fault a late server does its work."""


class Line:
    """The client's end of one connection, with the request that came in on it."""

    def __init__(self, client: socket.socket, request: bytes, server: tuple[str, int]) -> None:
        self.request = request
        self._sent = b""
        self._sending = threading.Lock()
        self._client = client
        self._server = server
        self._lock = threading.Lock()
        self._answer: bytes | None = None

    def commit(self) -> bytes:
        """Have the server do the work, once; its whole answer, head and body."""
        with self._lock:
            if self._answer is None:
                self._answer = _asked(self._server, self.request)
            return self._answer

    def send(self, data: bytes) -> None:
        """Send as it stands. A client that has hung up is no matter."""
        # The client may have read it, and ended, before this thread goes on.
        with self._sending, contextlib.suppress(OSError):
            self._client.sendall(data)
            self._sent += data

    @property
    def sent(self) -> bytes:
        """Everything the client was sent: at least what it has read."""
        with self._sending:
            return self._sent

    def reset(self) -> None:
        """End the connection without a goodbye (RST)."""
        self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # A TLS socket says goodbye if it can, and a plain one must not linger in another thread's hands.
        self._client.close()

    def wait_until_read(self) -> None:
        """Wait until the client's system has taken in what was sent, and give the client itself a moment for it."""
        while struct.unpack("i", fcntl.ioctl(self._client.fileno(), termios.TIOCOUTQ, b"    "))[0]:
            time.sleep(0.001)
        time.sleep(0.02)

    def wait_for_hang_up(self) -> None:
        """Say nothing until the client has given up."""
        with contextlib.suppress(OSError):
            while self._client.recv(4096):
                pass


Play = Callable[[Line], None]


@dataclass
class Strike:
    """What happens to the requests of some methods."""

    play: Play
    methods: tuple[str, ...] = ("POST", "PUT", "PATCH", "DELETE")
    truth: Truth = "never"
    times: int | None = 1
    """How many requests it strikes; None for all."""
    path: str = "*"
    """A pattern for the whole path."""


@dataclass
class Wire:
    """Listens on a port of this computer and passes on to `address`, over TLS when given a context."""

    address: str
    tls: ssl.SSLContext | None = None
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of everything that came in, in order."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        self._server = (parts.hostname or "", parts.port or 80)
        self._strikes: list[Strike] = []
        self._struck: list[Line] = []
        self._late: list[Line] = []
        self._looks = 0
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Closing a socket does not wake a thread that waits on it; shutting it down does.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(_PATIENCE)

    @property
    def sent(self) -> bytes:
        """Everything that went back on a line that was struck, from the moment a client can know it."""
        return b"".join(line.sent for line in list(self._struck))

    def strike(self, strike: Strike) -> None:
        """From now on, and before what was told earlier."""
        self._strikes.insert(0, strike)

    def _begin(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name="wire", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._begin(lambda connection=connection: self._serve(connection))  # type: ignore[misc]

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(_PATIENCE)
        with contextlib.suppress(OSError):
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with self._lock:
                self._open.add(connection)
            request = _read_request(connection)
            if request:
                self._answer(Line(connection, request, self._server))
        with self._lock:
            self._open.discard(connection)
        connection.close()

    def _answer(self, line: Line) -> None:
        method, path, _ = line.request.decode("latin-1").split(" ", 2)
        self.requests.append((method, path))
        strike = self._strike_for(method, path)
        if strike is None:
            self._come_late(method)
            line.send(line.commit().replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1))
            return
        if strike.truth == "done":
            line.commit()
        elif strike.truth == "late":
            self._late.append(line)
        self._struck.append(line)
        strike.play(line)

    def _strike_for(self, method: str, path: str) -> Strike | None:
        with self._lock:
            for strike in self._strikes:
                if method in strike.methods and strike.times != 0 and fnmatchcase(path, strike.path):
                    if strike.times is not None:
                        strike.times -= 1
                    return strike
        return None

    def _come_late(self, method: str) -> None:
        with self._lock:
            self._looks += bool(self._late) and method == "GET"
            due = self._late if self._looks >= _LATE else []
            self._late = [] if due else self._late
        for line in due:
            line.commit()


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return b""
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    while len(body) < (int(length[1]) if length else 0):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def _asked(server: tuple[str, int], request: bytes) -> bytes:
    """A whole conversation with the server, which ends it after one answer."""
    asking = request.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1)
    with socket.create_connection(server, _PATIENCE) as connection:
        connection.sendall(re.sub(rb"(?i)\r\nconnection: keep-alive", b"", asking, count=1))
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer
