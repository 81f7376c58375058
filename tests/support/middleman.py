"""A proxy on raw sockets, HTTP or SOCKS5: it leads every host to one server of this computer, or does not.

So a name that is no loopback address, as acme.example.test, can be reached without a network.
"""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

_PATIENCE = 10
Behavior = Literal["pass", "silence", "hang up"]


@dataclass
class Middleman:
    """Listens on a port of this computer. Use as a context manager."""

    target: str
    """The address every host is led to."""
    socks: bool = False
    behavior: Behavior = "pass"
    tls: ssl.SSLContext | None = None
    """For a proxy that is itself spoken to over TLS."""
    login: tuple[str, str] | None = None
    """The user name and password it asks for."""
    answer: bytes = b""
    """What it says instead of letting anybody through."""
    asked: list[str] = field(default_factory=list)
    """Host and port of each way it was asked for."""

    def __post_init__(self) -> None:
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(_PATIENCE)

    def _begin(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name="middleman", daemon=True)
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
            connection = connection if self.tls is None else self.tls.wrap_socket(connection, server_side=True)
        with self._kept(connection), contextlib.suppress(OSError):
            if self.behavior == "silence":
                while connection.recv(4096):
                    pass
            elif self.behavior == "pass" and (self._socks(connection) if self.socks else self._http(connection)):
                self._lead(connection)

    @contextlib.contextmanager
    def _kept(self, connection: socket.socket) -> Iterator[None]:
        with self._lock:
            self._open.add(connection)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _http(self, connection: socket.socket) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            part = connection.recv(4096)
            if not part:
                return False
            head += part
        self.asked.append(head.split(b" ")[1].decode())
        if self.answer:
            connection.sendall(self.answer)
            return False
        sent = re.search(rb"(?i)\r\nproxy-authorization: basic ([^\r]*)", head)
        if self.login is not None and (not sent or base64.b64decode(sent[1]).decode() != ":".join(self.login)):
            connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
            return False
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return True

    def _socks(self, connection: socket.socket) -> bool:
        _, count = _exactly(connection, 2)
        methods = _exactly(connection, count)
        method = 2 if self.login is not None else 0
        if method not in methods:
            connection.sendall(b"\x05\xff")
            return False
        connection.sendall(bytes([5, method]))
        if self.login is not None:
            user = _exactly(connection, _exactly(connection, 2)[1]).decode()
            password = _exactly(connection, _exactly(connection, 1)[0]).decode()
            if (user, password) != self.login:
                connection.sendall(b"\x01\x01")
                return False
            connection.sendall(b"\x01\x00")
        _exactly(connection, 3)
        kind = _exactly(connection, 1)[0]
        length = {1: 4, 4: 16}.get(kind) or _exactly(connection, 1)[0]
        host = _exactly(connection, length)
        port = int.from_bytes(_exactly(connection, 2))
        self.asked.append(f"{host.decode('latin-1')}:{port}")
        connection.sendall(self.answer or b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        return not self.answer

    def _lead(self, connection: socket.socket) -> None:
        parts = urlsplit(self.target)
        with (
            socket.create_connection((parts.hostname or "", parts.port or 0), _PATIENCE) as server,
            self._kept(server),
        ):
            self._begin(lambda: _pour(server, connection))
            _pour(connection, server)


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            sink.sendall(part)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def _exactly(connection: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        part = connection.recv(count - len(received))
        if not part:
            raise OSError("ended early")
        received += part
    return received
