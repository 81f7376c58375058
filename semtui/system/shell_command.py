"""Decides whether exit status 0 of a command line proves that it stored its input. If in doubt, it does not."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field

from semtui.text.clean import clean

_OPERATORS = frozenset("();<>|&")
_PLAIN = re.compile(
    r"""(?:[\w./+:@%=,~>|& \t-]|'(?![();<>|&]+')[^']*'|"(?![();<>|&]+")[^"$`\\!]*")*""",
    re.ASCII,
)
"""Words and quoted text that the shell does not expand, with no quoted word that looks like an operator."""
_LONE_NUMBER = re.compile(r"""(?:^|\s)(?:['"]+\d+|\d+['"\s])['"\s]*>""")
"""A word of digits before a redirection, which shlex does not distinguish from a descriptor number."""
_PLAIN_NAME = re.compile(r"[\w./+:@%{}!\[\]-]+")
_SETTING = re.compile(r"\w+=")
_HARMLESS_SETTING = re.compile(
    r"(?:AWS_(?:PROFILE|REGION|DEFAULT_REGION)|GH_(?:HOST|REPO|TOKEN)|GNUPGHOME|KUBECONFIG|LANG|LC_ALL|OP_ACCOUNT"
    r"|PASSWORD_STORE_DIR|VAULT_(?:ADDR|NAMESPACE|TOKEN))="
)
"""Environment settings that cannot replace the program, as PATH, LD_PRELOAD and BASH_ENV can."""

_USUAL_PLACE = re.compile(r"^/(?:usr/(?:local/)?)?bin/(?=\w)")
_FILE = r"(?!-)(?!/+(?:\./+)*(?i:dev|proc|sys)/)(?!\S*\.\.)\S+"
"""A path that is not a device: most devices discard what is written to them."""
_PASSES_ON = re.compile(r"cat(?: -)?|base64(?: -w ?0)?|tr -d \\n")
"""Filters that write all of their input to standard output, in a reversible form, and nothing to standard error."""
_PREPARES = re.compile(rf"umask [0-7]{{2,4}}|mkdir(?: -p| -m [0-7]+)*(?: {_FILE})+|chmod [0-7ugo=rwx,-]+(?: {_FILE})+")
"""Commands that neither read the token nor undo what was stored."""
_DISCARDED = frozenset(("> /dev/null", "1> /dev/null"))
_OF_ERRORS = frozenset(("2> /dev/null", "2>& 1"))

_AWS = "--profile= --region= --output= --query= --no-cli-pager --name= --description="
_AWS_SECRET = ("--secret-string=file:///dev/stdin",)
_GCLOUD = "--data-file= --project= -q|--quiet"
_GCLOUD_SECRET = ("--data-file=(?:-|/dev/stdin)",)
_VAULT = "-mount= -cas= -address= -namespace="
_VAULT_SECRET = r"\S+(?: [\w.-]+=\S+)* [\w.-]+=-(?: [\w.-]+=\S+)*"
_STORES: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    # Command; allowed options, each at most once (= takes a value); required options, by their first name; the other
    # words.
    ("tee", "-a|--append -i", (), f"{_FILE}(?: {_FILE})*"),
    ("dd", "", (), f"of={_FILE}(?: status=none)?"),
    ("install", "-m|--mode= -m600 -m0600 -o|--owner= -g|--group= -D -T", (), f"/dev/stdin {_FILE}"),
    (
        "gpg",
        "-e|--encrypt -r|--recipient= -o|--output= -a|--armor -q|--quiet --batch --yes",
        ("-e", f"-o={_FILE}"),
        "-?",
    ),
    ("age", "-e|--encrypt -a|--armor -r|--recipient= -R|--recipients-file= -o|--output=", (f"-o={_FILE}",), "-?"),
    ("pass insert", "-m|--multiline -e|--echo -f|--force", ("-m|-e",), r"\S+"),
    ("secret-tool store", "--label=", ("--label=.+",), r"\S+ \S+(?: \S+ \S+)*"),
    ("vault kv put", _VAULT, (), _VAULT_SECRET),
    ("vault kv patch", _VAULT, (), _VAULT_SECRET),
    (
        "kubectl create secret generic",
        "--from-file= --type= -n|--namespace= --context=",
        (r"--from-file=(?:[\w.-]+=)?/dev/stdin",),
        r"\S+",
    ),
    (
        "gh secret set",
        "-R|--repo= -e|--env= -o|--org= -u|--user -a|--app= -v|--visibility= -r|--repos=",
        (),
        r"\w+",
    ),
    ("sem create secret", "-f|--file= -e|--env=", (r"-f=/dev/stdin:\S+",), r"\S+"),
    ("aws secretsmanager create-secret", f"{_AWS} --secret-string= --kms-key-id=", _AWS_SECRET, ""),
    ("aws secretsmanager put-secret-value", f"{_AWS} --secret-string= --secret-id=", _AWS_SECRET, ""),
    (
        "aws ssm put-parameter",
        f"{_AWS} --value= --type= --overwrite --key-id=",
        ("--value=file:///dev/stdin",),
        "",
    ),
    (
        "az keyvault secret set",
        "--vault-name= -n|--name= -f|--file= -e|--encoding= -o|--output= --subscription=",
        ("-f=/dev/stdin",),
        "",
    ),
    (
        "gcloud secrets create",
        f"{_GCLOUD} --replication-policy= --locations= --labels=",
        _GCLOUD_SECRET,
        r"\S+",
    ),
    ("gcloud secrets versions add", _GCLOUD, _GCLOUD_SECRET, r"\S+"),
    ("op document create", "--title= --vault= --tags= --file-name= --account=", (), "-"),
    ("docker secret create", "-l|--label=", (), r"\S+ -"),
    ("podman secret create", "-l|--label=", (), r"\S+ -"),
)
"""Programs that exit with a nonzero status if they could not store what they read.

Left out on purpose: clipboards (the next copy replaces the token), curl (a redirect is not an error to it), ssh (the
host may run something else), and whatever else runs other programs.
"""

_SYNTAX = "it does more than semtui can follow"


@dataclass(frozen=True)
class ShellCommand:
    """A command line, as far as it needs to be understood."""

    programs: tuple[str, ...]
    """The program of every part."""
    piped: bool
    """True if it is a pipeline, whose shell must report a failure of any part."""
    doubt: str
    """Why exit status 0 does not prove that it stored its input, worded to follow a colon; "" if it does."""


@dataclass
class _Part:
    """The words between two operators."""

    operator: str
    """The operator before it."""
    words: list[str] = field(default_factory=list)
    redirections: list[str] = field(default_factory=list)


def parse(command: str) -> ShellCommand:
    """Parse a command line. Anything not understood counts as doubtful."""
    parts = _parts(command)
    names = (next((word for word in part.words if not _SETTING.match(word)), "") for part in parts)
    piped = any(part.operator == "|" for part in parts)
    return ShellCommand(tuple(filter(None, names)), piped, _doubt(command, parts))


def is_plain(name: str) -> bool:
    """True if the shell takes the word literally."""
    return _PLAIN_NAME.fullmatch(name) is not None


def _parts(command: str) -> list[_Part]:
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    # To a shell, a # inside a word does not start a comment; to shlex it does.
    lexer.commenters = ""
    parts, redirection = [_Part("")], ""
    try:
        for token in lexer:
            words = parts[-1].words
            if token.startswith("#"):
                parts.append(_Part("#"))
                break
            if not token or not _OPERATORS.issuperset(token):
                if redirection:
                    parts[-1].redirections.append(f"{redirection} {_text([token])}")
                else:
                    words.append(token)
                redirection = ""
            elif ">" in token or "<" in token:
                # The number in `2>&1` is not a word of the command.
                redirection = (words.pop() if words and words[-1].isdigit() else "") + token
            else:
                parts.append(_Part(token))
                redirection = ""
    except ValueError:  # An unmatched quote, as in a here-document.
        return [_Part("")]
    return parts


def _doubt(command: str, parts: list[_Part]) -> str:
    plain = _PLAIN.fullmatch(command) and not _LONE_NUMBER.search(command)
    if not plain or {part.operator for part in parts} - {"", "|", "&&"}:
        return _SYNTAX
    pipelines: list[list[_Part]] = []
    for part in parts:
        if part.operator == "|":
            pipelines[-1].append(part)
        else:
            pipelines.append([part])
    # A second pipeline that stores could overwrite the first with nothing.
    storing = [pipeline for pipeline in pipelines if not _prepares(pipeline)]
    if len(storing) != 1:
        return _SYNTAX
    *before, last = storing[0]
    for part in before:
        if not _PASSES_ON.fullmatch(_text(_own_words(part))) or set(part.redirections) - {"2> /dev/null"}:
            return _unclear(part)
    return _doubt_of_last(last)


def _prepares(pipeline: list[_Part]) -> bool:
    part = pipeline[0]
    return len(pipeline) == 1 and not part.redirections and _PREPARES.fullmatch(_text(part.words)) is not None


def _doubt_of_last(part: _Part) -> str:
    words = _own_words(part)
    to = [each for each in part.redirections if each not in _OF_ERRORS]
    if _PASSES_ON.fullmatch(_text(words)):
        saved = len(to) == 1 and re.fullmatch(f"1?>>? {_FILE}", to[0])
        return "" if saved else f"{_name(part)} writes it to no file"
    if set(to) - _DISCARDED:
        return _unclear(part)
    return "" if any(_is_call_of(words, *store) for store in _STORES) else _unclear(part)


def _is_call_of(words: list[str], start: str, options: str, needed: tuple[str, ...], others: str) -> bool:
    name, *subcommands = start.split()
    if words[:1] != [name] or (read := _read_options(words[1:], options)) is None:
        return False
    given, rest = read
    number = len(subcommands)
    return (
        rest[:number] == subcommands
        and re.fullmatch(others, _text(rest[number:])) is not None
        and all(any(re.fullmatch(need, each) for each in given) for need in needed)
    )


def _read_options(words: list[str], options: str) -> tuple[list[str], list[str]] | None:
    """The options given, by their first names and with their values, and the other words; None if one is unknown."""
    specs = {name: spec for spec in options.split() for name in spec.rstrip("=").split("|")}
    given: dict[str, str] = {}
    others = []
    remaining = iter(words)
    for word in remaining:
        if not word.startswith("-") or word == "-":
            others.append(word)
            continue
        name, equals, value = word.partition("=")
        spec = specs.get(name, "")
        first = spec.rstrip("=").partition("|")[0]
        takes_value = spec.endswith("=")
        if not spec or first in given or (equals and not takes_value):
            return None
        given[first] = f"{first}={_text([value if equals else next(remaining, '')])}" if takes_value else first
    return list(given.values()), others


def _own_words(part: _Part) -> list[str]:
    """The words of the program itself, without harmless settings, sudo, and the usual directories."""
    words = list(part.words)
    while words and _HARMLESS_SETTING.match(words[0]):
        del words[0]
    # With options, sudo may read the token as a password, or run in the background.
    if words[:1] in (["sudo"], ["doas"]):
        del words[0]
    return [_USUAL_PLACE.sub("", words[0]), *words[1:]] if words else words


def _text(words: list[str]) -> str:
    """The words joined by single spaces; spaces within a word are replaced."""
    return " ".join(re.sub(r"\s", "_", word) for word in words)


def _name(part: _Part) -> str:
    return clean(next((word for word in part.words if not _SETTING.match(word)), "the shell"))


def _unclear(part: _Part) -> str:
    return f"semtui cannot tell what {_name(part)} does with it when run like this"
