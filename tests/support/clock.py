"""Time that tests move."""

from __future__ import annotations

from semtui.demo.seed_data import REFERENCE_TIME


class Clock:
    """Time that moves only when told to, from the demo organization's."""

    def __init__(self) -> None:
        self.now = float(REFERENCE_TIME)

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds
