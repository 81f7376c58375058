"""What the module of a command that changes something provides to the command line, made from its actions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from semtui.cli.actions.options import action_order, add_actions
from semtui.cli.actions.running import run_action

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from semtui.cli.actions.action import Actions
    from semtui.cli.actions.options import ActionOrder
    from semtui.cli.connection import Connection


def command_of(
    name: str, actions: Actions
) -> tuple[
    Callable[[argparse.ArgumentParser], None],
    Callable[[argparse.Namespace], ActionOrder],
    Callable[[ActionOrder, Connection | None], int],
]:
    """`add_options`, `order` and `run` of the command `name`, as `CommandModule` explains them."""
    return partial(add_actions, actions=actions), partial(action_order, command=name, actions=actions), run_action
