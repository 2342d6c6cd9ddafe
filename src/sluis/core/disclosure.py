"""From records to what may leave: chosen by category, cut to precision, free text redacted.

Laws of this file: only categories that the decision permits; a record of another category, however it came here, is
dropped; free text leaves only as the redactor gave it back; what is withheld is computed from the decision, never from the
records. `Disclosure` is made in one place: `disclose`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from sluis.core.precision import Cut, Ladder, cut
from sluis.core.record import Record, RedactedText
from sluis.core.verdict import Decision, Permit, Precision, TextMode

PASSAGE_WITHHELD = "[PASSAGE WEERGEHOUDEN]"
"""What stands in place of free text that may not leave. It names no reason: a reason would tell what stood there."""

Fields = Mapping[str, Mapping[Precision, str]]
"""Per field of a category, the operation at each step of the ladder."""

Redact = Callable[[Sequence[str], TextMode], Sequence[RedactedText]]
"""The redactor, with the known entities and the seed of this release already given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One record as it leaves: its fields, cut and redacted."""

    recorded: str
    fields: Mapping[str, bool | int | str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """One category as it leaves. At `bestaat` there are no items: only whether something is known."""

    precision: Precision
    exists: bool
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What may leave under a decision that permits it. Made only by `disclose`.

    `texts_withheld` counts passages that the redactor held back: the privacy officer sees it, the recipient sees the mark.
    """

    categories: Mapping[str, Released]
    texts_released: int = 0
    texts_withheld: int = 0


def disclose(
    records: Sequence[Record],
    decision: Decision,
    *,
    fields: Mapping[str, Fields],
    ladder: Ladder,
    redact: Redact,
) -> Disclosure:
    """What of `records` may leave under `decision`. Raises ValueError when the decision permits nothing: a misuse."""
    permitted = decision.permitted
    if not permitted:
        raise ValueError("a decision that permits nothing discloses nothing")
    cuts = [
        (record, permit, _cut_record(record, fields.get(record.category, {}), permit.precision, ladder))
        for record in sorted(records, key=lambda r: (r.category, r.recorded))
        if (permit := permitted.get(record.category)) is not None
    ]
    texts = _redacted(cuts, redact)
    released = {
        category: _released(permit, [(r, c) for r, p, c in cuts if r.category == category], texts)
        for category, permit in permitted.items()
    }
    withheld = sum(text.withheld for text in texts.values())
    return Disclosure(
        categories=MappingProxyType(released),
        texts_released=len(texts) - withheld,
        texts_withheld=withheld,
    )


def _cut_record(record: Record, fields: Fields, precision: Precision, ladder: Ladder) -> Mapping[str, Cut]:
    if precision <= Precision.BESTAAT:
        return {}
    done: dict[str, Cut] = {}
    for name, steps in fields.items():
        operation = steps.get(precision, "weg")
        left = cut(record.fields.get(name), operation, f"{record.category}.{name}", ladder)
        if left is not None:
            done[name] = left
    return done


def _redacted(cuts: Sequence[tuple[Record, Permit, Mapping[str, Cut]]], redact: Redact) -> Mapping[str, RedactedText]:
    """Every free text of the release through the redactor at once, so that one person has one marker everywhere."""
    open_texts = list(
        dict.fromkeys(
            str(one.value)
            for _, permit, fields in cuts
            for one in fields.values()
            if one.text and permit.text in {TextMode.MASK, TextMode.STRICT}
        )
    )
    if not open_texts:
        return {}
    strict = any(permit.text is TextMode.STRICT for _, permit, _ in cuts)
    results = redact(open_texts, TextMode.STRICT if strict else TextMode.MASK)
    # A redactor that answers with too few texts has failed: strict=True makes that an error, and nothing leaves.
    return dict(zip(open_texts, results, strict=True))


def _released(permit: Permit, cuts: Sequence[tuple[Record, Mapping[str, Cut]]], texts: Mapping[str, RedactedText]) -> Released:
    if permit.precision <= Precision.BESTAAT:
        return Released(precision=permit.precision, exists=bool(cuts))
    items = tuple(
        Item(
            recorded=record.recorded.date().isoformat(),
            fields=MappingProxyType({name: _leaving(one, permit, texts) for name, one in fields.items()}),
        )
        for record, fields in cuts
        if fields
    )
    return Released(precision=permit.precision, exists=bool(items), items=items)


def _leaving(one: Cut, permit: Permit, texts: Mapping[str, RedactedText]) -> bool | int | str:
    if not one.text:
        return one.value
    if permit.text not in {TextMode.MASK, TextMode.STRICT}:
        return PASSAGE_WITHHELD
    result = texts[str(one.value)]
    return PASSAGE_WITHHELD if result.withheld else result.text
