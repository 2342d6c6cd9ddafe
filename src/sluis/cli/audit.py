"""`sluis audit`: verify, prove, show and publish the audit log; erase from it; hand it over; ask its witnesses.

Exit status: 0 all is well, 1 the log does not verify or could not be written, 2 bad input. Progress goes to the error
stream, results to the output, as JSON lines with `--json`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import httpx2
import typer

from sluis.cli.audit_cases import ending
from sluis.cli.audit_claims import claims
from sluis.cli.audit_export import exports
from sluis.cli.audit_lessons import evaluations
from sluis.cli.audit_reach import folder_of, kept_log, kept_years, opened_keepers, settings_of
from sluis.cli.audit_rights import rights
from sluis.cli.audit_screen import screening
from sluis.cli.audit_stamps import AuthorityFile, Stamps, find_stamps
from sluis.cli.audit_years import Verified, verify_years
from sluis.cli.verifying import verifying
from sluis.core.errors import BadInput, Flaw, LedgerBroken, WrongState
from sluis.core.note import VerifierKey, parse_vkey
from sluis.core.quorum import TlogPolicy, parse_policy
from sluis.ledger.erasing import Order, Person, erase_person, expire_bucket
from sluis.ledger.model import from_micros
from sluis.ledger.offline import Kept, check_published_log, from_address, from_folder
from sluis.ledger.publishing import Folder, publish
from sluis.ledger.reading import newest_checkpoint
from sluis.ledger.receipts import verify_receipt
from sluis.ledger.signing import verifier_key
from sluis.ledger.stamping import copy_stamps
from sluis.wiring import SystemClock
from sluis.wiring.log import log_keys

app = typer.Typer(help="The audit log: verify, prove, show, publish, export, erase, hand over.", no_args_is_help=True)
app.add_typer(exports)
app.add_typer(rights)
app.add_typer(claims)
app.add_typer(ending)
app.add_typer(evaluations)
app.add_typer(screening)

LogFile = Annotated[Path | None, typer.Option("--log", help="SQLite file of the log; else the configured one.")]
Data = Annotated[Path | None, typer.Option(help="Folder of the databases; else SLUIS_DATA.")]
Vkey = Annotated[str | None, typer.Option(help="The log's key as a vkey, from another source than the log itself.")]
PolicyFile = Annotated[Path | None, typer.Option("--policy", help="A tlog-policy file whose quorum must have cosigned.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


@app.command()
def verify(
    log: LogFile = None,
    published: Annotated[str | None, typer.Option(help="Address or folder of a published log; needs --vkey.")] = None,
    vkey: Vkey = None,
    policy: PolicyFile = None,
    tsa_ca: AuthorityFile = None,
    as_json: AsJson = False,
) -> None:
    """Compute everything again, of all years, time stamps included; name what is wrong and where. Exit 1 when something is."""
    if published is None:
        with kept_years(log) as years, verifying() as told:
            anchor = None if vkey is None else parse_vkey(vkey)
            found = list(verify_years(years, anchor, tsa_ca, told, configured=log is None))
    else:
        far = published.startswith(("https://", "http://"))
        fetch = from_address(published, httpx2.Client(timeout=30)) if far else from_folder(Path(published))
        with verifying() as told:
            grown = check_published_log(fetch, _needed(vkey), _policy(policy), told)
            stamps = find_stamps(grown, fetch, tsa_ca, told=told)
        said = {"origin": grown.origin, "size": grown.size, "root": grown.root_at(grown.size).hex()}
        found = [Verified(said, stamps, stamps.flaws)]
    for one in found:
        for line in one.lines():
            _say(line, as_json=as_json)
    flaws = [flaw for one in found for flaw in one.flaws]
    if flaws:
        raise LedgerBroken(f"the log does not verify: {len(flaws)} flaws, the first at {flaws[0].where}")


@app.command()
def head(log: LogFile = None, tsa_ca: AuthorityFile = None, as_json: AsJson = False) -> None:
    """Print the newest signed checkpoint; with --json also until when how much of the log provably existed."""
    with kept_log(log) as kept:
        signed = newest_checkpoint(kept.reader)
        stamps = _stamps(kept, log, tsa_ca)
    if not as_json:
        print(signed.note, end="")
        return
    said = {"origin": kept.origin, "size": signed.size, "root": signed.root.hex()}
    dated = {"signed_at": from_micros(signed.signed_at).isoformat(), "vkey": str(kept.key)}
    _say({**said, **dated, **({"stamp": stamps.newest()} if stamps.checked else {})}, as_json=True)


@app.command()
def prove(
    entry: Annotated[str, typer.Argument(help="Index or id of the entry.")],
    log: LogFile = None,
    to: Annotated[Path | None, typer.Option(help="Write the .tlog-proof here instead of printing it.")] = None,
) -> None:
    """Give the proof of an entry against the newest checkpoint, as a .tlog-proof that anybody can check."""
    with kept_log(log) as kept:
        text = str(kept.proof(entry))
    if to is None:
        print(text, end="")
    else:
        to.write_text(text)


@app.command()
def check(
    receipt: Annotated[Path, typer.Argument(help="A .tlog-proof file.")],
    vkey: Annotated[str, typer.Option(help="The log's key as a vkey.")],
    policy: PolicyFile = None,
    as_json: AsJson = False,
) -> None:
    """Check a receipt without the log. Exit 1 when it does not hold."""
    found = verify_receipt(_read(receipt), None, parse_vkey(vkey), _policy(policy))
    _say({"origin": found.origin, "size": found.head.size, "root": found.head.root.hex()}, as_json=as_json)


@app.command()
def show(
    entry: Annotated[str | None, typer.Argument(help="Index or id of one entry; else the newest.")] = None,
    log: LogFile = None,
    count: Annotated[int, typer.Option(min=1, max=10_000, help="How many of the newest.")] = 20,
    tsa_ca: AuthorityFile = None,
) -> None:
    """Print entries as JSON lines: their core, in which no person is. Cells are read in the portal, where reading is logged.

    One entry comes with the moment by which it provably existed, where a time stamp says so.
    """
    with kept_log(log) as kept:
        if entry is None:
            for said in kept.newest(count):
                _say(said, as_json=True)
            return
        stamp = _stamps(kept, log, tsa_ca).covering(kept.index(entry))
        _say({**kept.one(entry), **({} if stamp is None else {"stamp": stamp})}, as_json=True)


@app.command("publish")
def publish_folder(
    to: Annotated[Path, typer.Argument(help="Folder for the checkpoint, the tiles and the entry bundles.")],
    log: LogFile = None,
) -> None:
    """Publish the whole log to a folder that any web server can serve: hashes and signatures, nothing about anybody."""
    with kept_log(log) as kept, verifying("publishing") as told:
        size = publish(kept.reader, Folder(to), 0, told)
        copy_stamps(Folder(folder_of(log)), Folder(to))
    print(f"{size} entries published to {to}")


@app.command()
def erase(
    ground: Annotated[str, typer.Option(help="The legal ground, e.g. `AVG 17 lid 1 onder b`.")],
    approver: Annotated[str, typer.Option(help="Who approved it.")],
    bucket: Annotated[str | None, typer.Option(help="One retention bucket (a year); else all of the person.")] = None,
    role: Annotated[str, typer.Option(help="`subject` or `actor`.")] = "subject",
    data: Data = None,
) -> None:
    """Erase a person, from the log and from what Sluis keeps, and print the certificate.

    Who it is comes from standard input: a citizen service number, or the index of a person as the log knows it; with
    `--role actor` the partner and user, `partner/user`.
    """
    # Not an argument: arguments stand in the list of processes and in the shell's history.
    given = _identifier()
    with opened_keepers(data) as keepers:
        who = keepers.subject(given) if role == "subject" else given
        order = Order(ground=ground, approver=approver, at=SystemClock().now())
        person = Person(role=role, identifier=who, bucket=bucket)
        certificate = erase_person(keepers.ledger, person, order, keepers.logs.forgetting)
        # The keys are gone and the certificate is on record. If we die here the rows of the store are left, unreadable: the
        # same command again removes them.
        if role == "subject" and bucket is None:
            keepers.forget(who)
        print(certificate, end="")


@app.command()
def expire(
    bucket: Annotated[str, typer.Argument(help="The retention bucket (a year) whose time is over.")],
    ground: Annotated[str, typer.Option(help="The rule by which it ends.")],
    approver: Annotated[str, typer.Option(help="Who approved it.")],
    data: Data = None,
) -> None:
    """End a retention period: forget everybody in that bucket, in the logs of all years, and print the certificate.

    Refused while cases run under the keys of that bucket; `sluis audit cases` ends those whose term is over.
    """
    with opened_keepers(data) as keepers:
        if running := keepers.running_in(bucket):
            raise WrongState(f"{running} cases and contributions still run under the keys of this bucket: let them end first")
        order = Order(ground=ground, approver=approver, at=SystemClock().now())
        print(expire_bucket(keepers.ledger, bucket, order, keepers.logs.years_before()), end="")


@app.command()
def rotate(
    drop_old: Annotated[bool, typer.Option("--drop-old", help="Destroy the old key, once everybody has the new one.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make a new key for the log and announce it under the old one; it signs from the next start of the broker on.

    Until it is dropped the old key signs a second line (docs/runbooks/audit-log.md, `key`).
    """
    with opened_keepers(data) as keepers:
        keys = log_keys(keepers.settings, keepers.key_files)
        if drop_old:
            keys.drop_old()
        said = {"vkey": str(verifier_key(keys.signer()) if drop_old else keys.rotate(keepers.ledger, SystemClock()))}
    _say({**said, "does": "signs alone" if drop_old else "signs from the next start on"}, as_json=as_json)


@app.command()
def witness(data: Data = None, as_json: AsJson = False) -> None:
    """Ask every witness for a cosignature now. Exit 1 when one knows another history, or none answers."""
    with opened_keepers(data) as keepers:
        keepers.ledger.tend()
        asked = keepers.ledger.tender.asked
    for one in asked:
        _say({"witness": one.name, "size": one.size, "problem": one.problem}, as_json=as_json)
    if asked and all(one.size is None for one in asked):
        raise LedgerBroken("no witness has cosigned")


def _stamps(kept: Kept, log: Path | None, given: Path | None) -> Stamps:
    """The stamps in the folder beside the log that was given, else beside the configured one."""
    configured = settings_of(None).log_tsa_ca if log is None else None
    return find_stamps(kept.grown(), from_folder(folder_of(log)), given, configured)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(Flaw(where=str(path), what="it cannot be read")) from fault


def _needed(vkey: str | None) -> VerifierKey:
    if vkey is None:
        raise BadInput(Flaw(where="--vkey", what="a published log proves nothing without its key", mend="give --vkey"))
    return parse_vkey(vkey)


def _policy(path: Path | None) -> TlogPolicy | None:
    return None if path is None else parse_policy(_read(path))


def _identifier() -> str:
    found = sys.stdin.readline().rstrip("\n")
    if not found:
        raise BadInput(Flaw(where="standard input", what="it names no person", mend="give the identifier on one line"))
    return found


def _say(said: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(said, ensure_ascii=False))
    else:
        print("  ".join(f"{name}: {value}" for name, value in said.items()))
