"""The log as a list, newest first, with a filter. A hundred releases before lunch: one line each, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar
from urllib.parse import urlencode

from starlette.responses import Response

from sluis.core.entry import Kind, LoggedEntry
from sluis.core.errors import BadInput, Flaw
from sluis.flows.audit import SEES_ALL, Aim, browse
from sluis.flows.searching import MAX_NAME, kept_by
from sluis.portal import moments
from sluis.portal.choosing import Choice, aims, choices, oin_of, partner_names
from sluis.portal.frame import Frame, Link, frame_of
from sluis.portal.labels import Labels, labels_of
from sluis.portal.rendering import render
from sluis.portal.rows import Day, days_of
from sluis.portal.visit import AIM, Visit
from sluis.portal.words import named
from sluis.ports.log import LogQuery

PER_PAGE = 50
USUAL_DAYS = 7
DAYS = ("7", "30", "90")
"""How far back a search may look whenever it is opened; without a choice of days the list shows the last seven."""
WORDS = (AIM, "soort", "organisatie", "verstrekker", "ontvanger", "doel", "van", "tot", "wacht")
"""The fields of the filter: codes of lists, and days. None of them can say a person."""
ALL_KINDS = "alles"
USUAL_KINDS = (
    Kind.RELEASE_AUTHORISED,
    Kind.RELEASE_REFUSED,
    Kind.RELEASE_REFERRED,
    Kind.RELEASE_OFFERED,
    Kind.JUDGEMENT_OVERDUE,
    Kind.EMERGENCY_DECLARED,
    Kind.KNOWN_ASKED,
    Kind.HANDOVER_OFFERED,
    Kind.HANDOVER_ACCEPTED,
    Kind.HANDOVER_DECLINED,
    Kind.CASEWORK_OVERDUE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """The filter as the form shows it."""

    aims: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    parties: tuple[Choice, ...]
    providers: tuple[Choice, ...]
    recipients: tuple[Choice, ...]
    purposes: tuple[Choice, ...]
    since: str
    until: str
    waiting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """The searches that this officer keeps, and what keeping the one on the page would send. `most`: letters of a name."""

    kept: tuple[Link, ...] = field(repr=False)
    words: tuple[tuple[str, str], ...]
    terms: tuple[Choice, ...]
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """The list. `older` and `newest` are addresses, empty when there is nothing there."""

    template: ClassVar[str] = "log.html"
    frame: Frame
    filter: Filter
    keeping: Keeping
    days: tuple[Day, ...]
    shown: str
    older: str
    newest: str


def log(visit: Visit) -> Response:
    """The releases and refusals that match the filter, newest first."""
    aim, query, labels = visit.aim(), query_of(visit.place.query, visit), labels_of(visit)
    found = browse(visit.officer, query, aim, visit.services)
    entries = found[:PER_PAGE]
    return render(
        ListPage(
            frame=frame_of(visit),
            filter=_filter(visit, labels, aim),
            keeping=_keeping(visit),
            days=days_of(entries, visit, labels, aim),
            shown=visit.say["log_shown"].format(n=len(entries)),
            older=_older(visit, entries) if len(found) > PER_PAGE else "",
            newest=_address(visit, "") if visit.place.query.get("voor") else "",
        )
    )


def period(asked: Mapping[str, str], visit: Visit) -> tuple[str, str]:
    """The days of the period as the form shows them; so many days back, seven when nobody chose. Raises `BadInput`."""
    since, until, days = asked.get("van", ""), asked.get("tot", ""), asked.get("dagen", "")
    if since or until:
        return since, until
    if days and days not in DAYS:
        raise BadInput(Flaw(where="dagen", what="zover terug kan niet", mend="kies uit de lijst"))
    today = moments.dutch(visit.services.clock.now()).date()
    return (today - timedelta(days=int(days or USUAL_DAYS))).isoformat(), ""


def query_of(asked: Mapping[str, str], visit: Visit) -> LogQuery:
    """What those words of a filter ask of the log. Raises `BadInput` for what no list has."""
    since, until = period(asked, visit)
    first, last = moments.parse_day(since, "van"), moments.parse_day(until, "tot")
    waiting = asked.get("wacht") == "ja"
    return LogQuery(
        kinds=_kinds(asked.get("soort", ""), waiting=waiting),
        party=oin_of(visit, asked.get("organisatie", "")),
        provider=oin_of(visit, asked.get("verstrekker", "")),
        recipient=oin_of(visit, asked.get("ontvanger", "")),
        purpose=asked.get("doel") or None,
        awaiting_review=waiting,
        since=moments.start_of(first) if first else None,
        until=moments.start_of(last + timedelta(days=1)) if last else None,
        before=_position(asked.get("voor", "")),
        limit=PER_PAGE + 1,
    )


def _kinds(word: str, *, waiting: bool) -> tuple[Kind, ...]:
    if word == ALL_KINDS or (waiting and not word):
        return ()
    if not word:
        return USUAL_KINDS
    try:
        return (Kind(word),)
    except ValueError:
        raise BadInput(Flaw(where="soort", what="deze soort bestaat niet", mend="kies uit de lijst")) from None


def _position(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):  # noqa: PLR2004 - far beyond any log
        raise BadInput(Flaw(where="voor", what="dit is geen plaats in het logboek", mend="gebruik de knop Oudere"))
    return int(text)


def _older(visit: Visit, entries: Sequence[LoggedEntry]) -> str:
    return _address(visit, str(entries[-1].index))


def _address(visit: Visit, before: str) -> str:
    """The same list from another place on."""
    kept = {name: value for name, value in visit.place.query.items() if name not in {"voor", "taal"} and value}
    words = urlencode({**kept, "voor": before} if before else kept)
    return visit.place.to("/logboek") + (f"?{words}" if words else "")


def _filter(visit: Visit, labels: Labels, aim: Aim) -> Filter:
    asked, say, language = visit.place.query, visit.say, visit.language
    since, until = period(asked, visit)
    names = partner_names(visit)
    kinds = [("", say["filter_default_kinds"]), (ALL_KINDS, say["filter_all_kinds"])]
    kinds += [(kind.value, named(language, "kind", kind.value)) for kind in Kind]
    purposes = sorted(((word, labels.purpose(word)) for word in labels.vocabulary.purposes), key=lambda pair: pair[1].casefold())
    return Filter(
        aims=aims(visit, aim),
        kinds=choices(kinds, asked.get("soort", "")),
        parties=choices(names, asked.get("organisatie", "")) if visit.officer.roles & SEES_ALL else (),
        providers=choices(names, asked.get("verstrekker", "")),
        recipients=choices(names, asked.get("ontvanger", "")),
        purposes=choices([names[0], *purposes], asked.get("doel", "")),
        since=since,
        until=until,
        waiting=asked.get("wacht") == "ja",
    )


def _keeping(visit: Visit) -> Keeping:
    asked, base = visit.place.query, visit.place.to("/logboek")
    terms = [(days, visit.say["search_term_days"].format(n=days)) for days in DAYS]
    return Keeping(
        kept=tuple(
            Link(href=f"{base}?{urlencode(one.words)}", text=one.name, here=dict(one.words) == dict(asked))
            for one in kept_by(visit.officer, visit.services)
        ),
        words=tuple((name, asked[name]) for name in WORDS if asked.get(name)),
        terms=choices([*terms, ("vast", visit.say["search_term_fixed"])], asked.get("dagen", DAYS[0])),
        most=MAX_NAME,
    )
