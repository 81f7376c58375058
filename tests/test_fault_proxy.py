"""What the middleman says of itself is what its client saw, however slow the threads are."""

from __future__ import annotations

import socket
import threading

from semtui.demo.server import DemoServer
from tests.support.fault_proxy import Line, Strike, Wire
from tests.support.faults import http


def test_what_a_client_has_read_counts_as_sent_before_the_fault_is_over(server: DemoServer) -> None:
    """A client that gives up at once must not be asked about before its answer is on the books."""
    over = threading.Event()

    def answer_and_linger(line: Line) -> None:
        line.send(http(200, b"first"))
        over.wait(10)
        line.send(b"second")

    with Wire(server.address) as wire:
        wire.strike(Strike(answer_and_linger))
        with socket.create_connection(("127.0.0.1", wire.port)) as client:
            client.sendall(b"POST / HTTP/1.1\r\n\r\n")
            received = b""
            while b"first" not in received:
                received += client.recv(4096)
            try:
                assert wire.sent == received
            finally:
                over.set()
