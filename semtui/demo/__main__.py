"""`python -m semtui.demo`: the demo organization, until Ctrl+C."""

import argparse
import errno
import signal
import sys
import threading

from semtui.demo.population import CALLERS
from semtui.demo.server import DemoServer

KINDS = {"owner": "Owner", "admin": "Admin", "support": "Support, read-only", "member": "Member"}


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; 2 when the port cannot be had."""
    options = _parser().parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    server = DemoServer(edition=options.edition, size=options.size, port=options.port)
    try:
        server.start()
    except OSError as error:
        print(_why_not(options.port, error), file=sys.stderr)
        return 2
    try:
        _introduce(server)
        stop.wait()
    finally:
        server.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m semtui.demo", description="Serve a pretend Semaphore organization on this computer."
    )
    parser.add_argument("--port", type=_port, default=0, help="the port to listen on (default: a free one)")
    parser.add_argument(
        "--size", type=_size, help="how many members in all; a tenth as many service accounts come with them"
    )
    parser.add_argument("--edition", choices=["ee", "ce"], default="ee", help="whose rules (default: ee)")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _size(text: str) -> int:
    if not text.isdecimal() or int(text) > 1_000_000:
        raise argparse.ArgumentTypeError("a size is a number from 0 to 1000000")
    return int(text)


def _why_not(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is already in use; choose another with --port, or none for a free one."
    return f"Cannot listen on port {port}: {error.strerror}."


def _introduce(server: DemoServer) -> None:
    print(f"Demo organization acme at {server.address}")
    width = max(len(name) for name in CALLERS.values())
    for who, token in server.tokens.items():
        print(f"  {token}  {CALLERS[who]:<{width}}  {KINDS[who]}")
    host, token = server.address, server.tokens["owner"]
    print(f"SEMAPHORE_HOST={host} SEMAPHORE_API_TOKEN={token} semtui", flush=True)


if __name__ == "__main__":
    sys.exit(main())
