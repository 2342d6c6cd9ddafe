"""`sluis audit export`, `verify-export` and `feed`: what leaves the log, on record before it leaves."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import httpx2
import typer
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from sluis import events
from sluis.core.books import Event
from sluis.core.entry import Json, Kind
from sluis.core.errors import BadInput, Flaw
from sluis.core.note import Checkpoint, VerifierKey, parse_checkpoint, parse_note, parse_vkey
from sluis.core.partner import Officer
from sluis.exports import ldv
from sluis.exports.checking import check_export
from sluis.exports.fhir import fhir_lines
from sluis.exports.frame import Frame
from sluis.exports.nen7513 import nen_lines
from sluis.exports.parcel import Parcel, Proven, contents, digest
from sluis.exports.tables import csv_lines
from sluis.exports.vng import vng_lines
from sluis.exports.whole import whole_lines
from sluis.flows.export import PAGE, Contents, Order, Row, Taken, described, put_on_record, take
from sluis.flows.review import stated_aim
from sluis.ledger.model import Reader, raw
from sluis.ledger.signing import verify_checkpoint
from sluis.ports.log import LogQuery
from sluis.ports.services import Services
from sluis.settings import Settings, read_settings
from sluis.wiring import Keepers, open_keepers

exports = typer.Typer()
"""The commands of this file, to be joined to `sluis audit`."""
OFFICER_HELP = "Who asks: ROLE/ID or ROLE/ID@ORGANISATION, e.g. coordinerend-fg/noor or fg/ilse@ggz-de-linde."


class Form(StrEnum):
    """The forms in which entries leave."""

    CSV = "csv"
    JSONL = "jsonl"
    LDV = "ldv"
    VNG = "vng"
    FHIR = "fhir"
    NEN7513 = "nen7513"


_Render = Callable[[Iterable[Event], Frame], Iterator[str]]
RENDERERS: Mapping[Form, tuple[str, _Render]] = {
    Form.CSV: ("logboek.csv", csv_lines),
    Form.LDV: ("logboek-dataverwerkingen.jsonl", ldv.ldv_lines),
    Form.VNG: ("verwerkingsacties.jsonl", vng_lines),
    Form.FHIR: ("auditevent.ndjson", fhir_lines),
    Form.NEN7513: ("nen7513.jsonl", nen_lines),
}
WHOLE = "logboek.jsonl"

Data = Annotated[Path | None, typer.Option(help="Folder of the databases; else SLUIS_DATA.")]
Who = Annotated[str, typer.Option("--officer", help=OFFICER_HELP)]
AimWord = Annotated[str, typer.Option("--aim", help="One of the four aims, e.g. rechtmatigheidscontrole (docs/exports.md).")]
Since = Annotated[str, typer.Option("--from", help="First day, jjjj-mm-dd (UTC).")]
Until = Annotated[str, typer.Option("--until", help="Last day, jjjj-mm-dd (UTC).")]
Out = Annotated[Path, typer.Option("--out", help="New folder, or a new file that ends in .zip.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


class LogRows:
    """The rows behind entries (`flows.export.Rows`), from the databases of the log and of the years before it."""

    def __init__(self, *readers: Reader) -> None:
        self._readers = readers

    def of(self, entry_ids: Sequence[str]) -> Mapping[str, Row]:
        """The row of each of these entries."""
        ids = [bytes.fromhex(one) for one in entry_ids]
        return {name: row for reader in self._readers for name, row in _rows(reader, ids).items()}


def rows_of(keepers: Keepers) -> LogRows:
    """The rows of every year."""
    return LogRows(keepers.ledger.reader, *(log.reader for log in keepers.logs.retired))


def _rows(reader: Reader, ids: Sequence[bytes]) -> Mapping[str, Row]:
    marks = ", ".join("?" * len(ids))
    entries = reader.rows(f"SELECT seq, id, core FROM entry WHERE id IN ({marks})", ids)  # noqa: S608 - only question marks
    tags: dict[int, list[str]] = {seq: [] for seq, _, _ in entries}
    marks = ", ".join("?" * len(tags))
    sql = f"SELECT seq, tag FROM cell WHERE seq IN ({marks}) ORDER BY seq, n"  # noqa: S608 - only question marks
    for seq, tag in reader.rows(sql, list(tags)) if tags else []:
        tags[seq].append(raw(tag).hex())
    return {raw(one).hex(): Row(core=raw(core), tags=tuple(tags[seq])) for seq, one, core in entries}


@exports.command()
def export(  # noqa: PLR0913 - each is an option of the command, with a default
    *,
    form: Annotated[Form, typer.Option("--format", help="The form in which entries leave.")],
    aim: AimWord,
    officer: Who,
    out: Out,
    since: Since = "",
    until: Until = "",
    party: Annotated[str, typer.Option(help="Only where this organisation (OIN or id) gave or got.")] = "",
    purpose: Annotated[str, typer.Option(help="Only this purpose.")] = "",
    kind: Annotated[list[Kind] | None, typer.Option(help="Only these kinds; may be repeated.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Export entries for one of the four aims, with a manifest and proofs."""
    with opened(data) as keepers:
        services, who = keepers.services, officer_of(officer)
        query = LogQuery(
            kinds=tuple(kind or ()),
            party=oin_of(party, services),
            purpose=purpose or None,
            since=day_of(since),
            until=after(until),
        )
        order = Order(officer=who, query=query, aim=stated_aim(aim, who, services), form=form.value)
        made = make_export(order, out, keepers)
    say({"out": str(out), **made}, as_json=as_json)


def make_export(order: Order, out: Path, keepers: Keepers) -> dict[str, Json]:
    """Make the parcel, put it on record, hand it over; return how many entries went in and which entry records it.

    Raises `BadInput`, `NotAllowed`, `LedgerUnavailable`: then nothing stands at `out`.
    """
    services, rows = keepers.services, rows_of(keepers)
    frame, salt = frame_of(keepers), services.ids.public()
    ids: list[str] = []
    with counting() as told, Parcel(out) as parcel:
        # (1) write aside, (2) record: from here on the log may over-report, (3) prove and hand over.
        _write(parcel, Form(order.form), _noted(take(order, rows, services, told), ids), frame)
        receipt = put_on_record(order, Contents(count=len(ids), digest=digest(salt, parcel.files)), services)
        own = Proven(receipt=receipt, core=rows.of([receipt.entry_id])[receipt.entry_id].core)
        parcel.hand_over(_proven(ids, rows, services, told), own, _manifest(order, len(ids), frame), salt)
    return {"count": len(ids), "entry": receipt.entry_id}


def _noted(taken: Iterable[Taken], ids: list[str]) -> Iterator[Taken]:
    for one in taken:
        ids.append(one.entry.entry_id)
        yield one


def _proven(ids: Sequence[str], rows: LogRows, services: Services, progress: Callable[[int], None]) -> Iterator[Proven]:
    """Each entry with its proof, a page of rows at a time."""
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        kept = rows.of(page)
        yield from (Proven(receipt=services.ledger.receipt(one), core=kept[one].core) for one in page)
        progress(start + len(page))


def _write(parcel: Parcel, form: Form, taken: Iterable[Taken], frame: Frame) -> None:
    if form is Form.JSONL:
        parcel.write(WHOLE, whole_lines((one.entry, one.event) for one in taken))
        return
    name, render = RENDERERS[form]
    parcel.write(name, render((one.event for one in taken), frame))


def _manifest(order: Order, count: int, frame: Frame) -> dict[str, Json]:
    return {
        "vorm": order.form,
        "grond": order.aim.value,
        "vraag": described(order.query),
        "aanvrager": {"rollen": sorted(order.officer.roles), "organisatie": order.officer.organisation},
        "aantal": count,
        "logboek": frame.origin,
    }


@exports.command("verify-export")
def verify_export(
    place: Annotated[Path, typer.Argument(help="The folder or .zip file of an export.")],
    vkey: Annotated[list[str], typer.Option(help="The key of a log as a vkey, from elsewhere; one for each year.")],
    as_json: AsJson = False,
) -> None:
    """Check an export without the log. Exit 1 when it does not hold, 2 when it is no export."""
    keys = [parse_vkey(one) for one in vkey]
    found = check_export(dict(contents(place)), lambda note: _signed(note, keys))
    say({"origin": found.origin, "size": found.size, "count": found.count, "entry": found.export}, as_json=as_json)


def _signed(note: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    """The checkpoint, signed by the key of its own log."""
    origin = parse_checkpoint(parse_note(note).text).origin
    return verify_checkpoint(note, origin, [key for key in keys if key.name == origin])


@exports.command()
def feed(
    collector: Annotated[str, typer.Option(help="Address of an OTLP/HTTP collector, without /v1/traces.")],
    officer: Who,
    since: Since = "",
    until: Until = "",
    data: Data = None,
) -> None:
    """Send the processing activities to a collector for LDV: no person and no user is in them. Repeating is harmless."""
    with opened(data) as keepers, counting() as told, httpx2.Client(timeout=30) as http:
        services, who = keepers.services, officer_of(officer)
        aim = stated_aim("rechtmatigheidscontrole", who, services)
        order = Order(officer=who, query=LogQuery(since=day_of(since), until=after(until)), aim=aim, form="otlp")
        taken = [one.event for one in take(order, rows_of(keepers), services, told)]
        put_on_record(order, Contents(count=len(taken), digest=""), services)
        sent = ldv.feed(taken, frame_of(keepers), collector, http)
    say({"sent": sent}, as_json=False)


def officer_of(text: str) -> Officer:
    """The officer of `ROLE/ID` or `ROLE/ID@ORGANISATION`. Raises `BadInput`."""
    role, slash, rest = text.partition("/")
    ident, at, organisation = rest.partition("@")
    if not (role and slash and ident) or (at and not organisation):
        raise BadInput(Flaw(where="--officer", what="does not say who asks", mend=OFFICER_HELP))
    return Officer(subject=f"cli|{ident}", name=ident, roles=frozenset({role}), organisation=organisation or None)


def frame_of(keepers: Keepers) -> Frame:
    """The names of organisations, purposes, categories, precisions and duties, in Dutch."""
    words, settings = keepers.services.rules.current().vocabulary, keepers.settings
    return Frame(
        base=settings.public_url,
        origin=settings.origin,
        organisations={one.oin: one.name for one in keepers.services.partners.all()},
        purposes={one.id: one.title for one in words.purposes.values()},
        categories={one.id: one.title for one in words.categories.values()},
        precisions={one.id: one.nl for one in words.precisions.values()},
        duties={one.id: one.nl for one in words.duties.values()},
    )


def oin_of(given: str, services: Services) -> str | None:
    """The OIN of that organisation, named by OIN or id; None for nothing. Raises `BadInput`."""
    if not given:
        return None
    found = next((one.oin for one in services.partners.all() if given in {one.oin, one.id}), None)
    if found is not None:
        return found
    raise BadInput(Flaw(where="--party", what="no organisation has this OIN or id"))


def day_of(text: str) -> datetime | None:
    """Midnight at the start of that day, UTC; None for nothing. Raises `BadInput`."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(f"{date.fromisoformat(text).isoformat()}T00:00:00+00:00")
    except ValueError:
        raise BadInput(Flaw(where="--from or --until", what="is no day", mend="write jjjj-mm-dd")) from None


def after(text: str) -> datetime | None:
    """Midnight at the end of that day."""
    day = day_of(text)
    return None if day is None else day + timedelta(days=1)


def _settings(data: Path | None) -> Settings:
    return read_settings(**({} if data is None else {"data": data}))


@contextmanager
def opened(data: Path | None) -> Iterator[Keepers]:
    """Everything a broker holds open, for as long as the block lasts."""
    events.silence()  # this command says itself what happened, on an output that programs read
    keepers = open_keepers(_settings(data))
    try:
        yield keepers
    finally:
        keepers.close()


@contextmanager
def counting() -> Iterator[Callable[[int], None]]:
    """Tells how many entries were read, on the error stream where that is a terminal."""
    columns = (TextColumn("{task.completed} entries"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("export", total=None)
        yield lambda done: bar.update(task, completed=done)


def say(said: Mapping[str, object], *, as_json: bool) -> None:
    """Print what came of it."""
    print(json.dumps(said, ensure_ascii=False) if as_json else "  ".join(f"{name}: {value}" for name, value in said.items()))
