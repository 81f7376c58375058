"""Which semtui process wrote a file, and whether it is still running, also across machines that share a home."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

ProcessState = Literal["running", "gone", "unknown"]


@dataclass(frozen=True)
class Process:
    """A process, distinct from those of other machines, other containers and earlier boots."""

    host: str
    """The name of its machine or container."""
    machine: str
    """A hash of /etc/machine-id; empty where there is none."""
    boot: str
    """The kernel's boot id; empty where unknown."""
    namespace: str
    """The PID namespace its number belongs to; empty where there are no namespaces."""
    number: int
    started: str
    """Its start time as the kernel counts it, because numbers are reused."""

    @property
    def words(self) -> str:
        """The process as named within a sentence."""
        return f"another semtui (process {self.number} on {self.host})"


@cache
def this_process() -> Process:
    """This process."""
    machine = _read("/etc/machine-id")
    return Process(
        os.uname().nodename,
        hashlib.sha256(machine.encode()).hexdigest()[:16] if machine else "",
        _read("/proc/sys/kernel/random/boot_id"),
        _namespace(),
        os.getpid(),
        _started(os.getpid()),
    )


def process_state(process: Process | None, locked: bool | None) -> ProcessState:
    """Whether the process that wrote a file, and locks it while it runs, is still running.

    `locked` is None where the disk has no locks, `process` where an older semtui wrote the file.
    """
    if locked:
        return "running"
    mine = this_process()
    if process is None:
        return "gone"
    if (process.boot, process.boot or process.host) != (mine.boot, mine.boot or mine.host):
        # A lock may not be visible from another kernel, so the process is surely gone only if this machine has been
        # restarted since.
        restarted = (process.host, process.machine) == (mine.host, mine.machine) and bool(mine.machine)
        return "gone" if restarted else "unknown"
    if locked is False:
        return "gone"
    if process.namespace != mine.namespace:
        return "unknown"
    return "running" if _runs(process) else "gone"


def _runs(process: Process) -> bool:
    try:
        os.kill(process.number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return _started(process.number) in ("", process.started)


def _started(number: int) -> str:
    # The second field is a name in parentheses, which may contain anything.
    fields = _read(f"/proc/{number}/stat").rpartition(") ")[2].split()
    return fields[19] if len(fields) > 19 else ""


def _namespace() -> str:
    with suppress(OSError):
        return os.readlink("/proc/self/ns/pid")
    return ""


def _read(path: str) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return Path(path).read_text().strip()
    return ""
