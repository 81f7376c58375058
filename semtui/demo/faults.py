"""Faults on demand: what a network, a proxy or an overloaded server can do to an answer."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from semtui.demo.api import Answer

Kind = Literal["delay", "refuse", "drop_before", "drop_after", "status", "html", "truncate", "wrong_json", "hold"]

DEFAULT_STATUS = {"status": 500, "html": 502, "wrong_json": 200}
WORKS_BY_DEFAULT = ("delay", "hold", "truncate", "drop_after")
PROXY_PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1><hr>nginx</body></html>\r\n"


@dataclass(frozen=True)
class Fault:
    """One kind of fault, for the requests it matches.

    - `delay`: the answer comes `seconds` late. `hold`: it waits for `DemoServer.release`.
    - `refuse`: 403 text `Permission denied`, and no work is done.
    - `drop_before`, `drop_after`: the connection closes without an answer, before or after the work.
    - `status`: any status, body and headers. `html`: a proxy's page. `wrong_json`: JSON of another shape.
    - `truncate`: the true answer's Content-Length, and only its first `cut` bytes (half, unless given).
    """

    method: str = "*"
    path: str = "*"
    """A pattern for the path after /api/v1alpha, as in "/service_accounts/*/regenerate_token"; for other APIs the whole
    path, as in "/api/v1beta/secrets"."""
    kind: Kind = "status"
    seconds: float = 0
    status: int | None = None
    """500 for `status`, 502 for `html`, 200 for `wrong_json`, unless given."""
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = "*"
    """A pattern for what follows the path's question mark."""
    times: int | None = 1
    """How many requests it affects; None for all."""
    keep_work: bool | None = None
    """Whether the request is carried out before the fault. By default `delay`, `hold`, `truncate` and `drop_after` do,
    the others do not; with False, a `delay` or `hold` carries it out after the wait."""
    cut: int | None = None

    def matches(self, method: str, path: str, query: str) -> bool:
        """Whether the fault applies to a request; path and query are matched as glob patterns."""
        return self.method in ("*", method) and fnmatchcase(path, self.path) and fnmatchcase(query, self.query)

    @property
    def does_work(self) -> bool:
        """Whether the request is still carried out, so that only its answer is affected."""
        return self.kind in WORKS_BY_DEFAULT if self.keep_work is None else self.keep_work

    def answer(self) -> Answer:
        """The answer a fault makes up."""
        if self.kind == "refuse":
            return Answer(403, b"Permission denied")
        status = self.status or DEFAULT_STATUS.get(self.kind, 500)
        body, headers = self.body, dict(self.headers)
        if self.kind == "html":
            headers.setdefault("content-type", "text/html")
            body = PROXY_PAGE.format(f"{status} from the proxy") if body is None else body
        elif self.kind == "wrong_json" and body is None:
            body = '{"unexpected":[1,2,3]}'
        return Answer(status, (body or "").encode(), headers)


class FaultQueue:
    """Faults in the order they were injected; the first match applies."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, int | None]] = []
        self._unmet: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Append a fault, to be used `fault.times` times, or always if that is None."""
        with self._lock:
            self._waiting.append((fault, fault.times))
            self._unmet.append(fault)

    def clear(self) -> None:
        """Drop all faults that are still waiting."""
        with self._lock:
            self._waiting.clear()
            self._unmet.clear()

    @property
    def unmet(self) -> list[Fault]:
        """The faults that no request has met yet."""
        with self._lock:
            return list(self._unmet)

    def take(self, method: str, path: str, query: str) -> Fault | None:
        """Take the first fault that matches, using up one of its times; None if no fault matches."""
        with self._lock:
            for index, (fault, left) in enumerate(self._waiting):
                if fault.matches(method, path, query):
                    if left is not None and left <= 1:
                        del self._waiting[index]
                    else:
                        self._waiting[index] = (fault, None if left is None else left - 1)
                    self._unmet = [each for each in self._unmet if each is not fault]
                    return fault
        return None
