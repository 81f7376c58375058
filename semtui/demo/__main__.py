"""`python -m semtui.demo`: the demo organization, until Ctrl+C."""

import argparse
import errno
import shlex
import signal
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

from semtui.demo.generated_people import acme, company
from semtui.demo.organization import SHIPPED
from semtui.demo.secret_content import ACCESS_POLICY, EXPOSED_CONTENT
from semtui.demo.secrets_v2 import API_V2
from semtui.demo.seed_data import Population
from semtui.demo.server import DemoServer
from semtui.demo.tls import Tls, TlsError

KINDS = {"owner": "Owner", "admin": "Admin", "support": "Support, read-only", "member": "Member"}


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted. Returns the exit status: 2 if the port is taken or no certificate can be made."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.ca_file and not options.tls:
        parser.error("--ca-file goes with --tls")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as afterwards:
        try:
            tls = _tls(options, afterwards)
            population = _company(options.size) if options.company else acme(options.size)
            features = (*SHIPPED, *options.feature)
            server = DemoServer(
                edition=options.edition, population=population, port=options.port, features=features, tls=tls
            )
            afterwards.enter_context(server)
        except TlsError as error:
            print(error, file=sys.stderr)
            return 2
        except OSError as error:
            print(_why_not(options.port, error), file=sys.stderr)
            return 2
        _introduce(server, tls)
        stop.wait()
    return 0


def _tls(options: argparse.Namespace, afterwards: ExitStack) -> Tls | None:
    """The certificate; its authority's file is removed at the end unless the user chose its path."""
    if not options.tls:
        return None
    if options.ca_file:
        return Tls(Path(options.ca_file).absolute())
    directory = afterwards.enter_context(tempfile.TemporaryDirectory(prefix="semtui-demo-"))
    return Tls(Path(directory, "ca.pem"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m semtui.demo", description="Serve a pretend Semaphore organization on this computer."
    )
    parser.add_argument("--port", type=_port, default=0, help="the port to listen on (default: a free one)")
    parser.add_argument(
        "--size", type=_size, help="how many members in all; a tenth as many service accounts come with them"
    )
    parser.add_argument(
        "--company",
        action="store_true",
        help="an organization for measuring instead of acme's people: 2,000 people (or --size), as many service "
        "accounts and a tenth as many groups, nearly all with the same roles",
    )
    parser.add_argument("--edition", choices=["ee", "ce"], default="ee", help="whose rules (default: ee)")
    parser.add_argument(
        "--feature",
        action="append",
        default=[],
        choices=[EXPOSED_CONTENT, ACCESS_POLICY, API_V2],
        help="switch a feature on, by Semaphore's name for it; may be repeated",
    )
    parser.add_argument("--tls", action="store_true", help="serve https, as the official client needs it")
    parser.add_argument(
        "--ca-file",
        metavar="PATH",
        help="with --tls: where to write the certificate authority's file, and to keep it "
        "(default: a temporary file, removed at the end)",
    )
    return parser


def _company(size: int | None) -> Population:
    people = 2_000 if size is None else max(size, 10)
    return company(people, people, people // 10)


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


def _introduce(server: DemoServer, tls: Tls | None) -> None:
    print(f"Demo organization acme at {server.address}")
    organization = server.organization
    people = organization.state.people
    names = {who: people[organization.token_holder(token) or ""].name for who, token in server.tokens.items()}
    width = max(map(len, names.values()))
    for who, token in server.tokens.items():
        print(f"  {token}  {names[who]:<{width}}  {KINDS[who]}")
    host, token = server.address, server.tokens["owner"]
    if tls is None:
        print(f"SEMAPHORE_HOST={host} SEMAPHORE_API_TOKEN={token} semtui", flush=True)
        return
    host, ca_file = host.removeprefix("https://"), shlex.quote(str(tls.ca_file))
    print(f"Its certificate is signed by the authority in {tls.ca_file}")
    print(f"SEMAPHORE_HOST={host} SEMAPHORE_API_TOKEN={token} semtui --ca-file {ca_file}")
    print(f"SEMAPHORE_HOST={host} SEMAPHORE_API_TOKEN={token} SSL_CERT_FILE={ca_file} sem-ai group list", flush=True)


if __name__ == "__main__":
    sys.exit(main())
