"""`sluis audit inzage`, `withhold`, `lift` and `names`: what a data subject gets, and what a participant withholds.

A citizen number comes from a file or from standard input: arguments stand in the list of processes and the shell's history.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from sluis.cli.audit_export import (
    AsJson,
    Data,
    Out,
    Since,
    Until,
    Who,
    after,
    day_of,
    frame_of,
    officer_of,
    oin_of,
    opened,
    rows_of,
    say,
)
from sluis.core.entry import Json
from sluis.core.errors import BadInput, Flaw
from sluis.exports.inzage import as_html, as_json, given_of, overview_of, period_words
from sluis.exports.parcel import Parcel, Proven
from sluis.exports.pdf import as_pdf
from sluis.flows.rights import Objection, Period, Report, need_names, report
from sluis.flows.rights import lift as lift_objection
from sluis.flows.rights import withhold as put_objection
from sluis.wiring import Keepers

rights = typer.Typer()
"""The commands of this file, to be joined to `sluis audit`."""
BsnFile = Annotated[str, typer.Option("--bsn-file", help="File with the citizen number, `-` for standard input.")]


@rights.command()
def inzage(  # noqa: PLR0913 - each is an option of the command, with a default
    *,
    bsn_file: BsnFile,
    officer: Who,
    out: Out,
    since: Since = "",
    until: Until = "",
    source: Annotated[str, typer.Option(help="Only what this organisation (OIN or id) gave.")] = "",
    decision: Annotated[str, typer.Option("--names", help="Id of the recorded decision that names are needed.")] = "",
    pdf: Annotated[bool, typer.Option("--pdf", help="Also as PDF/UA; needs the extra `pdf`.")] = False,
    data: Data = None,
    json_lines: AsJson = False,
) -> None:
    """Make the overview that a data subject asks for: what was shared about him, by whom, with whom, why."""
    with opened(data) as keepers:
        services = keepers.services
        period = Period(since=day_of(since), until=after(until), provider=oin_of(source, services))
        who, subject = officer_of(officer), services.subjects.subject({"bsn": number_in(bsn_file)})
        with Parcel(out) as parcel:
            given = report(subject, who, period, services, names=decision or None)
            _write_report(parcel, given, keepers, mark=", ".join(sorted(who.roles)), pdf=pdf)
            rows, ledger = rows_of(keepers), services.ledger
            ids = dict.fromkeys((*(line.entry_id for line in given.lines), given.receipt.entry_id))
            proven = {one: Proven(receipt=ledger.receipt(one), core=row.core) for one, row in rows.of(list(ids)).items()}
            told: dict[str, Json] = {"vorm": "inzage", "periode": period_words(since=period.since, until=period.until)}
            own = proven.pop(given.receipt.entry_id)
            parcel.hand_over(proven.values(), own, told, services.ids.public())
    say({"out": str(out), "count": len(given.lines), "entry": given.receipt.entry_id}, as_json=json_lines)


@rights.command()
def withhold(  # noqa: PLR0913 - each is an option of the command, with a default
    *,
    bsn_file: BsnFile,
    officer: Who,
    participant: Annotated[str, typer.Option(help="Id of the participant whose part it is.")],
    ground: Annotated[str, typer.Option(help="The ground, e.g. wpg-27 (docs/exports.md).")],
    owner: Annotated[str, typer.Option(help="Who at the participant owns this ground.")],
    review: Annotated[str, typer.Option(help="Day on which it is looked at again, jjjj-mm-dd.")],
    release: Annotated[str, typer.Option(help="Id of one release; else the whole part.")] = "",
    category: Annotated[list[str] | None, typer.Option(help="Only this category; may be repeated.")] = None,
    data: Data = None,
) -> None:
    """Withhold a participant's part from the subject: dated, with a ground, an owner and a day of review."""
    day = day_of(review)
    if day is None:
        raise BadInput(Flaw(where="--review", what="is missing", mend="write jjjj-mm-dd"))
    objection = Objection(
        participant=participant,
        ground=ground,
        owner=owner,
        review=day.date(),
        release=release or None,
        categories=frozenset(category or ()),
    )  # fmt: skip - one value
    with opened(data) as keepers:
        subject = keepers.services.subjects.subject({"bsn": number_in(bsn_file)})
        receipt = put_objection(subject, objection, officer_of(officer), keepers.services)
    say({"entry": receipt.entry_id}, as_json=False)


@rights.command()
def lift(
    objection: Annotated[str, typer.Argument(help="Id of the entry by which it was set.")],
    bsn_file: BsnFile,
    officer: Who,
    data: Data = None,
) -> None:
    """End an objection: from now on the subject gets that part."""
    with opened(data) as keepers:
        subject = keepers.services.subjects.subject({"bsn": number_in(bsn_file)})
        receipt = lift_objection(subject, objection, officer_of(officer), keepers.services)
    say({"entry": receipt.entry_id}, as_json=False)


@rights.command()
def names(
    bsn_file: BsnFile,
    officer: Who,
    ground: Annotated[str, typer.Option(help="Why the subject needs employees' names for his rights.")],
    data: Data = None,
) -> None:
    """Record the decision that a subject needs employees' names; give its id to `inzage --names`."""
    with opened(data) as keepers:
        subject = keepers.services.subjects.subject({"bsn": number_in(bsn_file)})
        receipt = need_names(subject, ground, officer_of(officer), keepers.services)
    say({"entry": receipt.entry_id}, as_json=False)


def _write_report(parcel: Parcel, given: Report, keepers: Keepers, *, mark: str, pdf: bool) -> None:
    period = period_words(given.period.since, given.period.until)
    lines = given_of(given.lines, frame_of(keepers), given.users)
    overview = overview_of(lines, period, given.at, mark, given.receipt.entry_id)
    page = as_html(overview)
    parcel.write("inzage.json", [json.dumps(as_json(overview), ensure_ascii=False, indent=1) + "\n"])
    parcel.write("inzage.html", [page])
    if pdf:
        parcel.write("inzage.pdf", [as_pdf(page)])


def number_in(name: str) -> str:
    """The citizen number in that file, `-` for standard input. Raises `BadInput`, without it."""
    try:
        text = sys.stdin.readline() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(Flaw(where="--bsn-file", what="cannot be read")) from fault
    return text.strip()
