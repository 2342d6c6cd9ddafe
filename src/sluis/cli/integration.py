"""`sluis partner keys, token, ask, fetch, verify`: what the developer of a partner does, on the partner's own machine.

Where the broker is and who asks stands in a file (`sluis-partner.toml`). A secret or a person never stands on the command
line, where other users of the machine and its history would see it: keys come from files, questions from a file or from `-`.
"""

from __future__ import annotations

import base64
import json
import ssl
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import quote

import httpx2
import typer
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from sluis.client import Access, CallFailed, PartnerKey, SluisClient, asks, check_receipt, check_released, heard
from sluis.client.problems import BadQuestion, Problem
from sluis.core.errors import BadInput, Flaw

WAITS, REFUSED = 3, 4
"""Exit status of `ask`: a human decides first; nothing is released. 0: released, or a dry run answered."""

Config = Annotated[Path, typer.Option(help="Where the broker is and who asks; see docs/partner/.")]
HERE: Final = Path("sluis-partner.toml")
Target = tuple[str, str]


class Setup(BaseModel):
    """A partner's own settings: `key` signs its assertions; with `certificate` tokens are bound to that, else by DPoP."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    address: str
    client_id: str
    key: Path
    profile: Literal["fapi2", "nlgov"] = "fapi2"
    scope: str | None = None
    log_key: str | None = None
    certificate: Path | None = None
    certificate_key: Path | None = None
    authority: Path | None = None


def keys(
    file: Annotated[Path, typer.Argument(help="File for the private key; it must not exist.")],
    algorithm: Annotated[str, typer.Option(help="PS256 (RSA) or ES256 (elliptic curve).")] = "PS256",
) -> None:
    """Make a key pair: the private key in FILE, for you alone; the public key set (JWKS) on the output, for the operator.

    Example: sluis partner keys sleutel.json > ggz-voorbeeld.jwks.json
    """
    try:
        made = PartnerKey.generate(algorithm)
        made.save(file)
    except ValueError as cause:
        raise BadInput(Flaw(where="--algorithm", what=str(cause))) from cause
    except OSError as cause:
        raise BadInput(Flaw(where=file.name, what=f"cannot be made: {cause.strerror}", mend="give another name")) from cause
    print(json.dumps(made.jwks(), indent=2))


def token(
    config: Config = HERE,
    headers: Annotated[Target | None, typer.Option(help="Print the headers for one call: METHOD URL.")] = None,
) -> None:
    """Fetch a token and print what it says: for whom, which doors, until when, bound to what. The token itself stays here.

    Example: sluis partner token --headers GET https://sluis.example/v1/doelen | curl -H @- https://sluis.example/v1/doelen
    """
    with _connected(config) as (_, client):
        if headers is not None:
            for name, value in client.credentials(*headers).items():
                print(f"{name}: {value}")
            return
        claims = client.token().split(".")[1]
    print(json.dumps(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))), indent=2))


def ask(
    file: Annotated[Path, typer.Argument(help="The question in YAML or JSON, `-` for the input.", allow_dash=True)],
    config: Config = HERE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="May I ask this? No person, nothing on record.")] = False,
    request: Annotated[
        str | None, typer.Option(help="The request that FILE is about: judge it, or collect what it gives.")
    ] = None,
    key: Annotated[str | None, typer.Option(help="Your Idempotency-Key, so that asking again does nothing twice.")] = None,
) -> None:
    """Put a question to the broker and print the answer as JSON.

    A file with `grond` and `verzoek` is an emergency request. With --request a file with `oordelen` judges that request, and one
    with `medewerker` alone collects what it gives.

    Exit status: 0 released, 3 a human decides first, 4 nothing is released, 2 the question is wrong, 1 something failed. With
    `log_key` in the configuration the receipt and the hash of the bundle are checked before anything is printed.

    Examples: sluis partner ask --dry-run vraag.yaml · sluis partner ask verzoek.yaml --key zaak-2291-1 > antwoord.json
    """
    question = read_question(file)
    with _connected(config) as (setup, client):
        if dry_run:
            given = client.request("POST", "/v1/verzoeken/_toets", json=question)
            asks.dry_run(question).answer(given, None)
            _print(given)
            return
        what = _meant(question, request)
        call = what.call("", key)
        given = client.request(call.method, call.url, json=call.json, headers=call.headers)
        outcome = what.answer(given, setup.log_key)
    _print(given)
    if isinstance(outcome, heard.Waiting | heard.Refused):
        raise typer.Exit(WAITS if isinstance(outcome, heard.Waiting) else REFUSED)


def _meant(question: Mapping[str, object], request: str | None) -> asks.Ask[heard.Outcome] | asks.Ask[heard.Task]:
    """What that file asks for."""
    if request is None:
        return asks.emergency(question) if "verzoek" in question else asks.request(question)
    if "oordelen" in question:
        return asks.judge(request, question)
    who = question.get("medewerker")
    return asks.collect(request, who if isinstance(who, dict) else {})


def fetch(
    entry: Annotated[str | None, typer.Argument(help="Id of the entry; without it the newest releases.")] = None,
    config: Config = HERE,
    proof: Annotated[bool, typer.Option("--proof", help="Print the receipt against the newest head of the log.")] = False,
) -> None:
    """Print your own releases in the register, given and received, one of them, or its receipt.

    Example: sluis partner fetch d83b2f3df45986663868faf817e2416f --proof > bewijs.tlog-proof
    """
    with _connected(config) as (_, client):
        if proof and entry is not None:
            print(client.do(asks.proof(entry)), end="")
            return
        given = client.get(f"/v1/verstrekkingen/{quote(entry, safe='')}" if entry else "/v1/verstrekkingen")
        (asks.release(entry) if entry else asks.releases()).read(given)
    _print(given)


def verify(
    file: Annotated[Path, typer.Argument(help="An answer of `ask`, or a receipt of `fetch --proof`.", allow_dash=True)],
    log_key: Annotated[str | None, typer.Option(help="The log's key (vkey); else `log_key` of the configuration.")] = None,
    config: Config = HERE,
) -> None:
    """Check a release or a receipt on this machine, without asking anybody. Exit 1 when it does not hold.

    Example: sluis partner verify antwoord.json --log-key sluis.example/log/demo+a1b2c3d4+AQ…
    """
    anchor = log_key or _setup(config).log_key
    if anchor is None:
        raise BadInput(Flaw(where="--log-key", what="is missing", mend="ask the operator, by another way than the broker"))
    text = _read(file)
    answer = text.lstrip().startswith("{")
    head = (check_released(text.encode(), anchor) if answer else check_receipt(text, anchor)).head
    print(json.dumps({"bundle": answer, "log": anchor.partition("+")[0], "size": head.size, "root": head.root.hex()}))


class _Words(yaml.SafeLoader):
    """YAML in which a day stays the text that was written."""


_Words.yaml_implicit_resolvers = {
    first: [one for one in found if one[0] != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}  # fmt: skip - one value


def read_question(file: Path) -> dict[str, object]:
    """The question in that file, `-` for the standard input. Raises `BadInput` without repeating any of it."""
    try:
        found = yaml.load(_read(file), _Words)  # noqa: S506 - a `SafeLoader` that knows one type less
    except (yaml.YAMLError, RecursionError):
        raise BadInput(Flaw(where=file.name, what="is neither YAML nor JSON")) from None
    if not isinstance(found, dict):
        raise BadInput(Flaw(where=file.name, what="is no question", mend="see docs/partner/"))
    return found


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput(Flaw(where=file.name, what="cannot be read as UTF-8")) from None


def _setup(config: Path) -> Setup:
    """The settings in that file; files in it stand beside it. Raises `BadInput` with every flaw, never with a value."""
    try:
        written = Setup.model_validate(tomllib.loads(_read(config)))
    except tomllib.TOMLDecodeError:
        raise BadInput(Flaw(where=config.name, what="is no TOML", mend="see docs/partner/")) from None
    except ValidationError as cause:
        found = cause.errors(include_input=False, include_url=False)
        raise BadInput(*(Flaw(where=f"{config.name}: {'.'.join(map(str, e['loc']))}", what=e["msg"]) for e in found)) from None
    beside = {name: config.parent / value for name, value in written if isinstance(value, Path)}
    return written.model_copy(update=beside)


@contextmanager
def _connected(config: Path) -> Iterator[tuple[Setup, SluisClient]]:
    """The settings, and a client that lives as long as the block. Ends the program with a plain line when a call fails."""
    setup = _setup(config)
    try:
        with SluisClient(setup.address, _access(setup), http=_http(setup)) as client:
            yield setup, client
    except Problem as problem:
        typer.echo(
            f"sluis: {problem.title or 'no problem document'} ({problem.status} {problem.slug}). {problem.detail}", err=True
        )
        for flaw in problem.flaws:
            typer.echo(f"  {flaw.name}: {flaw.reason}" + (f" ({flaw.mend})" if flaw.mend else ""), err=True)
        raise typer.Exit(2 if isinstance(problem, BadQuestion) else 1) from None
    except CallFailed as failed:
        typer.echo(f"sluis: {failed}", err=True)
        raise typer.Exit(1) from None


def _access(setup: Setup) -> Access:
    try:
        key = PartnerKey.load(setup.key)
    except (OSError, ValueError, KeyError):
        raise BadInput(Flaw(where=setup.key.name, what="is no private key", mend="make one: sluis partner keys")) from None
    address = setup.address.rstrip("/")
    return Access(
        client_id=setup.client_id,
        key=key,
        dpop=None if setup.certificate else PartnerKey.generate("ES256"),
        audience=address if setup.profile == "fapi2" else f"{address}/oauth2/token",
        scope=setup.scope,
        log_key=setup.log_key,
    )


def _http(setup: Setup) -> httpx2.Client:
    try:
        context = ssl.create_default_context(cafile=setup.authority)
        if setup.certificate:
            context.load_cert_chain(setup.certificate, setup.certificate_key)
    except OSError:  # ssl.SSLError is one
        raise BadInput(Flaw(where="certificate", what="or its key or authority cannot be used", mend="give PEM files")) from None
    return httpx2.Client(timeout=30, verify=context)


def _print(given: httpx2.Response) -> None:
    print(json.dumps(given.json(), indent=2, ensure_ascii=False))
