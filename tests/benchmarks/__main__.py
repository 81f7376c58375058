"""`python -m tests.benchmarks`: how fast semtui is, beside programs that do less, on this machine and in this run.

Everything runs in a real pseudo terminal of 120x30 against a demo organization in a process of its own. Ratios are what
to compare; seconds belong to the machine.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.benchmarks import floors
from tests.benchmarks.stopwatch import Stopwatch, in_turn, ratio
from tests.benchmarks.tables import Figure, table, table_by_size
from tests.support.terminal import SEMTUI, clean_environment

PAGE_DOWN, PAGE_UP, BACKSPACE, ENTER = "\x1b[6~", "\x1b[5~", "\x7f", "\r"
FRAME, ROW, LOADED = "search name", "person", "Loaded "
"""What the first frame of semtui shows, its first row of data, and its last line at the end of loading."""
REQUEST = "httpx's own first request"


class Organization(Protocol):
    """A demo organization that answers, somewhere."""

    @property
    def address(self) -> str: ...

    @property
    def tokens(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Elsewhere:
    """One in a process of its own, which does not share this one's time."""

    address: str
    tokens: Mapping[str, str]


@contextmanager
def elsewhere(size: int) -> Iterator[Elsewhere]:
    """Start one of so many members."""
    command = [sys.executable, "-m", "semtui.demo", "--size", str(size)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        address = program.stdout.readline().split()[-1]
        owner = program.stdout.readline().split()[0]
        try:
            yield Elsewhere(address, {"owner": owner})
        finally:
            program.terminate()


class Benchmark:
    """Runs the programs and collects the figures."""

    def __init__(self, rounds: int, home: Path) -> None:
        self.rounds = rounds
        self.home = home
        self.figures: list[Figure] = []

    def compare(
        self, what: str, found: dict[str, list[float]], one: str, other: str, most: float | None = None
    ) -> None:
        """Note how `one` compares with `other`, in milliseconds; without a goal where `most` is not given."""
        proportion = ratio(found, one, other)
        value, beside = (f"{statistics.median(found[name]) * 1000:.0f} ms" for name in (one, other))
        goal, met = ("", None) if most is None else (f"at most {most}x", proportion <= most)
        self.figures.append(Figure(what, value, f"{other}: {beside}", round(proportion, 2), goal, met))

    def bound(self, what: str, value: float, unit: str, most: float) -> None:
        """Note a figure that has a limit of its own."""
        self.figures.append(
            Figure(what, f"{value:,.0f} {unit}", "", None, f"at most {most:,.0f} {unit}", value <= most)
        )

    # Programs

    def _python(self, code: str) -> Callable[[], float]:
        return self._timed([sys.executable, "-c", code])

    def _timed(self, command: list[str], environment: dict[str, str] | None = None) -> Callable[[], float]:
        def run() -> float:
            began = time.perf_counter()
            subprocess.run(command, env=environment or clean_environment(self.home), capture_output=True, check=False)
            return time.perf_counter() - began

        return run

    def _first_request(self, command: list[str]) -> Callable[[], float]:
        """Seconds from the start of a program to its first connection; it is then ended."""

        def run() -> float:
            with socket.create_server(("127.0.0.1", 0)) as listening:
                host = f"http://127.0.0.1:{listening.getsockname()[1]}"
                environment = clean_environment(self.home, SEMAPHORE_HOST=host, SEMAPHORE_API_TOKEN="token-of-nobody")
                began = time.perf_counter()
                with subprocess.Popen(
                    command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                ) as program:
                    listening.accept()[0].close()
                    took = time.perf_counter() - began
                    program.kill()
                return took

        return run

    def _environment(self, server: Organization) -> dict[str, str]:
        return clean_environment(self.home, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])

    def _screen(self, command: list[str], environment: dict[str, str], words: str) -> Callable[[], float]:
        def run() -> float:
            with Stopwatch(command, environment) as watch:
                return watch.until(words)

        return run

    @contextmanager
    def _open(self, server: Organization) -> Iterator[Stopwatch]:
        """semtui on that organization, with everything loaded."""
        with Stopwatch([SEMTUI], self._environment(server)) as watch:
            watch.until(LOADED)
            watch.until_quiet(0.5)
            yield watch

    # Figures

    def start(self, server: DemoServer) -> None:
        """From nothing to the first frame, the first row, and to those who need no screen."""
        environment = self._environment(server)
        frames = in_turn(
            self.rounds,
            {
                "semtui": self._screen([SEMTUI], environment, FRAME),
                "one Static": self._screen([sys.executable, "-c", floors.STATIC], environment, "ready"),
            },
        )
        self.compare("start to first frame", frames, "semtui", "one Static", 1.25)
        server.inject(Fault("GET", kind="delay", seconds=0.2, times=None))
        rows = in_turn(
            self.rounds,
            {
                "semtui": self._screen([SEMTUI], environment, ROW),
                "all imported first": self._screen([sys.executable, "-c", floors.EAGER], environment, ROW),
            },
        )
        server.clear_faults()
        self.compare("start to first row, answers after 200 ms", rows, "semtui", "all imported first", 0.85)
        broken = {**environment, "SEMAPHORE_HOST": "http://example.com"}
        light = in_turn(
            self.rounds,
            {
                "python -c pass": self._python(floors.NOTHING),
                "argparse": self._python(floors.ARGUMENTS),
                "--version": self._timed([SEMTUI, "--version"]),
                "--help": self._timed([SEMTUI, "--help"]),
                "a configuration error": self._timed([SEMTUI], broken),
                "import httpx, pydantic": self._python(floors.LIBRARIES),
                REQUEST: self._first_request([sys.executable, "-c", floors.REQUEST]),
                "export": self._first_request([SEMTUI, "export", "--what", "roles", "--format", "json"]),
                "a change": self._first_request([SEMTUI, "account", "deactivate", "terraform", "--dry-run"]),
            },
        )
        self.compare("(import argparse, which all of these need)", light, "argparse", "python -c pass")
        for name in ("--version", "--help", "a configuration error"):
            self.compare(f"semtui: {name}", light, name, "python -c pass", 2)
        libraries = "import httpx, pydantic"
        self.compare("(httpx's own first request, which an export cannot do without)", light, REQUEST, libraries)
        self.compare("semtui export, start to first request", light, "export", libraries, 1.2)
        self.compare("semtui account deactivate, start to first request", light, "a change", "export", 1.1)

    def dialogs(self, server: Organization) -> None:
        """Bytes of a dialog opened and closed."""

        def bytes_of(watch: Stopwatch, *keys: str) -> float:
            return float(sum(watch.act(key)[1] for key in keys))

        def floor() -> float:
            with Stopwatch([sys.executable, "-c", floors.MODAL], clean_environment(self.home)) as watch:
                watch.until("ready 1")
                watch.until_quiet(0.5)
                return bytes_of(watch, "c", "q")

        def ours() -> float:
            with self._open(server) as watch:
                watch.act("3")
                return bytes_of(watch, "T", "\r")

        found = in_turn(1, {"semtui": ours, "Textual's own": floor})
        proportion = ratio(found, "semtui", "Textual's own")
        value, beside = (f"{found[name][0]:,.0f} bytes" for name in found)
        self.figures.append(
            Figure(
                "a dialog opened and closed",
                value,
                f"Textual's own: {beside}",
                round(proportion, 2),
                "at most 0.5x",
                proportion <= 0.5,
            )
        )

    def size(self, server: Organization) -> dict[str, float]:
        """What it costs to load this organization's list and to have it open."""
        # The first to ask also makes the server work out its lists.
        found = self._asked(server)
        with Stopwatch([SEMTUI], self._environment(server)) as watch:
            found["first row"] = watch.until(ROW)
            found["loaded"] = watch.until(LOADED)
            watch.until_quiet(0.5)
            found["megabytes"] = watch.megabytes
            before = len(watch.output)
            watch.until_quiet(3)
            found["idle bytes"] = float(len(watch.output) - before)
        export = self._timed([SEMTUI, "export", "--what", "people", "--format", "csv"], self._environment(server))
        found["export"] = export()
        waits = self._while_loading(server)
        found["key while loading"], found["slowest key while loading"] = statistics.median(waits), max(waits)
        found["99 of 100 keys while loading"] = sorted(waits)[int(len(waits) * 0.99)]
        return found

    def _asked(self, server: Organization) -> dict[str, float]:
        """How many requests it takes to load everything and how many bytes their answers have, by semtui's own log."""
        with Stopwatch([SEMTUI, "--debug"], self._environment(server)) as watch:
            watch.until(LOADED)
        log = max((self.home / ".local/state/semtui").glob("debug-*"), key=lambda path: path.stat().st_mtime)
        answers = re.findall(r"status \d+, (\d+) bytes", log.read_text())
        return {"requests": float(len(answers)), "answer bytes": float(sum(map(int, answers)))}

    def _while_loading(self, server: Organization) -> list[float]:
        """Seconds from each key to its frame, pressed one after the other from the first row to the end of loading."""
        with Stopwatch([SEMTUI], self._environment(server)) as watch:
            watch.until(ROW)
            waits = [watch.key("j", "· 2/")]
            # What is said of loading is cleared by the next key; the first line keeps it.
            while not re.search(r" loaded \d\d:\d\d", watch.screen_text()):
                waits.append(watch.key("j", f"· {len(waits) + 2:,}/"))
        return waits

    def side_by_side(self, servers: Mapping[int, Organization]) -> dict[int, dict[str, float]]:
        """What it costs to use the lists, key by key in turn."""
        found: dict[int, dict[str, float]] = {size: {} for size in servers}
        with ExitStack() as stack:
            watches = {size: stack.enter_context(self._open(server)) for size, server in servers.items()}

            def all_press(*keys: str, what: str = "") -> None:
                seen: dict[int, list[tuple[float, int]]] = {size: [] for size in watches}
                for key in keys:
                    for size, watch in watches.items():
                        seen[size].append(watch.act(key))
                for size, each in seen.items() if what else ():
                    found[size][what] = statistics.median(seconds for seconds, _ in each)
                    found[size][f"{what} bytes"] = statistics.median(number for _, number in each)

            all_press(*"jk" * 15, what="move")
            all_press(*[PAGE_DOWN, PAGE_UP] * 3, what="page")
            all_press(PAGE_DOWN, "j" * 30)
            all_press(*"jjjjj", what="scroll")
            all_press("g", "/")
            all_press(*"abara", *[BACKSPACE] * 5, what="filter")
            all_press(ENTER)
            all_press(*">>>", what="sort")
            all_press("w")
            all_press("organization.secrets.manage")
            all_press(ENTER, what="who can")
            all_press(*"jkjkjkjk", what="key in who can")
            all_press(ENTER, what="who they are")
        return found

    def sizes_compared(self, by_size: dict[int, dict[str, float]]) -> None:
        """The largest beside the smallest."""
        small, large = min(by_size), max(by_size)
        few, many = by_size[small], by_size[large]
        name = f"{large:,} members"
        self._beside(f"{name}: first row", by_size, "first row", 1.5)
        self.bound(f"{name}: key to frame while loading, median", many["key while loading"] * 1000, "ms", 50)
        self.bound(f"{name}: the same, 99 of 100", many["99 of 100 keys while loading"] * 1000, "ms", 50)
        self.bound(f"{name}: the same, the slowest", many["slowest key while loading"] * 1000, "ms", 50)
        self._beside(f"{name}: a key in the filter", by_size, "filter", 3.0)
        self._beside(f"{name}: a move of the cursor", by_size, "move", 1.25)
        self.bound(f"{name}: a move of the cursor", many["move bytes"], "bytes", 500)
        self.bound(f"{name}: a move that scrolls a line", many["scroll bytes"], "bytes", 6_000)
        self.bound(f"{name}: who can, key to frame", many["who can"] * 1000, "ms", 100)
        self.bound(f"{name}: who can, opened", many["who can bytes"], "bytes", 10_000)
        self.bound(f"{name}: a key in it", many["key in who can"] * 1000, "ms", 50)
        times = many["megabytes"] / few["megabytes"]
        beside = f"{small:,}: {few['megabytes']:.0f} MB"
        self.figures.append(
            Figure(
                f"{name}: memory", f"{many['megabytes']:.0f} MB", beside, round(times, 2), "at most 2.5x", times <= 2.5
            )
        )
        self.bound("idle, a minute", many["idle bytes"] * 20, "bytes", 0)

    def _beside(self, what: str, by_size: dict[int, dict[str, float]], key: str, most: float) -> None:
        """Note the largest size beside the smallest, in milliseconds."""
        small, large = min(by_size), max(by_size)
        few, many = by_size[small][key], by_size[large][key]
        value, beside = f"{many * 1000:,.0f} ms", f"{small:,}: {few * 1000:,.0f} ms"
        self.figures.append(Figure(what, value, beside, round(many / few, 2), f"at most {most}x", many / few <= most))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each start is measured")
    parser.add_argument("--sizes", default="10,100,10000,100000", help="numbers of members, with commas between")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in re.findall(r"\d+", options.sizes))
    with tempfile.TemporaryDirectory() as home:
        benchmark = Benchmark(options.rounds, Path(home))
        with DemoServer(size=sizes[0]) as server:
            benchmark.start(server)
            benchmark.dialogs(server)
        with ExitStack() as stack:
            servers = {size: stack.enter_context(elsewhere(size)) for size in sizes}
            by_size = {size: benchmark.size(server) for size, server in servers.items()}
            for size, found in benchmark.side_by_side(servers).items():
                by_size[size] |= found
        benchmark.sizes_compared(by_size)
    print(table(benchmark.figures), table_by_size(by_size), sep="\n\n")
    if options.json:
        content = {"figures": [asdict(each) for each in benchmark.figures], "sizes": by_size}
        options.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
