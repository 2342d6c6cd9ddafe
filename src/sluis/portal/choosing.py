"""What an officer chooses from in a form: organisations, aims, and lists in general."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sluis.core.errors import BadInput, Flaw
from sluis.flows.audit import Aim
from sluis.portal.visit import Visit
from sluis.portal.words import named


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a list to choose from."""

    value: str
    text: str
    chosen: bool


def choices(pairs: Sequence[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    """The options of a list: (value, text) each, and which is chosen."""
    return tuple(Choice(value=value, text=text, chosen=value == chosen) for value, text in pairs)


def aims(visit: Visit, aim: Aim) -> tuple[Choice, ...]:
    """The four aims, and which one is stated."""
    return choices([(one.value, named(visit.language, "aim", one.value)) for one in Aim], aim.value)


def partner_names(visit: Visit) -> list[tuple[str, str]]:
    """Any organisation, then each by its id and name."""
    return [("", visit.say["filter_any"]), *((partner.id, partner.name) for partner in visit.services.partners.all())]


def oin_of(visit: Visit, partner_id: str) -> str | None:
    """The number of that organisation; None when none was chosen. Raises `BadInput` for one that takes no part."""
    if not partner_id:
        return None
    partner = visit.services.partners.by_id(partner_id)
    if partner is None:
        raise BadInput(Flaw(where="organisatie", what="deze organisatie neemt niet deel", mend="kies uit de lijst"))
    return partner.oin
