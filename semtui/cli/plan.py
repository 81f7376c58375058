"""`semtui plan FILE`: what several changes would do, as one file that is reviewed and then applied."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.cli.actions.options import FORMS, ActionOptions
from semtui.cli.formats import add_format_option
from semtui.cli.headless import print_text, say
from semtui.cli.question import output_of
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError, write_private

if TYPE_CHECKING:
    import argparse

    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import ActionForm, Step
    from semtui.cli.change_files import Change
    from semtui.cli.connection import Connection


@dataclass(frozen=True)
class PlanOrder:
    """The changes to look at, and where the plan goes."""

    changes: tuple[Change, ...]
    output: Path | None
    form: ActionForm
    options: ActionOptions
    offline: bool = False


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui plan`."""
    import argparse

    parser.add_argument("changes", metavar="FILE", type=Path, help="a file of changes, written by hand; see below")
    parser.add_argument("--output", metavar="PLAN", type=Path, help="write the plan to this new file, for semtui apply")
    add_format_option(parser, FORMS)
    parser.add_argument("--at-id", action="store_true", help="take ids only, never names")
    parser.add_argument(
        "--read-write",
        action="store_true",
        default=argparse.SUPPRESS,
        help="plan for an organization that is marked in semtui's settings, which is read-only otherwise",
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = """\
A file of changes is JSON:

  {"changes": [
    {"do": "account create", "name": "night-bot", "role": "Member",
     "token_to": "night.token"},
    {"do": "account delete", "account": "old-bot", "confirm": "old-bot"}
  ]}

"do" is a command and its action, the other keys are the action's arguments, with _
for -, and "confirm" repeats the name where that is needed. Each change is about what
exists now. Nothing is sent but GET. .github/COMMANDS.md explains more.

The exit status is 0 when every change is possible, 2 when one is not."""


def order(arguments: argparse.Namespace) -> PlanOrder:
    """What was asked for. Raises ConfigurationError."""
    from semtui.cli.change_files import read_changes

    form = next((form for form in FORMS if form == arguments.format), None)
    if form is None:
        raise ConfigurationError(f"--format takes {' or '.join(FORMS)}.")
    options = ActionOptions(
        dry_run=True,
        ids_only=arguments.at_id,
        read_only=arguments.read_only,
        read_write=arguments.read_write,
    )
    return PlanOrder(read_changes(arguments.changes), output_of(arguments), form, options)


def run(order: PlanOrder, connection: Connection | None) -> int:
    """Plan; returns the exit status. Raises ConfigurationError."""
    from semtui.cli.actions.running import in_organization

    return in_organization(order.options, connection, lambda context: _planned(order, context))


async def _planned(order: PlanOrder, context: ActionContext) -> int:
    from semtui.audit.snapshots.canonical import canonical
    from semtui.audit.snapshots.records import rfc3339
    from semtui.cli.actions.reports import effects_of
    from semtui.cli.change_files import plan_record
    from semtui.cli.planning import check_apart, check_confirmed, prepared

    await context.load()
    await context.store.load_projects(lambda: None)
    steps = [(change, await prepared(context, change)) for change in order.changes]
    for change, step in steps:
        check_confirmed(change, step)
    check_apart(steps)
    planned = [(change, step, effects_of(context, step.operations)) for change, step in steps]
    host, made_at = context.session.context.host, rfc3339(int(time.time())) or ""
    record = plan_record(host, made_at, order.options.ids_only, planned)
    if order.form == "json":
        told = print_text(json.dumps(record, ensure_ascii=True, indent=2) + "\n")
    else:
        told = print_text("".join(f"{line}\n" for line in _lines(planned)))
    if order.output is not None:
        try:
            path = write_private(order.output, canonical(record) + "\n")
        except PrivateFileError as error:
            say(str(error))
            return 1
        say(f"The plan is written to {path}. Nothing was sent; `semtui apply` does what it says.")
    return 0 if told else 1


def _lines(planned: list[tuple[Change, Step, list[str]]]) -> list[str]:
    lines: list[str] = []
    for change, step, effects in planned:
        lines += ["", f"{change.number}. {step.title}"]
        lines += [f"   {line}".rstrip() for line in (*step.warnings, *effects)]
    return lines[1:]
