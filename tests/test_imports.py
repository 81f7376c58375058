"""Who may know whom: the arrows between the parts, and what a start must not load."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import semtui

PACKAGE = Path(semtui.__file__).parent
SCREENS = sorted(f"screens/{path.name}" for path in (PACKAGE / "screens").glob("*.py"))
WIDGETS = sorted(f"widgets/{path.name}" for path in (PACKAGE / "widgets").glob("*.py"))
PLAIN = sorted(f"plain/{path.name}" for path in (PACKAGE / "plain").glob("*.py"))
DEMO = sorted(f"demo/{path.name}" for path in (PACKAGE / "demo").glob("*.py"))


def loaded_by(code: str) -> set[str]:
    """The modules of a fresh Python after `code`."""
    report = "import sys; sys.stderr.write('\\n'.join(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", f"import atexit; atexit.register(lambda: exec({report!r}))\n{code}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(ran.stderr.split())


def packages(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


def imports(file: str, *, at_runtime: bool = False) -> set[str]:
    """The full names a file imports, `from x import y` as both x and x.y; TYPE_CHECKING blocks only if asked for."""
    return set(_imports(ast.parse((PACKAGE / file).read_text(encoding="utf-8")), at_runtime))


def _imports(node: ast.AST, at_runtime: bool) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are written out in full"
            assert child.module is not None
            yield child.module
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        elif at_runtime and isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            for other in child.orelse:
                yield from _imports(other, at_runtime)
        else:
            yield from _imports(child, at_runtime)


def ours(names: set[str]) -> set[str]:
    """The parts of semtui among these names: `client`, `screens`, ..."""
    return {name.split(".")[1] for name in names if name.startswith("semtui.")} - {"__version__"}


# What is loaded


@pytest.mark.parametrize(
    "module",
    [
        "client",
        "session",
        "vault",
        "operations",
        "people",
        "models",
        "transport",
        "lists",
        "export",
        "export_command",
        "roster",
        "presentation",
        "list_words",
        "role_words",
        "access_words",
        "bulk_words",
        "project_words",
        "account_requests",
        "member_requests",
        "signals",
        "plain.app",
    ],
)
def test_the_way_to_semaphore_needs_no_textual(module: str) -> None:
    assert "textual" not in packages(loaded_by(f"import semtui.{module}"))


def test_the_session_is_ready_before_anything_heavy_is_loaded() -> None:
    assert packages(loaded_by("import semtui.session")).isdisjoint({"textual", "httpx", "pydantic", "rich"})


@pytest.mark.parametrize(
    "code",
    [
        "import semtui.__main__",
        "import semtui.__main__\ntry: semtui.__main__.main(['--version'])\nexcept SystemExit: pass",
    ],
    ids=["import", "--version"],
)
def test_the_command_line_starts_light(code: str) -> None:
    assert packages(loaded_by(code)).isdisjoint({"textual", "httpx", "pydantic", "rich"})


def test_the_first_frame_waits_for_nothing_that_asks_semaphore() -> None:
    loaded = packages(loaded_by("import semtui.start, semtui.app"))
    assert loaded.isdisjoint({"httpx", "pydantic", "pyperclip", "yaml"})


def test_the_version_is_told() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "semtui", "--version"], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout == f"semtui {semtui.__version__}\n"


def test_the_demo_organization_stands_alone() -> None:
    loaded = loaded_by("import semtui.demo, semtui.demo.server")
    assert {module for module in loaded if module.startswith("semtui.") and "semtui.demo" not in module} == set()
    assert packages(loaded).isdisjoint({"textual", "httpx", "pydantic", "rich"})


# What is written


def test_errors_and_text_know_nothing_of_ours_and_models_only_text() -> None:
    assert ours(imports("errors.py")) == set()
    assert ours(imports("text.py")) == set()
    assert ours(imports("models.py")) == {"text"}


@pytest.mark.parametrize("file", DEMO)
def test_the_demo_organization_imports_nothing_of_ours_and_no_package(file: str) -> None:
    names = imports(file)
    assert ours(names) <= {"demo"}
    assert packages(names) - {"semtui"} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("file", "known"),
    [
        (
            "transport.py",
            {
                "certificates",
                "connecting",
                "debug_log",
                "errors",
                "headers",
                "hosts",
                "proxies",
                "recording",
                "running_time",
                "token_response",
                "unpacking",
            },
        ),
        ("headers.py", {"moments"}),
        ("moments.py", set()),
        ("recording.py", {"running_time"}),
        ("running_time.py", set()),
        ("token_response.py", {"models", "text", "unpacking"}),
        ("unpacking.py", set()),
        ("connecting.py", {"certificates", "proxies", "text"}),
        ("certificates.py", {"hosts", "settings_files", "text"}),
        ("proxies.py", {"hosts"}),
        ("network.py", {"certificates", "proxies"}),
        ("answers.py", {"errors", "text", "transport"}),
        ("pages.py", {"errors"}),
        ("linked_pages.py", {"errors", "pages"}),
        (
            "client.py",
            {
                "answers",
                "debug_log",
                "errors",
                "linked_pages",
                "models",
                "pages",
                "text",
                "token_response",
                "transport",
            },
        ),
        ("folding.py", {"ascii", "text"}),
        ("page_search.py", {"folding", "presentation"}),
        ("lookalikes.py", {"folding", "text"}),
        ("debug_log.py", {"private_files", "text"}),
        ("delivery.py", {"private_files", "programs", "shell_command", "text"}),
        ("shell_command.py", set()),
        ("programs.py", {"running_time"}),
        ("ascii.py", set()),
        ("terminals.py", set()),
        ("last_door.py", set()),
        ("picture.py", set()),
        ("driver.py", {"ascii", "crashes", "last_door", "picture", "terminal_hold", "terminal_input", "terminals"}),
        ("pasted.py", set()),
        ("crash_reporting.py", {"crashes"}),
        ("terminal_hold.py", set()),
        ("terminal_input.py", {"kitty_keys", "terminals"}),
        ("kitty_keys.py", set()),
        ("crashes.py", {"errors"}),
        ("outcomes.py", {"delivery", "models", "presentation"}),
        ("objections.py", {"keys", "people", "presentation"}),
        ("change_words.py", {"presentation", "text"}),
        ("confirmation_words.py", {"people", "presentation", "verdicts"}),
        (
            "account_edit.py",
            {"conflicts", "errors", "models", "operations", "outcomes", "people", "session", "verdicts"},
        ),
        (
            "group_edit.py",
            {
                "conflicts",
                "errors",
                "group_operations",
                "models",
                "operations",
                "outcomes",
                "people",
                "session",
                "verdicts",
            },
        ),
        ("project_requests.py", {"models", "outcomes", "people", "role_operations", "session", "verdicts"}),
        (
            "role_requests.py",
            {
                "conflicts",
                "errors",
                "lookalikes",
                "models",
                "outcomes",
                "role_operations",
                "role_words",
                "roles",
                "roster",
                "session",
                "verdicts",
            },
        ),
        (
            "account_requests.py",
            {
                "client",
                "creation",
                "delivery",
                "errors",
                "models",
                "operations",
                "outcomes",
                "people",
                "presentation",
                "session",
                "verdicts",
            },
        ),
        (
            "member_requests.py",
            {
                "conflicts",
                "errors",
                "group_operations",
                "models",
                "operations",
                "outcomes",
                "people",
                "presentation",
                "session",
                "sources",
                "verdicts",
            },
        ),
        ("subject.py", {"folding", "models"}),
        ("people.py", {"errors", "folding", "lookalikes", "models", "subject"}),
        ("verdicts.py", {"client", "errors", "moments"}),
        ("sources.py", set()),
        ("creation.py", {"client", "errors", "lists", "models", "moments", "people", "text", "verdicts"}),
        (
            "operations.py",
            {"client", "creation", "errors", "journal", "lists", "models", "people", "sources", "text", "verdicts"},
        ),
        ("conflicts.py", {"client", "errors", "models", "operations", "people", "text"}),
        ("group_operations.py", {"client", "errors", "lists", "models", "text", "verdicts"}),
        ("role_operations.py", {"client", "errors", "models", "text", "verdicts"}),
        ("presentation.py", {"journal", "models", "moments", "people", "sources", "text"}),
        ("permission_words.py", {"models", "presentation", "text"}),
        ("list_words.py", {"text", "errors", "keys", "people", "presentation", "projects"}),
        ("styling.py", {"contexts", "environments", "list_words", "presentation"}),
        ("project_words.py", {"models", "people", "presentation", "projects"}),
        ("memory.py", set()),
        (
            "roster.py",
            {"client", "errors", "keys", "lists", "memory", "models", "pages", "people", "projects", "session"},
        ),
        ("catalog.py", {"models"}),
        ("projects.py", {"errors", "folding", "models", "people"}),
        ("roles.py", {"access", "catalog", "folding", "models", "people", "projects"}),
        (
            "role_words.py",
            {"catalog", "keys", "models", "people", "permission_words", "presentation", "roles", "sources"},
        ),
        ("access.py", {"models", "people"}),
        ("access_words.py", {"access", "models", "people", "permission_words", "presentation", "sources"}),
        ("keys.py", set()),
        ("own_keys.py", {"environments", "hosts", "keys", "text"}),
        ("environments.py", {"hosts", "settings_files", "text"}),
        ("marks.py", {"environments", "hosts", "sem_settings", "text"}),
        (
            "organizations.py",
            {"contexts", "debug_log", "environments", "marks", "network", "sem_settings", "session", "text"},
        ),
        ("processes.py", set()),
        ("places.py", {"private_files"}),
        ("journal.py", {"models", "places", "private_files", "processes", "text"}),
        ("vault.py", {"errors", "journal", "models", "places", "private_files", "text", "transport"}),
        (
            "session.py",
            {
                "client",
                "contexts",
                "debug_log",
                "delivery",
                "environments",
                "errors",
                "models",
                "places",
                "proxies",
                "running_time",
                "transport",
                "vault",
            },
        ),
        ("contexts.py", {"hosts", "sem_settings", "text"}),
        ("sem_settings.py", {"hosts", "settings_files", "text"}),
        ("settings_files.py", {"hosts", "text"}),
        ("hosts.py", {"text"}),
        ("private_files.py", {"text"}),
        ("lists.py", {"client", "errors", "pages", "people", "projects"}),
        ("spreadsheet.py", {"text"}),
        ("export_records.py", {"models", "moments", "people", "projects", "spreadsheet", "text"}),
        ("export.py", {"export_records", "lists", "models", "people", "projects", "spreadsheet"}),
        (
            "export_command.py",
            {
                "client",
                "contexts",
                "debug_log",
                "export",
                "export_records",
                "hosts",
                "lists",
                "memory",
                "models",
                "people",
                "private_files",
                "projects",
                "spreadsheet",
            },
        ),
    ],
)
def test_no_part_knows_one_above_it(file: str, known: set[str]) -> None:
    assert ours(imports(file)) <= known


@pytest.mark.parametrize("file", WIDGETS)
def test_widgets_know_no_screen_and_no_client(file: str) -> None:
    assert ours(imports(file)) <= {
        "folding",
        "keys",
        "models",
        "pasted",
        "people",
        "presentation",
        "styling",
        "text",
        "widgets",
    }


@pytest.mark.parametrize("file", SCREENS)
def test_screens_ask_through_the_session_and_not_the_client(file: str) -> None:
    assert ours(imports(file)).isdisjoint({"app", "__main__", "demo", "transport"})
    assert "client" not in ours(imports(file, at_runtime=True))


@pytest.mark.parametrize("file", PLAIN)
def test_line_mode_asks_through_the_session_and_knows_no_screen(file: str) -> None:
    names = imports(file)
    assert packages(names).isdisjoint({"textual", "rich", "httpx"})
    assert ours(names).isdisjoint({"app", "client", "demo", "screens", "styling", "theme", "transport", "widgets"})


def test_line_mode_is_known_to_nobody_but_the_start() -> None:
    files = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")} - set(PLAIN)
    assert {file for file in files if "plain" in ours(imports(file))} == {"start.py"}


def test_nothing_that_runs_against_a_real_organization_opens_the_demo_but_the_command_line() -> None:
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "demo" in ours(imports(path.relative_to(PACKAGE).as_posix()))
    }
    assert users - set(DEMO) == {"start.py"}
