"""One visit of an officer: who, in which language, asking what.

A page is only made from a `Visit`, and a `Visit` only from a session: that is how every page demands one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sluis.core.partner import Officer
from sluis.flows.audit import CONTENT_ROLES, SEES_ALL, Aim
from sluis.flows.review import stated_aim
from sluis.portal.door import SignedIn
from sluis.portal.words import Language, say
from sluis.ports.services import Services

AIM = "logdoel"
"""The field in which an officer states what he uses the log for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the operator tells the portal. `demo`: a banner on every page says that nothing here is real."""

    demo: bool
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page stands: the path before the portal, the path within it, and the words of the address."""

    root: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)

    def to(self, path: str) -> str:
        """The address of a page of the portal."""
        return f"{self.root}{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An officer with a session asks for a page. `form` is what he posted; it never comes back in an address."""

    session: SignedIn
    language: Language
    place: Place
    desk: Desk
    services: Services
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def officer(self) -> Officer:
        """Who asks."""
        return self.session.officer

    @property
    def reads_content(self) -> bool:
        """Whether his role sees what the log says, or only that it is whole."""
        return bool(self.officer.roles & CONTENT_ROLES)

    @property
    def sees_all(self) -> bool:
        """Whether his role sees every organisation of the region."""
        return bool(self.officer.roles & SEES_ALL)

    @property
    def say(self) -> Mapping[str, str]:
        """The texts in his language."""
        return say(self.language)

    def aim(self) -> Aim:
        """What he says he uses the log for. Raises `LogPurpose` for anything but the four aims, and that is on record."""
        word = self.form.get(AIM) or self.place.query.get(AIM) or Aim.LAWFULNESS.value
        return stated_aim(word, self.officer, self.services)
