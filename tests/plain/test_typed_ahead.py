"""What is typed ahead of a question may answer a menu or a field. It never confirms what cannot be undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from tests.conftest import writes
from tests.plain.test_plain import MENU, answer, enter, said
from tests.support.line_mode import dumb, run, talk_on_terminal
from tests.support.terminal import SEMTUI, Terminal

BROWSE, FOUND, JOB, FORM = "0 back:", "0 all rows:", "or 0 back:", "or 0 leaves it:"
KEEPS, LEAVES, TOKEN = "Enter keeps it:", "Enter cancels:", "or 0 done:"
DROPPED = "What you typed ahead was dropped: this has to be read first."

Exchanges = tuple[tuple[str, str], ...]


def reached(menu: str, name: str, *more: tuple[str, str]) -> Exchanges:
    """To the only row with that name, and on."""
    return ((MENU, menu), (BROWSE, name), (FOUND, "1"), *more)


def role(name: str, *more: tuple[str, str]) -> Exchanges:
    """The same for a role, which has a menu before it."""
    return ((MENU, "5"), (JOB, "1"), (BROWSE, name), (FOUND, "1"), *more)


ACCOUNT, GROUP, PROJECT = reached("3", "ci-deployer"), reached("4", "Release crew"), reached("6", "web-storefront")
REGENERATE = (*ACCOUNT, (JOB, "2"), ("Enter keeps it here:", ""))
QUESTIONS: dict[str, tuple[Exchanges, str, str]] = {
    "regenerate a token": (REGENERATE, "Enter keeps the current one:", "regenerate"),
    "revoke a token": (REGENERATE, "Enter keeps the current one:", "revoke"),
    "deactivate an account": ((*ACCOUNT, (JOB, "3")), LEAVES, "deactivate"),
    "reactivate an account": (reached("3", "nightly-backup", (JOB, "3")), LEAVES, "reactivate"),
    "delete an account": ((*ACCOUNT, (JOB, "4")), KEEPS, "ci-deployer"),
    "delete a group": ((*GROUP, (JOB, "4")), KEEPS, "Release crew"),
    "remove a group's role": ((*GROUP, (JOB, "3")), LEAVES, "remove"),
    "remove a person": (reached("2", "Olena Kovalenko", (JOB, "2")), LEAVES, "remove"),
    "deactivate many accounts": (
        ((MENU, "3"), (BROWSE, "deployer"), (FOUND, "a"), (JOB, "1")),
        "Enter cancels:",
        "2",
    ),
    "give a role on a project": (
        (*PROJECT, (JOB, "2"), (BROWSE, "Leilani"), (FOUND, "1"), (FORM, "1")),
        LEAVES,
        "give",
    ),
    "remove a role on a project": ((*PROJECT, (JOB, "3"), (BROWSE, "Lucía"), (FOUND, "1")), LEAVES, "remove"),
    "save a role": (
        role("Auditor", (JOB, "4"), (FORM, "1"), (KEEPS, "Reader of logs"), (FORM, "5")),
        "Enter goes back:",
        "save",
    ),
    "delete a role": (role("Auditor", (JOB, "5")), KEEPS, "Auditor"),
}


@pytest.fixture(autouse=True)
def _auditor(server: DemoServer) -> None:
    """A role of this organization that nobody holds."""
    server.organization.create_role("Auditor", ["organization.view"])


def slowly(steps: Exchanges) -> Exchanges:
    """Each answer after its question."""
    return tuple((question, f"{typed}\r") for question, typed in steps)


def with_burst(steps: Exchanges, word: str) -> Exchanges:
    """The last answers and the word in one go, from a menu on: a field takes one line of a paste."""
    last = 2 if steps[-1][1] == "" else 1
    burst = "".join(f"{typed}\r" for _, typed in steps[-last:])
    return (*slowly(steps[:-last]), (steps[-last][0], f"{burst}{word}\r"))


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_word_typed_ahead_confirms_nothing(session: Session, server: DemoServer, name: str) -> None:
    steps, question, word = QUESTIONS[name]
    before = writes(server)
    heard = talk_on_terminal(session, *with_burst(steps, word), (question, "\r"))
    assert DROPPED in " ".join(heard.split())
    assert writes(server) == before


SENT_BY_NUMBER: dict[str, tuple[Exchanges, int, str, str]] = {
    "create an account": (
        (
            *((MENU, "7"), ("Enter goes back:", "quick"), ("Enter for none:", "")),
            *((FORM, "3"), ("Enter keeps it here:", "")),
        ),
        2,
        "0 creates nothing:",
        "6",
    ),
    "edit an account": ((*ACCOUNT, (JOB, "1"), (FORM, "1"), (KEEPS, "other")), 2, FORM, "4"),
    "edit a group": ((*GROUP, (JOB, "1"), (FORM, "1"), (KEEPS, "Other crew")), 2, FORM, "6"),
    "change a role": (reached("2", "Olena Kovalenko", (JOB, "1"), (FORM, "2")), 1, "0 another role:", "1"),
    "invite a person": (
        ((MENU, "9"), ("or 0 GitHub:", "1"), ("Enter goes back:", "octocat"), ("a Member:", "3")),
        1,
        "0 invites nobody:",
        "4",
    ),
    "create a role": (
        (
            *((MENU, "5"), (JOB, "3"), (JOB, "1"), ("Enter goes back:", "Watcher"), ("Enter for none:", "looks on")),
            *((FORM, "3"), (BROWSE, "manage"), (FOUND, "1")),
        ),
        1,
        FORM,
        "5",
    ),
}
"""Answers, how many of them are typed in one burst with the number, its question, and the number."""


@pytest.mark.parametrize("name", SENT_BY_NUMBER)
def test_a_number_typed_ahead_sends_nothing(session: Session, server: DemoServer, name: str) -> None:
    steps, last, question, number = SENT_BY_NUMBER[name]
    before = writes(server)
    burst = "".join(f"{typed}\r" for _, typed in (*steps[-last:], ("", number)))
    heard = talk_on_terminal(session, *slowly(steps[:-last]), (steps[-last][0], burst), (question, "0\r"))
    assert DROPPED in " ".join(heard.split())
    assert writes(server) == before
    talk_on_terminal(session, *slowly(steps), (question, f"{number}\r"))
    assert writes(server) != before


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_word_typed_after_its_question_confirms(session: Session, server: DemoServer, name: str) -> None:
    steps, question, word = QUESTIONS[name]
    before = writes(server)
    heard = talk_on_terminal(session, *slowly(steps), (question, f"{word}\r"))
    assert "dropped" not in heard
    assert writes(server) != before


def test_half_a_word_typed_ahead_is_dropped_too(session: Session, server: DemoServer) -> None:
    steps = (*slowly(ACCOUNT), (JOB, "4\rci-dep"))
    heard = talk_on_terminal(session, *steps, (KEEPS, "loyer\r"), (JOB, "4\r"), (KEEPS, "ci-deployer\r"))
    assert heard.count("What you typed ahead") == 1
    assert "That is not “ci-deployer”" in heard
    assert "Deleted ci-deployer." in heard


def test_a_burst_larger_than_the_terminal_s_own_buffer_is_dropped_whole(session: Session, server: DemoServer) -> None:
    burst = "4\r" + "ci-deployer\r" * 600
    heard = talk_on_terminal(session, *slowly(ACCOUNT), (JOB, burst), (KEEPS, "\r"))
    assert "Nothing was deleted." in heard
    assert writes(server) == []


def test_help_and_a_refused_paste_ask_again_and_what_was_typed_behind_them_does_not_count(
    session: Session, server: DemoServer
) -> None:
    steps = slowly((*ACCOUNT, (JOB, "4")))
    heard = talk_on_terminal(
        session, *steps, (KEEPS, "?\rci-deployer\r"), (KEEPS, "one\rci-deployer\r"), (KEEPS, "?\r"), (KEEPS, "\r")
    )
    assert heard.count("2 lines came at once, and this takes one.") == 2
    assert "Nothing was deleted." in heard
    assert writes(server) == []


def test_a_token_is_neither_shown_nor_left_nor_the_program_by_words_typed_ahead(
    session: Session, server: DemoServer
) -> None:
    server.organization.tokens.generate = lambda: "Tok3n-for_the-tests9"
    heard = talk_on_terminal(
        session,
        *slowly((*REGENERATE, ("Enter keeps the current one:", "regenerate"))),
        (TOKEN, "3\rshow\r"),
        ("Enter leaves it hidden:", "\r"),
        (TOKEN, "0\rstored\r"),
        ("Enter keeps it here:", "\r"),
        (TOKEN, "q\rquit\r"),
        ("Enter stays:", "\r"),
        (TOKEN, "0\r"),
    )
    assert " ".join(heard.split()).count(DROPPED) == 3
    assert "Tok3n" not in heard
    assert len(session.unstored_tokens) == 1


# An answer that is not taken


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        (((MENU, "one\rtwo\rthree\r"),), "That is not among the choices; they are 0 to 14."),
        (
            ((MENU, "7\rci-deployer\rruns at night\r3\r\r6\r"), ("Enter goes back:", "\r")),
            "an account called “ci-deployer” already",
        ),
        (((MENU, "7\rbe\x07ll\rother\r3\r\r6\r"), ("Enter goes back:", "\r")), "a character that cannot be seen"),
        (((MENU, "3\r"), (BROWSE, "999\r1\r4\r")), "There is no number 999."),
        ((*slowly((*ACCOUNT, (JOB, "1"))), (FORM, "4\r4\r4\r")), "Nothing is changed yet."),
    ],
)
def test_several_lines_meet_one_complaint_and_the_rest_is_dropped(
    session: Session, server: DemoServer, steps: Exchanges, complaint: str
) -> None:
    heard = " ".join(talk_on_terminal(session, *steps).split())
    assert heard.count(complaint) == 1
    assert "What you typed behind it was dropped: " in heard
    assert writes(server) == []


def test_an_answer_that_is_only_begun_goes_on(session: Session, server: DemoServer) -> None:
    begun = ((MENU, "7\r"), ("Enter goes back:", "ci-deployer\rquick"), ("Enter goes back:", "\x04\x04"))
    heard = talk_on_terminal(session, *begun)
    assert "an account called “ci-deployer” already" in " ".join(heard.split())
    assert "dropped" not in heard
    steps = ((MENU, "7\r"), ("Enter goes back:", "quick\rruns"), ("Enter for none:", " fast\r"))
    heard = talk_on_terminal(session, *steps, (FORM, "3\r"), ("Enter keeps it here:", "\r"))
    assert "came at once" not in heard
    assert "Description: runs fast" in heard


def test_after_a_refusal_nothing_typed_ahead_goes_on(session: Session, server: DemoServer) -> None:
    server.inject(Fault("PATCH", "/service_accounts/*", status=400, body='"No such luck"'))
    steps = slowly((*ACCOUNT, (JOB, "1"), (FORM, "1"), (KEEPS, "other")))
    heard = " ".join(talk_on_terminal(session, *steps, (FORM, "4\r2\rlost words\r4\r")).split())
    assert "No such luck" in heard
    assert "What you typed behind it was dropped: 3 lines." in heard
    assert len(writes(server)) == 1


def test_where_numbers_are_new_an_old_one_typed_ahead_opens_no_other_row(session: Session, server: DemoServer) -> None:
    steps = (*slowly(((MENU, "3"), (BROWSE, "deployer"), (FOUND, "1"), (JOB, "1"), (FORM, "1"))),)
    renamed = ((KEEPS, "zz deployer\r"), (FORM, "4\r0\r1\r"))
    heard = " ".join(talk_on_terminal(session, *steps, *renamed).split())
    assert "The list has changed; its numbers are new. What you typed behind it was dropped: 1 line." in heard
    assert heard.rstrip().endswith("0 all rows:")


def test_of_several_lines_pasted_into_a_search_the_first_counts(session: Session) -> None:
    heard = " ".join(talk_on_terminal(session, (MENU, "3\r"), (BROWSE, "deployer\rnight\rterraform\r")).split())
    assert "2 service accounts with “deployer”." in heard
    assert "Only the first line, “deployer”, was searched for. What you typed behind it was dropped: 2 lines." in heard
    assert "with “night”" not in heard
    assert "with “terraform”" not in heard
    assert heard.endswith(FOUND)


def test_a_row_s_number_may_be_typed_ahead_behind_a_search(session: Session) -> None:
    heard = talk_on_terminal(session, (MENU, "3\rnightly\r1\r"), (JOB, "0\r"), (FOUND, "night\r"), (FOUND, "0\r"))
    assert "dropped" not in heard


def test_an_answer_typed_ahead_ends_the_line_of_its_question(session: Session) -> None:
    heard = talk_on_terminal(session, (MENU, "3\rdeployer\r0\r0\r"))
    assert "\n2 service accounts with “deployer”.\n" in heard


# The installed program


@pytest.mark.parametrize("gathering", ["icanon", "-icanon"])
def test_what_is_typed_while_a_request_is_under_way_deletes_nothing(
    server: DemoServer, tmp_path: Path, gathering: str
) -> None:
    command = ["/bin/sh", "-c", f'stty {gathering}; exec "$0" --plain', SEMTUI]
    with Terminal(command, dumb(tmp_path, server)) as terminal:
        answer(terminal, *ACCOUNT, (JOB, "3"))
        server.inject(Fault("POST", "/service_accounts/*/deactivate", "hold"))
        answer(terminal, (LEAVES, "deactivate"))
        assert server.wait_until_held(timeout=30)
        modes = terminal.modes
        terminal.press("4\rci-deployer\r")
        server.release()
        terminal.wait_for(lambda: said(terminal).endswith(KEEPS))
        assert DROPPED in said(terminal)
        assert terminal.modes == modes
        assert server.organization.service_account_named("ci-deployer") is not None
        answer(terminal, (KEEPS, ""), (JOB, "4"), (KEEPS, "ci-deployer"))
        terminal.wait_for(lambda: "Deleted ci-deployer." in said(terminal))
    assert server.organization.service_account_named("ci-deployer") is None


def test_a_paste_into_a_menu_meets_one_complaint(server: DemoServer, tmp_path: Path) -> None:
    with Terminal([SEMTUI, "--plain"], dumb(tmp_path, server)) as terminal:
        terminal.wait_for(lambda: said(terminal).endswith(MENU))
        enter(terminal, "one\rtwo\rthree")
        terminal.wait_for(lambda: said(terminal).endswith(f"What you typed behind it was dropped: 2 lines. {MENU}"))
        assert said(terminal).count("That is not among the choices") == 1


def test_a_pipe_confirms_as_before(server: DemoServer, tmp_path: Path) -> None:
    done = run(tmp_path, server, "3", "ci-deployer", "1", "wrong", "4", "wrong", "4", "ci-deployer", "q")
    assert done.returncode == 0
    assert b"dropped" not in done.stdout
    assert b"Deleted ci-deployer." in done.stdout
    assert server.organization.service_account_named("ci-deployer") is None
