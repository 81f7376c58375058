"""Bringing a token to a file or to a command: tried out before there is one, and honest about how it ended."""

from __future__ import annotations

import asyncio
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from semtui.demo.server import DemoServer
from semtui.system.shell_command import parse
from semtui.tokens.delivery import (
    DeliveryError,
    DeliveryUnknownError,
    Destination,
    check_destination,
    deliver,
    destination,
)

pytestmark = pytest.mark.anyio
SECRET = "Tok3n-for_the-tests9"
ENVIRON = {"PATH": os.defpath}


@pytest.fixture(autouse=True)
def _known_token(server: DemoServer) -> None:
    server.organization.tokens.generate = lambda: SECRET


def test_what_is_typed_is_a_file_a_command_or_nothing() -> None:
    assert destination("  ") is None
    assert destination(" ~/x.token ") == Destination(Path("~/x.token"))
    assert destination("| vault kv put secret/ci token=-") == Destination(command="vault kv put secret/ci token=-")
    assert destination("| | cat") == destination("||cat") == destination("|cat") == Destination(command="cat")


async def test_a_command_reads_the_token_alone_and_finds_it_nowhere_else(tmp_path: Path) -> None:
    command = (
        f"cat > {tmp_path}/got && cat /proc/self/environ > {tmp_path}/env && "
        f"tr '\\0' ' ' < /proc/$$/cmdline > {tmp_path}/argv"
    )
    environ = {**ENVIRON, "SEMAPHORE_API_TOKEN": "token-of-semtui"}
    with pytest.raises(DeliveryUnknownError):
        await deliver(Destination(command=command), SECRET, environ)
    assert (tmp_path / "got").read_text() == SECRET
    for elsewhere in ("env", "argv"):
        assert SECRET not in (tmp_path / elsewhere).read_text()
    assert "token-of-semtui" not in (tmp_path / "env").read_text()


async def test_a_command_that_fails_says_why_without_the_token_it_repeats() -> None:
    command = 'read -r token; echo first >&2; echo "denied for $token\x1b]52;c;eA==\x07" >&2; exit 3'
    with pytest.raises(DeliveryError) as caught:
        await deliver(Destination(command=command), SECRET, ENVIRON)
    words = str(caught.value)
    assert words.startswith("read ended with status 3: denied for ‹token›␛]52")
    assert words.endswith("The token is still here.")
    assert "\x1b" not in words
    assert SECRET not in words


async def test_a_token_repeated_across_the_end_of_what_is_kept_leaves_no_half_of_it() -> None:
    command = 'read -r token; i=0; while [ $i -lt 900 ]; do printf %s "$token" >&2; i=$((i+1)); done; exit 1'
    with pytest.raises(DeliveryError) as caught:
        await deliver(Destination(command=command), SECRET, ENVIRON)
    assert SECRET[-6:] not in str(caught.value)


NOT_READ = (
    "true",
    "echo hello",
    ": && true",
    "wc -c </dev/null",
    "cat <<end\nx\nend",
    "true | cat",
    "head -c 0",
    "x=1",
)


FAILING = (
    "openssl enc -aes-256-cbc -pass file:/no/such/key | base64 > {out}",
    "tr -d x | no-such-program | cat > {out}",
    "tee /dev/full | wc -c > {out}",
    "cat > /nonexistent/{out}",
    "cat > /dev/full",
    "true && cat > /nonexistent/o",
    "cat > /nonexistent/o | cat",
    "cat | (exit 3) | cat > {out}",
    "cat | cat > /nonexistent/o | true",
    "cat > {out} && false",
    "exec cat > /nonexistent/o",
    "env X=1 cat > /nonexistent/o",
    "sh -c 'cat > /nonexistent/o'",
    "kill -9 $$",
)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        *((command, "did not read the token") for command in NOT_READ),
        *((command, "ended with status [1-9]|ended with status -9") for command in FAILING),
    ],
)
async def test_what_did_not_read_the_token_or_failed_in_any_part_is_a_failure(
    command: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(DeliveryError, match=words) as caught:
        await deliver(Destination(command=command.format(out=tmp_path / "out")), SECRET, ENVIRON)
    assert not isinstance(caught.value, DeliveryUnknownError)
    assert str(caught.value).endswith("The token is still here.")


UNKNOWN = (
    "cat > /nonexistent/o; true",
    "cat > {out}; true",
    "cat > {out}\ntrue",
    "cat > /nonexistent/o || true",
    "cat > {out} || cat",
    "tee /dev/full >/dev/null || true",
    "{{ tee /dev/full; true; }}",
    "(cat > {out})",
    "if cat > {out}; then :; fi",
    "while read -r x; do :; done",
    "! tee /dev/full",
    "cat > {out} | cat & wait",
    "cat >{out} <&0 &",
    "tee >(cat > /nonexistent/o)",
    "cat <(cat) -",
    'x="$(cat)" && echo "$x" > {out}',
    "x=`cat` && echo $x > {out}",
    "x=$(cat | nosuch) && true",
    "sh -c 'tee /dev/full; true'",
    "env sh -c 'tee /dev/full | cat'",
    "bash -c 'cat > {out} & wait'",
    "eval 'tee /dev/full; :'",
    "set +o pipefail && tee /dev/full | cat",
    "trap 'exit 0' EXIT && tee /dev/full",
    "tee /dev/full |& cat",
    "time ! tee /nonexistent/o",
    "command eval 'tee /nonexistent/o; true'",
    "builtin eval 'tee /nonexistent/o; true'",
    "rbash -c 'tee /nonexistent/o; true'",
    "$SHELL -c 'tee /nonexistent/o; true'",
    "env -S 'sh -c \"tee /nonexistent/o;true\"'",
    "setsid -f tee /nonexistent/o",
    "cat &> {out}",
    "tr -d x | cat | cat > {out}",
    "base64 | base64 -d > {out}  # ; & ||",
    "X='a;b&c' Y=\"d|e\" cat > {out}",
    "sed 's/x;y/a|b/; s/&/&/' > {out}",
    "sh -c 'cat > {out}'",
    "tee {out} | grep -q . ",
    "python3 -c \"import sys; open('{out}', 'w').write(sys.stdin.read())\"",
    r"cat > {out}\;x && mv {out}\;x {out}",
    "$0 -c 'cat > {out}'",
    "perl -e 'system(q(tee /nonexistent/o)); exit 0'",
    "awk '{{system(\"false\")}}'",
    "python3 -c 'import sys; sys.stdin.read()'",
    "xargs -I% sh -c 'exit 0; echo %'",
    "find /dev/null -exec cat {{}} - ;",
    "find /dev/null -exec tee /nonexistent/o {{}} \\;",
    "nohup cat",
    "exec 3>{out} && cat >&3",
    "alias cat=true && cat",
    "head -c 5 > {out}",
    "cat",
    "cat | base64",
    "cat > /dev/null",
    "tee /dev/null",
    "cat > {out} && : > {out}",
    "cat > {out} && cat > {out}",
    "perl -e 'system(\"cat > /nonexistent/o\")'",
    "awk '{{ system(\"tee /nonexistent/o\") }}'",
    "sed 's/.*/tee \\/nonexistent\\/o/e'",
    "xargs -I% tee /nonexistent/% | cat",
    "find /dev/null -exec tee /nonexistent/o ';'",
    "env X=1 sh -c 'tee /nonexistent/o; true'",
    "nohup tee /nonexistent/o",
    "timeout 5 cat > {out}",
    "./store > {out} || cat",
    "/tmp/cat > {out}",
    "tr 'x;y&|' 'x;y&|' > {out}",
)


@pytest.mark.parametrize("command", UNKNOWN)
async def test_what_is_not_plainly_stored_is_not_claimed_to_be(command: str, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError) as caught:
        await deliver(Destination(command=command.format(out=tmp_path / "out")), SECRET, ENVIRON)
    assert str(caught.value).endswith("The token is still here.")
    # What shows by itself that it failed is not called unknown.
    assert isinstance(caught.value, DeliveryUnknownError) or "ended with status" in str(caught.value)


@pytest.mark.parametrize(
    ("command", "stored"),
    [
        ("vault kv put secret/ci token=-", True),
        ("/usr/local/bin/vault kv put secret/ci token=-", True),
        ("/tmp/vault kv put secret/ci token=-", False),
        ("./tee token", False),
        ("kubectl -n ci create secret generic semtui --from-file=token=/dev/stdin", True),
        ("kubectl exec -i vault-0 -- create", False),
        ("kubectl run tmp --image busybox", False),
        ("gh secret set SEMAPHORE_TOKEN", True),
        ("gh api -X PUT /x --input -", False),
        ("sudo tee /root/token", True),
        ("sudo -u ci tee /root/token", False),
        ("sudo sh -c 'tee /root/token; true'", False),
        # A redirection, to a login page as it may be, is no error to curl.
        ("curl -fsS -T - https://store.example.com/x", False),
        ("curl -sS -T - https://store.example.com/x", False),
        ("gpg -e -r ops@example.com -o token.gpg", True),
        ("docker secret create ci -", True),
        ("docker run -d -i busybox cat", False),
        ("ssh -f host cat", False),
        ("ssh host 'cat > token'", False),
        ("store-token", False),
    ],
)
def test_only_what_is_known_to_tell_the_truth_is_believed(command: str, stored: bool) -> None:
    assert (parse(command).doubt == "") is stored


async def test_a_program_that_leaves_another_one_running_is_not_believed(tmp_path: Path) -> None:
    script = tmp_path / "store"
    script.write_text(f"#!/bin/sh\ncat > {tmp_path}/out <&0\nsleep 60 >/dev/null 2>&1 &\n")
    script.chmod(0o700)
    with pytest.raises(DeliveryUnknownError, match="something it started is still running"):
        await deliver(Destination(command=str(script)), SECRET, ENVIRON)
    assert (tmp_path / "out").read_text() == SECRET


STORED = (
    "cat > {out}",
    "cat >{out} 2>&1",
    "cat 2>/dev/null 1>{out}",
    "/bin/cat > {out}",
    "umask 077 && cat > {out}",
    "dd of={out} status=none",
    "tr -d '\\n' | cat | cat > '{out}'",
    "LC_ALL='a;b&c' LANG=\"d|e\" cat > {out}",
    "tee {out} >/dev/null",
    "install -m 600 /dev/stdin {out}",
    "cat >> {out} && chmod 600 {out}",
)


@pytest.mark.parametrize("command", STORED)
async def test_a_command_that_plainly_stores_what_it_reads_is_believed(command: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = await deliver(Destination(command=command.format(out=out)), SECRET, {**ENVIRON, "PATH": os.environ["PATH"]})
    assert words.endswith("which read it and ended with status 0")
    assert out.read_text() == SECRET


async def test_without_a_shell_that_heeds_all_of_a_pipeline_it_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = tmp_path / "sh"
    shell.write_text('#!/bin/sh\n[ "$1" != -o ] || exit 2\nPATH=/usr/bin:/bin exec /bin/sh "$@"\n')
    shell.chmod(0o700)
    monkeypatch.setattr("semtui.tokens.delivery._SH", str(shell))
    environ = {"PATH": str(tmp_path)}
    with pytest.raises(DeliveryUnknownError, match="only how the last part of a pipeline ended"):
        await deliver(Destination(command=f"cat | cat > {tmp_path}/out"), SECRET, environ)
    words = await deliver(Destination(command=f"cat > {tmp_path}/out"), SECRET, environ)
    assert words == "handed to cat, which read it and ended with status 0"


async def test_every_part_of_a_pipeline_is_looked_for_before_there_is_a_token() -> None:
    with pytest.raises(DeliveryError, match="There is no command no-such-program here"):
        await check_destination(Destination(command="tr -d x | no-such-program | cat"), ENVIRON)


async def test_a_file_is_private_and_never_an_existing_one(tmp_path: Path) -> None:
    path = tmp_path / "x.token"
    assert await deliver(Destination(path), SECRET, ENVIRON) == f"saved to {path}, mode 0600"
    assert path.read_text() == SECRET + "\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(DeliveryError, match="exists already"):
        await deliver(Destination(path), "another-token-of-20x", ENVIRON)
    assert path.read_text() == SECRET + "\n"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("|", "A command is needed"),
        ("| no-such-program-here x", "There is no command no-such-program-here here"),
        ("| X=1 no-such-program-here", "There is no command no-such-program-here here"),
        ("| cat 'open", "The shell cannot read the command"),
        ("| cat \0", "cannot be started"),
        ("/no/such/place/x.token", "There is no directory /no/such/place"),
    ],
)
async def test_a_place_that_would_not_take_it_is_told_before(typed: str, words: str) -> None:
    to = destination(typed)
    assert to is not None
    with pytest.raises(DeliveryError, match=words):
        await check_destination(to, ENVIRON)


@pytest.mark.parametrize(
    "typed", ["| cat", "| X=1 cat -", "| (cd / && cat) | cat", "| { cat; }", "| while read x; do :; done"]
)
async def test_a_command_that_exists_is_not_run_to_try_it_out(typed: str, tmp_path: Path) -> None:
    to = destination(f"{typed} > {tmp_path}/ran")
    assert to is not None
    await check_destination(to, ENVIRON)
    assert not (tmp_path / "ran").exists()


async def test_trying_out_a_file_leaves_nothing(tmp_path: Path) -> None:
    await check_destination(Destination(tmp_path / "x.token"), ENVIRON)
    assert os.listdir(tmp_path) == []


async def test_trying_out_a_file_leaves_nothing_when_it_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, fsync, reached, go_on = asyncio.get_running_loop(), os.fsync, asyncio.Event(), threading.Event()
    # Of one thread, so that what is asked of it later runs later.
    loop.set_default_executor(ThreadPoolExecutor(max_workers=1))

    def slow(descriptor: int) -> None:
        loop.call_soon_threadsafe(reached.set)
        assert go_on.wait(10)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    trying = asyncio.create_task(check_destination(Destination(tmp_path / "x.token"), ENVIRON))
    await reached.wait()
    trying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await trying
    go_on.set()
    assert await asyncio.to_thread(os.listdir, tmp_path) == []
