"""`semtui review`: writes a table of everybody's access for reviewers, checks it, and verifies what was done."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.cli.formats import add_format_option
from semtui.cli.headless import interruptible
from semtui.cli.question import (
    add_projects_option,
    output_of,
    projects_of,
    refuse_connection,
)
from semtui.cli.review_order import FORMS, ReviewForm, ReviewOrder, manifest_path
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError, check_new

if TYPE_CHECKING:
    from semtui.cli.connection import Connection

_LONGEST_NAME = 200


_FILES = (
    ("--previous", "SNAPSHOT", "show what has changed since this snapshot"),
    ("--people", "FILE", "a CSV with id, email, manager and active: adds them for people"),
    ("--waivers", "FILE", "mark findings that this TOML file waives, and suggest nothing because of them"),
    ("--check", "FILE", "check that a filled review is complete and unchanged"),
    (
        "--verify",
        "FILE",
        "read the organization again and write which decisions of a filled review were carried out",
    ),
    ("--manifest", "FILE", "the manifest of a filled review, if it is not beside it"),
)
"""Options that name a file: each with what its value is called, and its help."""
_EPILOG = """\
--output q4.csv writes two new files that only their owner can read: the table and
q4.manifest.json, which says where the data came from. --check and --verify use it to
find rows that are missing, added or edited. .github/AUDIT.md explains every column.

Exit status: 0 if everything is known, decided or done; 1 if something is unknown;
2 if the command could not start; 3 if decisions are open or not carried out."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui review`."""
    for option, metavar, words in _FILES:
        parser.add_argument(option, metavar=metavar, type=Path, help=words)
    parser.add_argument(
        "--from",
        dest="file",
        metavar="FILE",
        type=Path,
        # Given before the command it must hold after it too.
        default=argparse.SUPPRESS,
        help="read this snapshot; needs no token and no network",
    )
    parser.add_argument("--only", metavar="privileged", help="only those whose level is, or may be, Owner or Admin")
    add_format_option(parser, FORMS)
    parser.add_argument("--by", metavar="NAME", help="your name, for the manifest")
    parser.add_argument(
        "--assume-people-active",
        action="store_true",
        help="for vanta: assume that people are active, and say so in the manifest",
    )
    parser.add_argument(
        "--output",
        metavar="PATH",
        type=Path,
        help="write a new file, and a manifest beside it; with --check only the result, else stdout",
    )
    add_projects_option(parser)
    parser.add_argument(
        "--allow-unknown", action="store_true", help="exit with 0 even if something is unknown, and say how much"
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG


def order(arguments: argparse.Namespace) -> ReviewOrder:
    """What was asked for. Raises ConfigurationError, in words that do not repeat it."""
    file = getattr(arguments, "file", None)
    if file is not None:
        refuse_connection(arguments, "--from takes a file")
    if arguments.check is not None:
        return _check_order(arguments, file)
    if arguments.verify is not None:
        _refuse_all(arguments, "--verify")
    elif arguments.manifest is not None:
        raise ConfigurationError("--manifest is for --check and --verify.")
    form = _form(arguments)
    if arguments.only not in (None, "privileged"):
        raise ConfigurationError("--only takes privileged.")
    by = arguments.by
    if by is not None and not (0 < len(by) <= _LONGEST_NAME and by.isprintable()):
        raise ConfigurationError(f"--by takes a name of at most {_LONGEST_NAME} characters.")
    return ReviewOrder(
        mode="write" if arguments.verify is None else "verify",
        command=_command(arguments, file),
        file=file,
        filled=arguments.verify,
        manifest=arguments.manifest,
        form=form,
        output=_output(arguments),
        previous=arguments.previous,
        people_file=arguments.people,
        waivers=arguments.waivers,
        only_privileged=arguments.only is not None,
        assume_active=arguments.assume_people_active,
        by=by,
        # Decisions are about the organization: verifying them needs no projects.
        projects=projects_of(arguments) if arguments.verify is None else 0,
        allow_unknown=arguments.allow_unknown,
    )


def _check_order(arguments: argparse.Namespace, file: Path | None) -> ReviewOrder:
    if arguments.verify is not None:
        raise ConfigurationError("Give either --check or --verify.")
    _refuse_all(arguments, "--check")
    if file is not None:
        raise ConfigurationError("--check reads only the review; leave out --from.")
    refuse_connection(arguments, "--check reads a file")
    output = output_of(arguments)
    return ReviewOrder("check", (), filled=arguments.check, manifest=arguments.manifest, output=output)


def _form(arguments: argparse.Namespace) -> ReviewForm:
    form = next((form for form in FORMS if form == arguments.format), None)
    if form is None:
        raise ConfigurationError(f"--format takes {', '.join(FORMS[:-1])} or {FORMS[-1]}.")
    if form == "vanta" and not (arguments.people or arguments.assume_people_active):
        raise ConfigurationError(
            "Vanta requires a status, and the API has none for people: give --people FILE or --assume-people-active."
        )
    if arguments.assume_people_active and form != "vanta":
        raise ConfigurationError("--assume-people-active is for --format vanta.")
    return form


def _refuse_all(arguments: argparse.Namespace, option: str) -> None:
    """Refuse options that only make sense for a new review."""
    given = {
        "--previous": arguments.previous,
        "--people": arguments.people,
        "--waivers": arguments.waivers,
        "--only": arguments.only,
        "--by": arguments.by,
        "--assume-people-active": arguments.assume_people_active or None,
        "--format": None if arguments.format == "csv" else arguments.format,
    }
    if refused := [name for name, value in given.items() if value is not None]:
        raise ConfigurationError(f"{option} reads a review that exists already; leave out {', '.join(refused)}.")


def _output(arguments: argparse.Namespace) -> Path:
    if arguments.output is None:
        raise ConfigurationError("A review is two files; name the table with --output.")
    try:
        output = check_new(arguments.output)
        check_new(manifest_path(output))
    except PrivateFileError as error:
        raise ConfigurationError(str(error)) from None
    return output


def _command(arguments: argparse.Namespace, file: Path | None) -> tuple[str, ...]:
    """The command line, with the names of files but not their directories."""
    words = ["semtui", "review"]
    for option, value in (
        ("--verify", arguments.verify),
        ("--from", file),
        ("--previous", arguments.previous),
        ("--people", arguments.people),
        ("--waivers", arguments.waivers),
        ("--output", arguments.output),
    ):
        words += [] if value is None else [option, value.name]
    words += [] if arguments.only is None else ["--only", "privileged"]
    words += [] if arguments.format == "csv" else ["--format", arguments.format]
    words += [] if arguments.by is None else ["--by", arguments.by]
    words += ["--assume-people-active"] if arguments.assume_people_active else []
    return (*words, "--projects", arguments.projects)


def run(order: ReviewOrder, connection: Connection | None) -> int:
    """Run the command; returns the exit status. Raises ConfigurationError for a file that cannot be used."""
    if order.mode == "write":
        from semtui.cli.review_writing import write_review

        return interruptible(connection, lambda: write_review(order, connection))
    from semtui.cli.review_filled import check_review, verify_review

    if order.mode == "check":
        return interruptible(connection, lambda: check_review(order))
    return interruptible(connection, lambda: verify_review(order, connection))
