"""The duties that Sluis carries out or passes on, and what they do to the records.

Law of this file: a duty without a handler withholds the category (`Rulebook.carrying`), so a duty stands in `CARRIED` only when
something does it: the log records, the answer tells the recipient or provider, the redactor reads the text, or a function here
cuts the records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from sluis.core.record import FieldValue, Record
from sluis.core.verdict import Decision

OWN_ACTIONS = "alleen-eigen-acties"
AFTERWARDS = "motivering-achteraf"
"""The necessity is written down afterwards, within one working day: an open item for the privacy officer until then."""

CARRIED = frozenset(
    {
        "vastleggen",  # the release is on record before it leaves
        "neutraal-antwoord",  # a refusal is computed from what was asked
        "vrije-tekst-lakken",  # every free text passes the redactor and the proof pass
        "derden-verwijderen",  # the redactor takes out everybody, third persons first
        OWN_ACTIONS,  # `within_duties` below
        AFTERWARDS,  # stands in the review queue
        "geen-systeemtoegang",  # a third party gets an answer; no door shows it the case
        # Told to the party that has to do it, in the answer and in the register:
        "bewaartermijn",
        "niet-doorgeven",
        "terugkoppelen",
        "voorwaarden-verstrekker",
        "alleen-koppelen",
        "betrokkene-informeren",
        "zorgverantwoordelijke-informeren",
        "meldcode-vastleggen",
    }
)
"""`tweede-lezer` is not among them: nothing here makes a second professional read before sending."""

_PLAN = "plan.afspraken"
_SHARED_GOAL = frozenset({"doel"})


def within_duties(records: Sequence[Record], decision: Decision, recipient: frozenset[str]) -> list[Record]:
    """The records as the duties of the decision let them go to a recipient with those names (its id and its kind).

    Of a plan under `alleen-eigen-acties` the recipient's own actions stay whole; of the others only the shared goal (BGS 2.21).
    """
    permit = decision.permitted.get(_PLAN)
    if permit is None or OWN_ACTIONS not in permit.duties:
        return list(records)
    return [
        record if record.category != _PLAN or _owners(record.fields.get("eigenaar")) & recipient else _goal_only(record)
        for record in records
    ]


def _owners(value: FieldValue) -> frozenset[str]:
    if isinstance(value, Mapping):
        return frozenset(value.values())
    return frozenset({value}) if isinstance(value, str) else frozenset()


def _goal_only(record: Record) -> Record:
    kept = {name: value for name, value in record.fields.items() if name in _SHARED_GOAL}
    return replace(record, fields=MappingProxyType(kept))
