"""A program in a pseudo terminal, with the moment of everything it writes."""

from __future__ import annotations

import os
import queue
import re
import resource
import select
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from tests.support.terminal import Terminal

QUIET = 0.15
"""Seconds of silence after which an action is over."""
SLOWEST = 5.0
"""Seconds a key may take to show anything."""
PATIENCE = 120.0


class Stopwatch(Terminal):
    """Notes when each piece came before it draws it: drawing takes time too, and must not count."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.began = time.perf_counter()
        self.last = self.began
        self._pieces: queue.Queue[tuple[float, bytes]] = queue.Queue()
        super().__init__(command, environment, columns=120, rows=30)
        self._leaving = threading.Event()
        self._reader = threading.Thread(target=self._follow)
        self._reader.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._leaving.set()
        self._reader.join()
        super().__exit__(kind, error, trace)

    def _follow(self) -> None:
        while not self._leaving.is_set():
            if not select.select([self._master], [], [], 0.05)[0]:
                continue
            try:
                received = os.read(self._master, 1 << 20)
            except OSError:
                received = b""
            self._pieces.put((time.perf_counter(), received))
            if not received:
                return

    def _read(self, patience: float) -> None:
        try:
            self.last, received = self._pieces.get(timeout=patience)
        except queue.Empty:
            return
        self._ended = not received
        self.output += received
        self._stream.feed(received)

    def until(self, words: str) -> float:
        """Seconds from the start until this stood on the screen."""
        self.wait_for(words, PATIENCE)
        return self.last - self.began

    def until_quiet(self, quiet: float = QUIET) -> None:
        """Follow until nothing was written for that long."""
        while True:
            before = len(self.output)
            self._read(quiet)
            if len(self.output) == before:
                return

    def act(self, keys: str) -> tuple[float, int]:
        """Press keys; seconds until the last byte of what they led to, and how many bytes that was."""
        before, began = len(self.output), time.perf_counter()
        self.last = began
        self.press(keys)
        while len(self.output) == before and time.perf_counter() - began < SLOWEST:
            self._read(SLOWEST)
        self.until_quiet()
        return self.last - began, len(self.output) - before

    def key(self, key: str, words: str) -> float:
        """Press a key; seconds until this stood on the screen."""
        began = time.perf_counter()
        self.press(key)
        self.wait_for(words, PATIENCE)
        return self.last - began

    @property
    def megabytes(self) -> float:
        """Resident memory."""
        status = Path(f"/proc/{self.process_id}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def in_turn(rounds: int, contenders: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Every contender once per round, in turn, so that a noisy machine is noisy for all."""
    found: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            found[name].append(run())
    return found


def ratio(found: dict[str, list[float]], one: str, other: str) -> float:
    """The median of the ratios round by round."""
    return statistics.median(a / b for a, b in zip(found[one], found[other], strict=True))
