"""What changes from one answer to another: which way it goes, in which respect, what it was and what it becomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sluis.core.formula import STRICTNESS, Content, Outcome

_RELEASED = 2


class Effect(StrEnum):
    """Which way a change goes, for the person whom the data are about."""

    RUIMER = "ruimer"
    ENGER = "enger"
    ANDERS = "anders"


class Aspect(StrEnum):
    """What of the answer changes."""

    VERSTREKKEN = "verstrekken"
    VOORLEGGEN = "voorleggen"
    GEHEIM = "geheim"
    PRECISIE = "precisie"
    TEKST = "vrije tekst"
    PLICHT = "plicht"
    BEWAREN = "bewaren"
    DOORGEVEN = "doorgeven"
    GRONDSLAG = "grondslag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of an answer, with what it was and what it becomes."""

    effect: Effect
    aspect: Aspect
    before: str
    after: str


def changes_between(old: Outcome, new: Outcome) -> Iterator[Change]:
    """What changes from one answer to the other; nothing when they are alike but for a reason."""
    if old.content is not None and new.content is not None:
        yield from _contents(old.content, new.content)
        return
    before, after = _rank(old), _rank(new)
    if before != after:
        aspect = Aspect.VERSTREKKEN if _RELEASED in (before, after) else Aspect.VOORLEGGEN
        effect = Effect.RUIMER if after > before else Effect.ENGER
        yield Change(effect=effect, aspect=aspect, before=_said(old), after=_said(new))
    if old.content is None and new.content is None and old.silent != new.silent:
        effect = Effect.ENGER if new.silent else Effect.RUIMER
        yield Change(effect=effect, aspect=Aspect.PLICHT, before=old.silent or "geen", after=new.silent or "geen")


def _rank(one: Outcome) -> int:
    return _RELEASED if one.content is not None else int(one.referred)


def _said(one: Outcome) -> str:
    if one.content is not None:
        return one.content.precision.word
    return "voorleggen" if one.referred else "weigeren"


def _contents(old: Content, new: Content) -> Iterator[Change]:
    if old.precision is not new.precision:
        effect = Effect.RUIMER if new.precision > old.precision else Effect.ENGER
        yield Change(effect=effect, aspect=Aspect.PRECISIE, before=old.precision.word, after=new.precision.word)
    if old.text is not new.text:
        effect = Effect.ENGER if STRICTNESS[new.text] > STRICTNESS[old.text] else Effect.RUIMER
        yield Change(effect=effect, aspect=Aspect.TEKST, before=old.text.value, after=new.text.value)
    for duty in sorted(old.duties - new.duties):
        yield Change(effect=Effect.RUIMER, aspect=Aspect.PLICHT, before=duty, after="vervalt")
    for duty in sorted(new.duties - old.duties):
        yield Change(effect=Effect.ENGER, aspect=Aspect.PLICHT, before="geen", after=duty)
    texts = (
        (Aspect.BEWAREN, old.retention, new.retention),
        (Aspect.DOORGEVEN, old.onward, new.onward),
        (Aspect.GRONDSLAG, old.grounds, new.grounds),
    )
    for aspect, before, after in texts:
        if before != after:
            gone, come = "; ".join(sorted(before - after)), "; ".join(sorted(after - before))
            yield Change(effect=Effect.ANDERS, aspect=aspect, before=gone or "geen", after=come or "vervalt")
