"""The page of one entry: who, what, why, under which rules, what was withheld and redacted, its proof, and its review."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ClassVar
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from sluis.core.entry import Kind
from sluis.core.errors import BadInput
from sluis.flows.audit import Aim, Seen, look
from sluis.flows.review import Opinion, Verdict, give_verdict, of_one_request, reopen, take_up
from sluis.flows.stepping import step
from sluis.portal import details, moments, reading
from sluis.portal.decided import Decided, decided_of
from sluis.portal.flagged import Flagged, flagged_of
from sluis.portal.frame import Frame, frame_of
from sluis.portal.labels import Labels, labels_of
from sluis.portal.proven import Proof, proof_of
from sluis.portal.rendering import render
from sluis.portal.reviewing import ReviewPart, Tried, review_of
from sluis.portal.rows import Mark, Row, entry_link, kind_mark, row_of
from sluis.portal.texts import texts_link
from sluis.portal.visit import AIM, Visit
from sluis.portal.words import named

GO_ON = "volgende"
"""What the field `verder` says when the officer goes on to the next review."""
DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """One entry. `erased`: that person's key was destroyed; `about` is the entry it belongs to, `texts` the page of its text.

    `notice` says what was just done.
    """

    template: ClassVar[str] = "entry.html"
    frame: Frame
    notice: str
    kind: Mark
    position: str
    recorded: str
    iso: str
    parties: str
    aim: str
    urgent: bool
    erased: bool
    about: str
    purpose: str
    emergency: str = field(repr=False)
    decided: Decided | None = field(repr=False)
    who: tuple[details.Line, ...] = field(repr=False)
    redaction: tuple[details.Line, ...]
    texts: str
    policy: tuple[details.Line, ...]
    more: tuple[details.Line, ...] = field(repr=False)
    together: tuple[Row, ...]
    later: tuple[details.LaterRow, ...] = field(repr=False)
    flagged: Flagged | None
    review: ReviewPart | None
    proof: Proof


def entry(visit: Visit) -> Response:
    """The page of an entry within the officer's reach; that he reads it is on record first. Raises `NotFound`."""
    return _show(visit, Tried())


def judge(visit: Visit) -> Response:
    """Record a verdict; an incomplete form comes back as it was, with what is missing."""
    ground, say = visit.form.get("grond", ""), visit.say
    try:
        verdict = Verdict(visit.form.get("oordeel", ""))
        give_verdict(visit.officer, _id(visit), Opinion(verdict=verdict, ground=ground), visit.services)
    except ValueError:
        tried = Tried(ground=ground, need_verdict=say["review_need_verdict"])
        return _show(visit, tried, HTTPStatus.UNPROCESSABLE_ENTITY)
    except BadInput:
        tried = Tried(verdict=visit.form.get("oordeel", ""), ground=ground, need_ground=say["review_need_ground"])
        return _show(visit, tried, HTTPStatus.UNPROCESSABLE_ENTITY)
    if visit.form.get("verder") == GO_ON:
        return _next(visit, "oordeel")
    return _done(visit, "oordeel")


def onward(visit: Visit) -> Response:
    """To what waits after this entry."""
    return _next(visit, "")


def back(visit: Visit) -> Response:
    """To what waits before this entry."""
    return _next(visit, "", back=True)


def take(visit: Visit) -> Response:
    """Take the review up."""
    take_up(visit.officer, _id(visit), visit.services)
    return RedirectResponse(visit.place.to(f"/logboek/{_id(visit)}"), HTTPStatus.SEE_OTHER)


def reopening(visit: Visit) -> Response:
    """Reopen the review, with a ground."""
    ground = visit.form.get("grond", "")
    try:
        reopen(visit.officer, _id(visit), ground, visit.services)
    except BadInput:
        tried = Tried(ground=ground, need_ground=visit.say["review_need_ground"])
        return _show(visit, tried, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _done(visit, "heropend")


def _id(visit: Visit) -> str:
    return visit.parts.get("regel", "")


def _done(visit: Visit, word: str) -> Response:
    # A redirect: reloading the page then repeats nothing.
    return RedirectResponse(visit.place.to(f"/beoordelen?gedaan={word}"), HTTPStatus.SEE_OTHER)


def _next(visit: Visit, done: str, *, back: bool = False) -> Response:
    """To the neighbour in the queue, past the menu; to the queue itself when there is nothing else for this officer."""
    aim = visit.aim()
    found = step(visit.officer, _id(visit), aim, visit.services, back=back)
    if found.to is None:
        return _done(visit, done or "laatste")
    words = {"nog": str(found.left), **({"gedaan": done} if done else {})}
    stated = {} if aim is Aim.LAWFULNESS else {AIM: aim.value}
    address = visit.place.to(f"/logboek/{found.to.entry.entry_id}?{urlencode({**stated, **words})}")
    # The fragment puts the keyboard at the content, so that nobody tabs through the menu a hundred times.
    return RedirectResponse(f"{address}#inhoud", HTTPStatus.SEE_OTHER)


def _notice(visit: Visit) -> str:
    """What was just done, and how much is left after the one that is shown."""
    asked, say = visit.place.query, visit.say
    left = asked.get("nog", "")
    told = say["queue_done"] if asked.get("gedaan") == "oordeel" else ""
    if left.isascii() and left.isdecimal() and len(left) <= DIGITS:
        after = int(left) - 1
        told += " " + (say["queue_left"].format(n=after) if after > 0 else say["queue_left_none"])
    return told.strip()


def _show(visit: Visit, tried: Tried, status: int = HTTPStatus.OK) -> Response:
    aim = visit.aim()
    waits = look(visit.officer, _id(visit), aim, visit.services)
    seen, drawn = waits, reading.text(waits.entry.core, "about")
    if waits.entry.kind in {Kind.REVIEW_SAMPLED, Kind.REVIEW_FLAGGED} and drawn:
        # Who judges what came up in a sample or hit a rule wants the question itself before him, and judges the lot or the hit.
        seen = look(visit.officer, drawn, aim, visit.services)
    return render(_page(seen, waits, visit, aim, tried), status)


def _page(seen: Seen, waits: Seen, visit: Visit, aim: Aim, tried: Tried) -> EntryPage:
    """The page of `seen`, with the review of `waits`: the same entry, the lot or the hit that made `seen` wait."""
    one, labels = seen.entry, labels_of(visit)
    later = seen.about if waits is seen else sorted((*waits.about, *seen.about), key=lambda act: -act.index)
    subject = reading.cell(one, "subject")
    said = subject or reading.NOTHING
    about = reading.text(one.core, "about")
    return EntryPage(
        frame=frame_of(visit),
        notice=_notice(visit),
        kind=kind_mark(one, visit),
        position=visit.say["entry_position"].format(n=one.index),
        recorded=moments.full(one.recorded, visit.language),
        iso=moments.dutch(one.recorded).isoformat(timespec="seconds"),
        parties=_parties(seen, labels, visit),
        aim=named(visit.language, "aim", aim.value),
        urgent=reading.flag(one.core, "urgent"),
        erased=subject is None,
        about=entry_link(about, visit, aim) if about else "",
        purpose=labels.purpose(reading.text(one.core, "purpose")),
        emergency=reading.text(said, "emergency") or reading.text(said, "ground"),
        decided=decided_of(one, visit, labels),
        who=details.who_of(one, visit, labels),
        redaction=details.redaction_of(one, visit),
        texts=texts_link(one, visit, aim),
        policy=details.policy_of(one, visit),
        more=details.details_of(one, visit, labels),
        together=tuple(row_of(other, visit, labels, aim) for other in of_one_request(seen, visit.services)),
        later=details.later_of(later, visit, labels, aim),
        flagged=flagged_of(waits.entry, visit, aim),
        review=review_of(waits, visit, tried),
        proof=proof_of(seen.receipt, visit),
    )


def _parties(seen: Seen, labels: Labels, visit: Visit) -> str:
    core = seen.entry.core
    names = [labels.organisation(reading.text(core, name)) for name in ("provider", "recipient")]
    return f" {visit.say['to']} ".join(name for name in names if name)
