"""`sluis audit claim`, `claims`, `claim-answer` and `claim-end`: what a person asks under AVG 16 to 18 and 21, and the answer.

A citizen number and what people write come from a file or from standard input, never from arguments.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from sluis.cli.audit_export import AsJson, Data, Who, day_of, officer_of, opened, say
from sluis.cli.audit_rights import BsnFile, number_in
from sluis.core.claims import ARTICLES, Claim, Right
from sluis.core.errors import BadInput, Flaw
from sluis.flows.claims import Invocation, Weighing, answer, end, invoke, open_claims

claims = typer.Typer()
"""The commands of this file, to be joined to `sluis audit`."""
Words = Annotated[str, typer.Option("--text", help="File with the words, `-` for standard input.")]
Id = Annotated[str, typer.Argument(help="Id of the claim: the entry by which it was made.")]


@claims.command()
def claim(  # noqa: PLR0913 - each is an option of the command, with a default
    right: Annotated[Right, typer.Argument(help="What the person asks.")],
    *,
    bsn_file: BsnFile,
    officer: Who,
    participant: Annotated[str, typer.Option(help="Id of the participant whose data it is about.")],
    owner: Annotated[str, typer.Option(help="Who at the participant weighs it.")],
    text: Annotated[str, typer.Option("--text", help="File with what the person asks, in his own words.")],
    received: Annotated[str, typer.Option(help="Day on which he asked, jjjj-mm-dd; else today.")] = "",
    category: Annotated[list[str] | None, typer.Option(help="Only this category; may be repeated. Else everything.")] = None,
    data: Data = None,
) -> None:
    """Record what a person asks. An objection or a restriction holds his data from now on; the answer is due in a month."""
    day = day_of(received)
    with opened(data) as keepers:
        services = keepers.services
        subject = services.subjects.subject({"bsn": number_in(bsn_file)})
        given = Invocation(
            right=right,
            participant=participant,
            received=services.clock.now().date() if day is None else day.date(),
            owner=owner,
            said=_words(text),
            categories=frozenset(category or ()),
        )  # fmt: skip - one value
        made = invoke(subject, given, officer_of(officer), services)
    say({"entry": made.id, "due": made.due.isoformat(), "holds": made.holds}, as_json=False)


@claims.command("claim-answer")
def answer_claim(
    claim_id: Id,
    officer: Who,
    text: Words,
    *,
    granted: Annotated[bool, typer.Option("--granted/--rejected", help="What was decided.")],
    data: Data = None,
) -> None:
    """Record the answer to the person, with its reasons. What was rejected no longer holds."""
    with opened(data) as keepers:
        made = answer(claim_id, Weighing(granted=granted, reasons=_words(text)), officer_of(officer), keepers.services)
    say({"entry": made.id, "granted": granted, "holds": made.holds}, as_json=False)


@claims.command("claim-end")
def end_claim(claim_id: Id, officer: Who, text: Words, data: Data = None) -> None:
    """End an objection or a restriction that was granted, after the person was told (AVG 18(3))."""
    with opened(data) as keepers:
        made = end(claim_id, _words(text), officer_of(officer), keepers.services)
    say({"entry": made.id, "holds": made.holds}, as_json=False)


@claims.command("claims")
def list_claims(officer: Who, data: Data = None, json_lines: AsJson = False) -> None:
    """Show what waits for an answer, the first due first. Nobody is named: the entry says about whom it is."""
    with opened(data) as keepers:
        waiting = open_claims(officer_of(officer), keepers.services)
        today = keepers.services.clock.now().date()
        names = {one.oin: one.id for one in keepers.services.partners.all()}
    for one in waiting:
        print(_line(one, names.get(one.participant, one.participant), today, as_json=json_lines))


def _line(one: Claim, participant: str, today: date, *, as_json: bool) -> str:
    told = {
        "due": one.due.isoformat(),
        "late": one.late(today),
        "right": one.right.value,
        "article": ARTICLES[one.right],
        "participant": participant,
        "entry": one.id,
    }
    if as_json:
        return json.dumps(told)
    late = "  TE LAAT" if one.late(today) else ""
    return f"{one.due}  {one.right.value} ({ARTICLES[one.right]})  {participant}  {one.id}{late}"


def _words(name: str) -> str:
    try:
        return (sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")).strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(Flaw(where="--text", what="cannot be read")) from fault
