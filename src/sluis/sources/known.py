"""What records tell about the persons in them: the values that a redactor must recognise in any text.

Laws of this file: a field of `identiteit`, `contact`, `gezin` or `relaties` whose name is not in the table below is taken
whole, as `ID`: one value too many costs a word, one too few costs a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from sluis.core.record import FieldValue, Known, Record

_GROUPS: Final = frozenset({"identiteit", "contact", "gezin", "relaties"})
_SHORTEST: Final = 2
_LISTED: Final = re.compile(r"\s*[;/\n]\s*|\s+en\s+")
_BRACKETED: Final = re.compile(r"\s*\([^)]*\)")
_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "naam": "PER",
        "namen": "PER",
        "aanspreeknaam": "PER",
        "voornaam": "PER",
        "voornamen": "PER",
        "achternaam": "PER",
        "roepnaam": "PER",
        "alias": "PER",
        "geboortedatum": "DOB",
        "geboorteplaats": "CITY",
        "bsn": "BSN",
        "adres": "ADDR",
        "straat": "ADDR",
        "postcode": "POSTCODE",
        "plaats": "ADDR",
        "woonplaats": "CITY",
        "telefoon": "PHONE",
        "telefoon-werk": "PHONE",
        "mobiel": "PHONE",
        "e-mail": "EMAIL",
        "email": "EMAIL",
        "iban": "IBAN",
        "kenteken": "PLATE",
        "v-nummer": "VNR",
        "organisatie": "ORG",
        "school": "ORG",
    }
)
_SILENT: Final = frozenset(
    {"geslacht", "nationaliteit", "rollen", "leeftijden", "functie", "aard", "rol", "tijdstip", "soort", "geheim"}
)
"""Fields of these groups that name nobody: redacting `man` or `moeder` everywhere would leave no sentence."""
_ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "identiteit": "betrokkene",
        "contact": "betrokkene",
        "contact.professional": "professional",
        "gezin": "gezinslid",
        "relaties": "contact",
    }
)
_NAMING: Final = frozenset({"PER", "DOB", "BSN", "ADDR", "PHONE", "EMAIL"})
_SAID_ROLES: Final = frozenset(
    {
        "moeder", "vader", "ouder", "broer", "zus", "zoon", "dochter", "kind", "oma", "opa", "oom", "tante", "neef", "nicht",
        "partner", "ex-partner", "echtgenoot", "echtgenote", "vriend", "vriendin", "buurman", "buurvrouw", "buur", "huisgenoot",
        "melder", "slachtoffer", "getuige", "verdachte", "voogd", "curator", "bewindvoerder", "mentor", "gezinslid",
    }
)  # fmt: skip
"""The roles that a record may give: a closed set, because a role stands in the released text."""


def known_of(records: Iterable[Record]) -> list[Known]:
    """Every value in those records by which somebody can be recognised, each once, in order of appearance."""
    found: dict[tuple[str, str], Known] = {}
    for record in records:
        for known in _of_record(record):
            found.setdefault((known.type, known.value), known)
    return [known for known in found.values() if not _within_another(known, found.values())]


def _within_another(known: Known, others: Iterable[Known]) -> bool:
    """Whether a name is part of a longer name in the same role: one person, of whom the redactor knows each part anyway.

    Two entries of one person would give him two markers.
    """
    if known.type != "PER":
        return False
    words = set(known.value.casefold().split())
    return any(
        other.type == "PER" and other.role == known.role and words < set(other.value.casefold().split()) for other in others
    )


def _of_record(record: Record) -> Iterator[Known]:
    group = record.category.partition(".")[0]
    if group not in _GROUPS:
        return
    role = _said_role(record) or _ROLES.get(record.category) or _ROLES[group]
    for field, value in record.fields.items():
        if field in _SILENT:
            continue
        kind = _TYPES.get(field, "ID")
        for text in _texts(value):
            for part in _parts(kind, text):
                yield Known(type=kind, value=part, role=role if kind in _NAMING else None)


def _said_role(record: Record) -> str | None:
    """The role that the record itself gives to the one person it names."""
    for field in ("rol", "aard"):
        said = record.fields.get(field)
        if isinstance(said, str) and (role := said.strip().lower()) in _SAID_ROLES:
            return role
    return None


def _texts(value: FieldValue) -> Iterator[str]:
    """The texts in a value: the value, or each form that its holder wrote of it."""
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)


def _parts(kind: str, text: str) -> Iterator[str]:
    """The whole text, and for names each of a list of them: `Jan Bos (broer); Els Bos`."""
    whole = text.strip()
    parts = [whole]
    if kind == "PER":
        parts = [name for part in _LISTED.split(_BRACKETED.sub("", whole)) for name in _names(part)]
    yield from (part for part in parts if len(part) >= _SHORTEST)


def _names(text: str) -> list[str]:
    """`Jan Bos, Els Bos` is two names, `Bos, Jan` is one."""
    parts = [part.strip() for part in text.split(",")]
    return parts if all(" " in part for part in parts) else [text.strip()]
