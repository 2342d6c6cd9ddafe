"""The parts of an entry's page that are lists of names and values: who, redaction, other fields, and what came later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sluis.core.case import CaseState
from sluis.core.entry import Json, Kind, LoggedEntry
from sluis.flows.audit import SEES_ALL, Aim
from sluis.portal import moments, reading
from sluis.portal.labels import Labels
from sluis.portal.rows import Mark, entry_link, kind_mark
from sluis.portal.visit import Visit
from sluis.portal.words import named

_SHOWN_ELSEWHERE = frozenset(
    {"decision", "provider", "recipient", "purpose", "direction", "rules", "duties", "counts", "urgent", "emergency", "policy"}
    | {"processing", "engine", "bundle", "bundle_size", "texts_released", "texts_withheld", "redactor", "review", "about"}
    | {"question", "released", "refused", "referred", "grounds", "retention", "motivation", "person", "case", "request"}
    | {"user", "role", "trace"}
    | {"subject"}  # the log's own index of the person: it says nothing to a reader, and joins everything
)
_NAMED = {"aim": "aim", "verdict": "verdict"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A name with its value. `code`: the value is a code, to be read letter by letter. `dutch`: it was written in Dutch."""

    name: str
    value: str
    code: bool = False
    dutch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterRow:
    """Something that was recorded about an entry afterwards. `href` is empty when its page is out of the officer's reach."""

    href: str
    when: str
    kind: Mark
    who: str
    verdict: str
    ground: str


def who_of(entry: LoggedEntry, visit: Visit, labels: Labels) -> tuple[Line, ...]:
    """Organisations, user, role, and whom it is about in the case."""
    say, actor = visit.say, reading.cell(entry, "actor")
    subject = reading.cell(entry, "subject") or reading.NOTHING
    user = say["entry_actor_erased"] if actor is None else reading.text(actor, "user") or reading.text(actor, "name")
    role = "" if actor is None else reading.text(actor, "role") or ", ".join(reading.words(actor.get("roles")))
    question = reading.table(subject, "question")
    state = reading.text(question, "casus") or CaseState.GEEN
    lines = (
        Line(name=say["entry_recipient"], value=labels.organisation(reading.text(entry.core, "recipient"))),
        Line(name=say["entry_provider"], value=labels.organisation(reading.text(entry.core, "provider"))),
        Line(name=say["entry_user"], value=user),
        Line(name=say["entry_role"], value=role, dutch=True),
        Line(name=say["entry_direction"], value=labels.direction(reading.text(entry.core, "direction"))),
        Line(name=say["entry_person"], value=labels.person(reading.text(subject, "person"))),
        Line(name=say["entry_case"], value=reading.text(subject, "case"), code=True),
        Line(name=say["entry_case_state"], value=labels.case_state(state) if state != CaseState.GEEN else ""),
        Line(name=say["entry_request"], value=reading.text(subject, "request"), code=True),
    )
    return tuple(line for line in lines if line.value)


def redaction_of(entry: LoggedEntry, visit: Visit) -> tuple[Line, ...]:
    """What was redacted and withheld of free text, and the hash of what left."""
    core, say = entry.core, visit.say
    if "redactor" not in core:
        return ()
    size = say["entry_bytes"].format(n=reading.number(core, "bundle_size"))
    return (
        Line(name=say["entry_texts_released"], value=str(reading.number(core, "texts_released"))),
        Line(name=say["entry_texts_withheld"], value=str(reading.number(core, "texts_withheld"))),
        Line(name=say["entry_redactor"], value=reading.text(core, "redactor"), code=True),
        Line(name=say["entry_bundle"], value=reading.text(core, "bundle"), code=True),
        Line(name=say["entry_bundle_size"], value=size),
    )


def policy_of(entry: LoggedEntry, visit: Visit) -> tuple[Line, ...]:
    """The fingerprint of the rules and the processing activity."""
    lines = (
        Line(name=visit.say["entry_policy"], value=reading.text(entry.core, "policy"), code=True),
        Line(name=visit.say["entry_processing"], value=reading.text(entry.core, "processing"), code=True),
        Line(name=visit.say["entry_engine"], value=reading.text(entry.core, "engine"), code=True),
    )
    return tuple(line for line in lines if line.value)


def details_of(entry: LoggedEntry, visit: Visit, labels: Labels) -> tuple[Line, ...]:
    """Every other field, from the core and from what the cells say, so that nothing on record stays out of sight."""
    fields: dict[str, Json] = dict(entry.core)
    for _, data in entry.cells:
        fields.update(data or {})
    if entry.kind is Kind.EMERGENCY_DECLARED:
        fields.pop("ground", None)  # it stands under "why"
    if fields.get("organisation") in {entry.core.get("recipient"), entry.core.get("provider")}:
        fields.pop("organisation", None)  # it stands under "who"
    return tuple(
        Line(name=visit.say.get(f"field_{name}", name), value=_value(name, value, visit, labels), dutch=True)
        for name, value in fields.items()
        if name not in _SHOWN_ELSEWHERE and value not in (None, "", [], {})
    )


def _value(name: str, value: Json, visit: Visit, labels: Labels) -> str:
    if isinstance(value, str):
        if name in _NAMED:
            return named(visit.language, _NAMED[name], value)
        return labels.organisation(value) if name in {"organisation", "scope"} else value
    titles = {
        "asked": labels.category,
        "categories": labels.category,
        "purposes": labels.purpose,
        "recipients": labels.organisation,
    }
    told = titles.get(name, str)
    return "; ".join(told(word) for word in _flat(value, visit))


def _flat(value: Json, visit: Visit) -> Iterable[str]:
    if isinstance(value, bool):
        yield visit.say["yes" if value else "no"]
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield f"{key}: {', '.join(_flat(inner, visit))}"
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _flat(inner, visit)
    else:
        yield visit.say["none"] if value is None else str(value)


def later_of(about: Sequence[LoggedEntry], visit: Visit, labels: Labels, aim: Aim) -> tuple[LaterRow, ...]:
    """What was recorded about an entry, oldest first."""
    return tuple(_later(one, visit, labels, aim) for one in reversed(about))


def _later(one: LoggedEntry, visit: Visit, labels: Labels, aim: Aim) -> LaterRow:
    actor = reading.cell(one, "actor")
    who = visit.say["entry_actor_erased"] if actor is None else reading.text(actor, "name") or reading.text(actor, "role")
    organisation = reading.text(actor or reading.NOTHING, "organisation")
    place = labels.organisation(organisation) if organisation else ""
    return LaterRow(
        href=entry_link(one.entry_id, visit, aim) if _within_reach(one, visit) else "",
        when=moments.full(one.recorded, visit.language),
        kind=kind_mark(one, visit),
        who=", ".join(word for word in (who, place) if word),
        verdict=named(visit.language, "verdict", word) if (word := reading.text(one.core, "verdict")) else "",
        ground=reading.text(actor or reading.NOTHING, "ground"),
    )


def _within_reach(one: LoggedEntry, visit: Visit) -> bool:
    """Whether the page of that entry exists for this officer: an entry that names no organisation does only for overseers."""
    return bool(visit.officer.roles & SEES_ALL) or "recipient" in one.core or "provider" in one.core
