"""What stands around every page: menu, language switch, account, banner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sluis.flows.rights import ANSWERS
from sluis.portal.door import LEAVE
from sluis.portal.visit import Desk, Place, Visit
from sluis.portal.words import Language, named, say

_CONTENT_MENU = (
    ("/logboek", "nav_log"),
    ("/beoordelen", "nav_queue"),
    ("/steekproef", "nav_sample"),
    ("/cijfers", "nav_figures"),
    ("/tijdigheid", "nav_timeliness"),
    ("/persoon", "nav_person"),
)
_ANSWERS_MENU = (("/rechten", "nav_claims"),)
_MENU = (("/beleid", "nav_policies"), ("/integriteit", "nav_integrity"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link with its text. `here`: it is the page one is on."""

    href: str
    text: str
    here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is signed in, and the token of his forms."""

    name: str = field(repr=False)
    roles: str
    csrf: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The frame of a page. `account` is None on a page without a session."""

    root: str
    language: Language
    say: Mapping[str, str] = field(repr=False)
    desk: Desk
    menu: tuple[Link, ...] = ()
    switch: str
    leave: str
    account: Account | None = None


def frame_of(visit: Visit) -> Frame:
    """The frame of a page for that visitor."""
    texts, officer = visit.say, visit.officer
    answers = _ANSWERS_MENU if officer.roles & ANSWERS else ()
    items = (*_CONTENT_MENU, *answers, *_MENU) if visit.reads_content else _MENU
    menu = tuple(
        Link(href=visit.place.to(path), text=texts[word], here=visit.place.path.startswith(path)) for path, word in items
    )
    roles = ", ".join(named(visit.language, "role", role) for role in sorted(officer.roles))
    account = Account(name=officer.name, roles=roles, csrf=visit.session.csrf)
    return Frame(
        root=visit.place.root,
        language=visit.language,
        say=texts,
        desk=visit.desk,
        menu=menu,
        switch=switch_of(visit.place, visit.language),
        leave=visit.place.to(LEAVE),
        account=account,
    )


def bare_frame(place: Place, language: Language, desk: Desk) -> Frame:
    """The frame of a page that nobody is signed in for."""
    return Frame(root=place.root, language=language, say=say(language), desk=desk, switch=switch_of(place, language), leave="")


def switch_of(place: Place, language: Language) -> str:
    """The same page in the other language. What was posted is not in it."""
    other = Language.EN if language is Language.NL else Language.NL
    return f"{place.to(place.path)}?{urlencode({**place.query, 'taal': other.value})}"
