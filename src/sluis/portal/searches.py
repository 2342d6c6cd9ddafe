"""The searches that an officer keeps: what they are called, what they look for, and a way to be rid of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ClassVar
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from sluis.core.errors import BadInput, Flaw
from sluis.core.search import SavedSearch
from sluis.flows.searching import forget, keep, kept_by
from sluis.portal import moments
from sluis.portal.frame import Frame, frame_of
from sluis.portal.labels import Labels, labels_of
from sluis.portal.listing import DAYS, WORDS, query_of
from sluis.portal.rendering import render
from sluis.portal.visit import AIM, Visit
from sluis.portal.words import named

NAME, TERM, WHICH = "naam", "termijn", "kenmerk"
"""Fields of the forms: what it is called, the days it looks back, which one goes."""
FIXED = "vast"
_DONE = {"bewaard": "search_kept", "verwijderd": "search_gone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """A search that is kept: its name, what it looks for in words, and the handle that removes it."""

    href: str
    name: str = field(repr=False)
    said: str
    saved: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """The searches of this officer. `notice` says what was just done."""

    template: ClassVar[str] = "searches.html"
    frame: Frame
    rows: tuple[SearchRow, ...] = field(repr=False)
    notice: str


def searches(visit: Visit) -> Response:
    """What this officer keeps."""
    labels, word = labels_of(visit), _DONE.get(visit.place.query.get("gedaan", ""))
    rows = tuple(_row(one, visit, labels) for one in kept_by(visit.officer, visit.services))
    return render(SearchPage(frame=frame_of(visit), rows=rows, notice=visit.say[word] if word else ""))


def save(visit: Visit) -> Response:
    """Keep the filter that stood in the form, under a name. What the filter does not know is refused, and so is a person."""
    words = {name: visit.form[name] for name in WORDS if visit.form.get(name)}
    if words.get("wacht") != "ja":
        words.pop("wacht", None)
    if AIM in words:
        visit.aim()  # another aim than the four is refused and on record, as everywhere
    term = visit.form.get(TERM, FIXED)
    if term != FIXED:
        if term not in DAYS:
            raise BadInput(Flaw(where=TERM, what="zover terug kan niet", mend="kies uit de lijst"))
        words = {name: word for name, word in words.items() if name not in {"van", "tot"}} | {"dagen": term}
    _check(words, visit)
    keep(visit.officer, visit.form.get(NAME, ""), words, visit.services)
    return RedirectResponse(visit.place.to("/zoekvragen?gedaan=bewaard"), HTTPStatus.SEE_OTHER)


def remove(visit: Visit) -> Response:
    """Remove one of his own."""
    forget(visit.officer, visit.form.get(WHICH, ""), visit.services)
    return RedirectResponse(visit.place.to("/zoekvragen?gedaan=verwijderd"), HTTPStatus.SEE_OTHER)


def _check(words: Mapping[str, str], visit: Visit) -> None:
    """Raise `BadInput` for a filter that cannot be asked: it holds codes of lists and days, so nothing about anybody fits in."""
    query_of(words, visit)
    if "doel" in words and words["doel"] not in labels_of(visit).vocabulary.purposes:
        raise BadInput(Flaw(where="doel", what="dit doel bestaat niet", mend="kies uit de lijst"))


def _row(one: SavedSearch, visit: Visit, labels: Labels) -> SearchRow:
    return SearchRow(
        href=f"{visit.place.to('/logboek')}?{urlencode(one.words)}",
        name=one.name,
        said=", ".join(f"{visit.say[name]}: {text}" for name, text in _said(one.words, visit, labels)),
        saved=moments.short(one.saved, visit.language),
        id=one.id,
    )


def _said(words: Mapping[str, str], visit: Visit, labels: Labels) -> list[tuple[str, str]]:
    """The filter in words: the name of each field, and what was chosen."""
    told: dict[str, tuple[str, Callable[[str], str]]] = {
        "soort": ("filter_kind", lambda word: named(visit.language, "kind", word)),
        "organisatie": ("filter_either", labels.organisation),
        "verstrekker": ("filter_provider", labels.organisation),
        "ontvanger": ("filter_recipient", labels.organisation),
        "doel": ("filter_purpose", labels.purpose),
        "van": ("filter_since", str),
        "tot": ("filter_until", str),
        "dagen": ("filter_days", str),
        AIM: ("filter_aim", lambda word: named(visit.language, "aim", word)),
        "wacht": ("filter_waiting", lambda _: visit.say["yes"]),
    }
    return [(told[name][0], told[name][1](word)) for name, word in words.items() if name in told]
