"""Only a command line that is plainly understood is believed to have stored what it read."""

from __future__ import annotations

import base64
import re
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semtui.system.shell_command import parse

UNDERSTOOD = (
    "cat > ~/ci.token",
    "cat - >> tokens 2>/dev/null",
    "cat >out 2>&1",
    "umask 077 && cat > out",
    "mkdir -p -m 700 a && umask 077 && cat > a/b && chmod 600 a/b",
    "base64 -w 0 | cat > out",
    r"tr -d '\n' | gh secret set TOKEN",
    "tee out",
    "/usr/bin/tee out",
    "tee -a out2 > /dev/null",
    "sudo tee /etc/ci.token > /dev/null 2>&1",
    "doas tee out",
    "dd of=out status=none",
    "install -m 600 /dev/stdin out",
    "sudo install -m600 -o ci -g ci /dev/stdin /etc/ci.token",
    "gpg -e -r me@example.com -o out.gpg",
    "gpg --batch --yes --encrypt --armor --recipient=me --output=out.asc -",
    "age -r age1xyz -o out.age",
    "age -R keys.txt --output out.age -",
    "pass insert -m ci/token",
    "PASSWORD_STORE_DIR=~/store pass insert --echo --force ci/token",
    "secret-tool store --label='CI token' service ci",
    "vault kv put secret/ci token=-",
    "vault kv put secret/dev/ci user=bot token=-",
    "VAULT_ADDR=https://vault.example.com vault kv patch -mount=secret -cas 3 ci token=- > /dev/null",
    "kubectl create secret generic ci --from-file=token=/dev/stdin -n prod",
    "kubectl create secret generic ci --from-file token=/dev/stdin",
    "kubectl -n ci create secret generic semtui --from-file=token=/dev/stdin",
    "gh secret set TOKEN --repo acme/site --env=prod",
    "sem create secret ci -f /dev/stdin:/home/semaphore/token",
    "aws secretsmanager create-secret --name ci --secret-string file:///dev/stdin",
    "AWS_PROFILE=prod aws secretsmanager put-secret-value --secret-id ci --secret-string file:///dev/stdin",
    "aws ssm put-parameter --name /ci --type SecureString --overwrite --value file:///dev/stdin",
    "az keyvault secret set --vault-name v --name ci --file /dev/stdin -o none",
    "gcloud secrets create ci --data-file=- --replication-policy=automatic",
    "gcloud secrets versions add ci --data-file=-",
    "op document create - --title='CI token'",
    "docker secret create ci -",
    "podman secret create ci -",
)

DOUBTED = (
    # Commands that run others, and may hide how those ended or leave them running
    "perl -e 'system(q(cat > /nonexistent/o))'",
    "awk '{system(\"false\")}'",
    "python3 -c 'import sys; sys.stdin.read()'",
    "ruby -e 'STDIN.read'",
    "node -e 1",
    "xargs -I{} vault kv put secret/ci token={}",
    "find . -maxdepth 0 -exec cat ;",
    "find . -maxdepth 0 -exec tee out '{}' +",
    "make store",
    "sh store.sh",
    "sh -c 'cat > out'",
    "env cat > out",
    "nice cat > out",
    "timeout 5 cat > out",
    "command cat > out",
    "exec cat > out",
    "exec 3> out",
    "eval cat > out",
    "time cat > out",
    "nohup cat > out",
    "setsid cat > out",
    "disown cat",
    "screen -d -m cat",
    "tmux new-session -d cat",
    "at now",
    "batch",
    "systemd-run --user cat",
    "docker run -d -i alpine cat",
    "docker exec -i -d box tee out",
    "kubectl exec -i pod -- tee out",
    "watch cat",
    "script -c cat",
    "flock lock cat",
    "parallel cat",
    "su -c cat",
    "alias cat=true && cat > out",
    # Programs whose exit status 0 says little
    "curl -fsS -T - https://vault.example.com",
    "curl -d @- https://vault.example.com",
    "wget --post-file=/dev/stdin https://vault.example.com",
    "nc host 80",
    "socat - TCP:host:80",
    "jq -R . > out",
    "sed s/a/b/ > out",
    "head -c 5 > out",
    "wc -c > out",
    "sha256sum > out",
    "base64 -d > out",
    "openssl enc -aes-256-cbc -pass file:key > out",
    "read token",
    "wl-copy",
    "xclip -selection clipboard",
    "xsel --clipboard --input",
    "pbcopy",
    "clip.exe",
    "tmux load-buffer -",
    "sem edit secret ci",
    "store-my-token",
    "./cat > out",
    "/tmp/tee out",
    "/usr/bin/../../tmp/tee out",
    "/usr/bin//tmp/tee out",
    # It went nowhere
    "cat",
    "base64",
    "cat | cat",
    "gpg -e -r me",
    "gpg -e -r me -o -",
    "gpg -e -r me -o /dev/null",
    "gpg -e -r me -o out -o /dev/null",
    "gpg -e -r me --output out -o /dev/null",
    "age -r age1xyz",
    "tee",
    "tee -",
    "tee /dev/null",
    "tee /./dev/stdout",
    "cat > /dev/null",
    "cat > //dev/null",
    "cat > /dev/../dev/null",
    "cat > ../../../dev/null",
    "cat > out > /dev/null",
    "cat >&2",
    "cat 2>out",
    "cat > /proc/self/fd/1",
    "dd",
    "dd of=/dev/null",
    "dd of=out count=1",
    "dd of=out conv=swab",
    "install /dev/stdin /dev/null",
    # It may have read something else, or only pretended
    "cat other > out",
    "cat 2 >/dev/null > out",
    "cat '2'>/dev/null > out",
    "cat < other > out",
    "cat | cat < other > out",
    "cat | gpg -e -r me -o out other",
    "cat | age -r age1xyz -o out other",
    "cat | pass insert ci/token",
    "cat | vault kv put secret/ci token=x",
    "cat | kubectl create secret generic ci --from-literal=token=x",
    "cat | gh secret set TOKEN --body x",
    "cat | sem create secret ci -e A=/dev/stdin:x",
    "cat | aws ssm put-parameter --name /ci --value x",
    "kubectl create secret generic ci --from-file=token=/dev/stdin --dry-run=client",
    "gh secret set TOKEN --no-store",
    "vault kv put -output-curl-string secret/ci token=-",
    "aws secretsmanager create-secret --secret-string file:///dev/stdin --generate-cli-skeleton output",
    "gpg --dry-run -e -r me -o out",
    "gpg -d -o out",
    "vault kv get token=-",
    "vault kv get secret/ci token=-",
    "docker secret rm ci -",
    "kubectl create secret generic ci --from-file=/dev/stdin --",
    "kubectl delete create secret generic ci --from-file=/dev/stdin",
    "kubectl --dry-run=client create secret generic ci --from-file=/dev/stdin",
    "gh secret set",
    # What was stored may be gone again
    "cat > out && cat > out",
    "cat > out && rm out",
    "cat > out && mv other out",
    "cat > out && chmod 600 x > out",
    "tee out >> out",
    "gpg -e -r me -o out > out",
    "gpg -e -r me -o out 2> out",
    "tee out | base64 > out",
    "tee out '#' && rm out",
    # Things a shell makes something else of
    "cat > out; true",
    "cat > out || true",
    "cat > out || umask 077",
    "cat > out & umask 077",
    "umask 077 & cat > out",
    'tee "out$(cat)"',
    "cat > out &",
    "cat > out\ntrue",
    "(cat > out)",
    "{ cat > out; }",
    "! tee out",
    "cat > $OUT",
    'cat > "$OUT"',
    "cat > `date`",
    'cat > "`date`"',
    "cat > out*",
    "tee {a,b}",
    r"cat \> out",
    "cat '>' out",
    'tee out "|" x',
    "tee out '&&' x",
    "cat |& tee out",
    "cat &> out",
    "cat >| out",
    "cat > out # comment",
    "cat > a#b; rm a",
    "tee >(cat)",
    "cat <<end > out\nx\nend",
    "cat <<< x > out",
    "cat > 'out",
    "cat\xa0> out",
    "",
    "X=1",
    # Settings that may put another program in its place
    "PATH=/tmp tee out",
    "LD_PRELOAD=/tmp/x.so tee out",
    "BASH_ENV=/tmp/x pass insert -m ci/token",
    "X=1 cat > out",
    "sudo PATH=/tmp tee out",
    # sudo that takes the token for a password, or does not wait
    "sudo -S tee out",
    "sudo -n tee out",
    "sudo -u ci cat > out",
    "doas -n tee out",
    "sudo -b tee out",
    "sudo -s tee out",
    "sudo",
    # What the other host makes of it
    "ssh host",
    "ssh host 'cat > token'",
    "ssh -i ~/.ssh/ci -p 2222 me@host 'umask 077 && cat > token'",
    "ssh host sudo -n tee /etc/ci.token",
    "ssh -f host 'cat > token'",
    "ssh host -f 'cat > token'",
    "ssh -n host 'cat > token'",
    "ssh -o ForkAfterAuthentication=yes host 'cat > token'",
    "ssh -p 22 -f 'cat > token'",
    "ssh host cat > token",
    "ssh host 'cat > token; true'",
    "ssh host 'cat > token &'",
    "ssh host 'cat | cat > token'",
    "ssh host 'cat > /dev/null'",
    "ssh host 'gpg -e -r me -o out other'",
    "ssh host 'nohup cat > token'",
    "ssh host \"sh -c 'cat > token'\"",
    "ssh -t host 'screen -d -m cat'",
)


@pytest.mark.parametrize("command", UNDERSTOOD)
def test_everyday_commands_are_understood(command: str) -> None:
    assert parse(command).doubt == ""


@pytest.mark.parametrize("command", DOUBTED)
def test_everything_else_is_doubted(command: str) -> None:
    assert parse(command).doubt


@pytest.mark.parametrize("command", UNDERSTOOD)
@pytest.mark.parametrize("more", ["; true", " || true", " &", " | xargs echo", " --unheard-of", " && sh x", "\ntrue"])
def test_what_is_understood_is_so_as_a_whole(command: str, more: str) -> None:
    assert parse(command + more).doubt


STORING = (
    "cat > a",
    "tee a",
    "tee -a a > /dev/null",
    "dd of=a",
    "install -m 600 /dev/stdin a",
    "umask 077 && cat > a && chmod 600 a",
    "cat | base64 > a",
    "cat 2> /dev/null > a",
)
SLIPS = (
    "cat", "tee", "base64", "umask 077", "chmod 600", "mkdir", "/dev/stdin", "of=a", "-", "-a", "a", "b", "'a'", "2",
    "'", '"', '""', "''", "#", "'#'", "a#b", "\\", "'>'", "'|'", "x=1", "LANG=C", "$x", ">", "2>", ">>", ">&", "2>&1",
    "<", "|", "&&", "||", ";", "&", "\n", "/dev/null", " ",
)  # fmt: skip
TOKEN = b"Tok3n-for_the-tests9"


@settings(max_examples=600, deadline=None, database=None)
@given(
    st.sampled_from(STORING),
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(SLIPS), st.booleans()), min_size=1, max_size=3),
)
def test_what_is_believed_is_really_in_a_file(command: str, slips: list[tuple[int, str, bool]]) -> None:
    for place, slip, apart in slips:
        command = command[:place] + (f" {slip} " if apart else slip) + command[place:]
    elsewhere = "/" in re.sub(r"/dev/(?:null|stdin)(?![\w./])", "", command)
    if elsewhere or parse(command).doubt:
        return
    with tempfile.TemporaryDirectory() as directory:
        shell = ("bash", "--posix", "-p", "-o", "pipefail", "-c", command)
        done = subprocess.run(shell, input=TOKEN, capture_output=True, cwd=directory, check=False, timeout=30)
        there = [path.read_bytes() for path in Path(directory).rglob("*") if path.is_file()]
    once = base64.b64encode(TOKEN)
    held = (TOKEN, once, base64.b64encode(once + b"\n"))
    assert done.returncode != 0 or any(each in text for text in there for each in held)
