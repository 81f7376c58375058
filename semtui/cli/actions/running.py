"""Runs an action: opens the organization, finds what is named, checks, sends once, and says how it ended."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from semtui.cli.actions.reports import Reporter
from semtui.cli.actions.step import STATUSES, keys_of
from semtui.cli.headless import say
from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.options import ActionOptions, ActionOrder
    from semtui.cli.actions.step import Confirmation, Step
    from semtui.cli.connection import Connection


def run_action(order: ActionOrder, connection: Connection | None) -> int:
    """Carry out an action, or say what it would do; returns the exit status. Raises ConfigurationError if it was not
    started."""
    to_stdout = order.wanted.given("token_to") == "-"
    if to_stdout and order.options.form == "json":
        raise ConfigurationError("--token-to - and --format json both need standard output; use another destination.")

    async def work(context: ActionContext) -> int:
        await context.load()
        if "token_to" in keys_of(order.action.arguments) and not order.options.dry_run:
            from semtui.cli.actions.tokens import find_out_unfinished

            await find_out_unfinished(context)
        step = await order.action.prepare(context, order.wanted)
        reporter = Reporter(order.command, context, order.options.form, answer_on_stdout=not to_stdout)
        if order.options.dry_run:
            await load_for_effects(context, step)
            return 0 if reporter.planned(step) else 1
        require_confirmation(step, order.options)
        for words in step.warnings:
            context.report(words)
        result = await step.carry_out()
        told = reporter.ended(step, result)
        # What was done is done, whoever could be told.
        return STATUSES[result.outcome] if told or not step.idle else 1

    return in_organization(order.options, connection, work)


def in_organization(
    options: ActionOptions, connection: Connection | None, work: Callable[[ActionContext], Coroutine[Any, Any, int]]
) -> int:
    """Run `work` in the connection's organization, as the front ends do: signals end it in order, and no token is
    lost. Raises ConfigurationError."""
    from semtui.session.waiting import wait_for

    with open_context(options, connection) as context:
        return wait_for(context.session, work(context))


@contextmanager
def open_context(options: ActionOptions, connection: Connection | None) -> Iterator[ActionContext]:
    """The open organization of an action. Raises ConfigurationError."""
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.shutdown import orderly
    from semtui.session.manager import SessionManager
    from semtui.system.gc_tuning import freeze_loaded

    assert connection is not None, "no action works on a file"
    chosen = connection.chosen
    organizations = SessionManager(
        environ=os.environ,
        home=Path(os.path.expanduser("~")),
        # What sends nothing is held to that by the client too.
        read_only=options.read_only or options.dry_run,
        read_write=options.read_write,
        ca_file=connection.ca_file,
        log=connection.log,
    )
    saved: list[Path] = []
    with orderly(organizations, drawn=False, told=saved):
        session = organizations.open(chosen.context)
        session.vault.asks_before_other_places = False
        for warning in (*chosen.warnings, *organizations.warnings(chosen.context)):
            say(warning)
        freeze_loaded()
        closed = options.read_only or (session.mark.read_only and not options.read_write)
        barrier = session.read_only_reason if closed else ""
        yield ActionContext(session, say, ids_only=options.ids_only, barrier=barrier, saved=saved, form=options.form)


async def load_for_effects(context: ActionContext, step: Step) -> None:
    """Load what tells the effect of a step; what cannot be read is named by the answer."""
    if step.operations and not context.store.projects.listing.is_known:
        await context.store.load_projects(lambda: None)


def require_confirmation(step: Step, options: ActionOptions) -> None:
    """Raise ConfigurationError if a step is dangerous and was not confirmed."""
    wanted = step.confirmation
    if wanted is None or (options.yes and options.confirm in wanted.accepted):
        return
    raise ConfigurationError(f"{confirmation_words(wanted)} Nothing was sent.")


def confirmation_words(wanted: Confirmation) -> str:
    """What has to be given, in a sentence."""
    import shlex

    return f"This {wanted.does}: give --yes and --confirm {shlex.quote(wanted.accepted[0])}, {wanted.what}."
