"""`semtui apply PLAN`: carries out a plan, in order, once; goes on where an earlier run stopped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.cli.actions.options import add_action_options, options_of
from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    import argparse

    from semtui.cli.actions.options import ActionOptions
    from semtui.cli.change_files import Plan
    from semtui.cli.connection import Connection


@dataclass(frozen=True)
class ApplyOrder:
    """The plan to carry out."""

    path: Path
    plan: Plan
    options: ActionOptions
    offline: bool = False


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui apply`."""
    import argparse

    parser.add_argument("plan", metavar="PLAN", type=Path, help="a plan that `semtui plan --output PLAN` wrote")
    parser.add_argument("--yes", action="store_true", help="do what the plan says; needed")
    add_action_options(parser, dangerous=False, at_id=False)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = """\
Before anything is sent, every change is looked at again: if one is no longer what was
planned, nothing is sent. semtui stops at the first change that is not done, and notes
how far it came in PLAN.progress: the next run leaves out what is done, tries again what
was refused, and finds out what became of what was not known.

The exit status is 0 when everything is done, 1 when a change was refused and none was
made, 2 when nothing was started, 4 when it is not known of a change whether it was
made and none was, 5 when only a part is known to be done."""


def order(arguments: argparse.Namespace) -> ApplyOrder:
    """What was asked for. Raises ConfigurationError."""
    from semtui.cli.change_files import read_plan

    plan = read_plan(arguments.plan)
    options = options_of(arguments, ids_only=plan.ids_only)
    if not (options.yes or options.dry_run):
        raise ConfigurationError("Give --yes to do what the plan says, or --dry-run to see what is left of it.")
    return ApplyOrder(arguments.plan, plan, options)


def run(order: ApplyOrder, connection: Connection | None) -> int:
    """Apply; returns the exit status. Raises ConfigurationError."""
    from semtui.cli.actions.running import in_organization
    from semtui.cli.applying import Applying, locked

    assert connection is not None
    if order.plan.host != connection.chosen.context.host:
        raise ConfigurationError("This plan is for another organization. Nothing was sent.")
    with locked(order.path):
        return in_organization(
            order.options, connection, lambda context: Applying(order.path, order.plan, order.options, context).run()
        )
