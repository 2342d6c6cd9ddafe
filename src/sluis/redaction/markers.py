"""Markers: neutral, numbered per release, the role where the case file knows it.

Laws of this file: a marker shows no length, initial or gender beyond the role; one person has one marker in every spelling
within a release; the numbers of two releases can't be joined, because their order comes from the seed. The kind of a number
(V-number, public prosecution number) tells a category, so most numbers share one marker.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from sluis.core.record import Known
from sluis.redaction.fold import fold_value
from sluis.redaction.page import Span
from sluis.redaction.propagate import Names
from sluis.redaction.sheet import Sheet
from sluis.redaction.signs import label

_ROLE = re.compile(r"[a-z][a-z -]{1,30}")
_FUZZY_FROM = 5
_RANK = 8

Key = tuple[str, ...]


class Cast:
    """The persons of one release: who a span of a name means, and which marker he has."""

    def __init__(self, known: Sequence[Known], seed: bytes, names: Names) -> None:
        self._seed = seed
        self._names = names
        self._known = [(frozenset(names[fold_value(item.value)]), item) for item in known if item.type == "PER"]
        self._holders: dict[str, list[Key]] = {}
        self._others: list[Key] = []
        self._met: dict[tuple[str, ...], Key] = {}

    def meet(self, written: Iterable[str]) -> dict[str, Key]:
        """Who is meant by each of these folded names: a known person, or one of whom the longest name says most."""
        met, names, result = self._met, self._names, dict[str, Key]()
        found = sorted(dict.fromkeys(written), key=len, reverse=True)
        near = self._nearly_known(frozenset().union(*[names[name] for name in found]))
        for name in found:
            tokens = names[name]
            key = met.get(tokens)
            if key is None:
                known = None if near.isdisjoint(tokens) else self._one_of_the_known(tokens)
                met[tokens] = key = known or self._other(tokens)
            result[name] = key
        return result

    def _nearly_known(self, words: frozenset[str]) -> frozenset[str]:
        """Those of the words that are a word of a known name, with one letter wrong perhaps: all others are of nobody known."""
        every = frozenset[str]().union(*[tokens for tokens, _ in self._known])
        long = [word for word in words if len(word) >= _FUZZY_FROM] if every else []
        close = [
            process.extract(token, long, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=None)
            for token in every
            if len(token) >= _FUZZY_FROM
        ]
        return (words & (every | {token + "s" for token in every})).union(word for hits in close for word, _, _ in hits)

    def _one_of_the_known(self, tokens: tuple[str, ...]) -> Key | None:
        scores = [_shared(tokens, known) for known, _ in self._known]
        best = max(scores, default=0)
        if not best:
            return None
        at = [n for n, score in enumerate(scores) if score == best]
        if len({self._known[n][0] for n in at}) == 1:
            return ("known", str(at[0]))
        return ("family", *(t for t in tokens if any(_close(t, k) for n in at for k in self._known[n][0])))

    def _other(self, tokens: tuple[str, ...]) -> Key:
        """Somebody met before in this release under a longer name that only one person has, or else somebody new."""
        holders = self._holders
        if all(map(holders.__contains__, tokens)):
            wider = min((holders[token] for token in tokens), key=len, default=self._others)
            if len(tokens) > 1:
                wider = [other for other in wider if set(tokens).issubset(other[1:])]
            if len(wider) == 1:
                return wider[0]
        key = ("other", *tokens)
        self._others.append(key)
        for token in tokens:
            if token in holders:
                holders[token].append(key)
            else:
                holders[token] = [key]
        return key

    def markers(self, keys: Sequence[Key]) -> dict[Key, str]:
        """The marker of each of these persons, in an order that only the seed of this release tells."""
        drawn = hashlib.shake_256(self._seed).digest(_RANK * len(keys))
        ranks = [drawn[at : at + _RANK] for at in range(0, len(drawn), _RANK)]
        ordered = [key for _, key in sorted(zip(ranks, keys, strict=True))]
        roles: dict[str, list[Key]] = {}
        result: dict[Key, str] = {}
        number = 0
        for key in ordered:
            role = self._role(key) if key[0] == "known" else None
            if role:
                roles.setdefault(role, []).append(key)
            else:
                number += 1
                result[key] = f"[PERSOON-{number}]"
        for role, same in roles.items():
            result.update({key: f"[{role}]" if len(same) == 1 else f"[{role} {n}]" for n, key in enumerate(same, 1)})
        return result

    def _role(self, key: Key) -> str | None:
        """The marker's word for a known person."""
        role = self._known[int(key[1])][1].role
        return role.lower() if role and _ROLE.fullmatch(role.lower()) else None


def _shared(tokens: tuple[str, ...], known: frozenset[str]) -> int:
    exact = len(known.intersection(tokens))
    return 2 * exact if exact else sum(1 for t in tokens if any(_close(t, k) for k in known))


def _close(one: str, other: str) -> bool:
    if one == other or one == other + "s":
        return True
    return min(len(one), len(other)) >= _FUZZY_FROM and DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1


class _Signs(dict[str, str]):
    """The marker of each type that is no person."""

    def __missing__(self, kind: str) -> str:
        """The marker of a type not met before; types are few."""
        self[kind] = result = label(kind)
        return result


_SIGNS = _Signs()


def write(sheets: Sequence[Sheet], found: Sequence[Sequence[Span]], cast: Cast) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Each text with markers for its spans (offsets in `clean`), and where the markers stand."""
    called = [
        [sheet.folded[start:end] if kind == "PER" else "" for start, end, kind, _ in spans]
        for sheet, spans in zip(sheets, found, strict=True)
    ]
    keys = cast.meet(name for names in called for name in names if name)
    signs = cast.markers(list(dict.fromkeys(keys.values())))
    return [
        _written(sheet, spans, [signs[keys[name]] if name else _SIGNS[span[2]] for span, name in zip(spans, names, strict=True)])
        for sheet, spans, names in zip(sheets, found, called, strict=True)
    ]


def _written(sheet: Sheet, spans: Sequence[Span], signs: Sequence[str]) -> tuple[str, list[tuple[int, int, str]]]:
    reading = sheet.reading
    raw, moved = reading.raw, reading.starts is not None
    out: list[str] = []
    marks: list[tuple[int, int, str]] = []
    at = length = 0
    for (start, end, kind, _), sign in zip(spans, signs, strict=True):
        if moved:
            start, end = reading.raw_span(start, end)  # noqa: PLW2901 - the same place in the text as written
        out.append(raw[at:start])
        out.append(sign)
        begin = length + start - at
        length = begin + len(sign)
        marks.append((begin, length, kind))
        at = end
    out.append(raw[at:])
    return "".join(out), marks
