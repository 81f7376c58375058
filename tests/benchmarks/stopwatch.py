"""A program in a pseudo terminal, with the moment of everything it writes."""

from __future__ import annotations

import os
import re
import resource
import select
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.terminal import Terminal

QUIET = 0.15
"""Seconds of silence after which an action is over."""
SLOWEST = 5.0
"""Seconds a key may take to show anything."""
PATIENCE = 120.0


class Stopwatch(Terminal):
    """Keeps what comes and when; draws nothing, so that it costs next to nothing itself."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.began = time.perf_counter()
        self.last = self.began
        super().__init__(command, environment, columns=120, rows=30)

    def _read(self, patience: float) -> None:
        if not select.select([self._master], [], [], patience)[0]:
            return
        try:
            received = os.read(self._master, 1 << 20)
        except OSError:
            received = b""
        self.last = time.perf_counter()
        self._ended = not received
        self.output += received

    def until(self, words: bytes) -> float:
        """Seconds from the start until these bytes were there."""
        end = time.perf_counter() + PATIENCE
        while words not in self.output:
            if self._ended or time.perf_counter() > end:
                drawn = re.sub(rb"\x1b[^a-zA-Z]*[a-zA-Z]", b" ", self.output)[-400:]
                raise RuntimeError(f"{words!r} never came: {drawn!r}")
            self._read(1)
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

    def key(self, key: str, words: bytes) -> float:
        """Press a key; seconds until these bytes came."""
        before, began = len(self.output), time.perf_counter()
        self.press(key)
        while words not in self.output[before:]:
            self._read(PATIENCE)
            if time.perf_counter() - began > PATIENCE:
                raise RuntimeError(f"{key!r} never led to {words!r}")
        return time.perf_counter() - began

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
