"""Markers: neutral, numbered per release, the role where the case file knows it.

Laws of this file: a marker shows no length, initial or gender beyond the role; one person has one marker in every spelling
within a release; the numbers of two releases can't be joined, because their order comes from the seed. The kind of a number
(V-number, public prosecution number) tells a category, so most numbers share one marker.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from rapidfuzz.distance import DamerauLevenshtein

from sluis.core.record import Known
from sluis.redaction.fold import fold_value
from sluis.redaction.lexicon import PARTICLES
from sluis.redaction.page import Page, Span
from sluis.redaction.signs import label

_ROLE = re.compile(r"[a-z][a-z -]{1,30}")
_TOKEN = re.compile(r"[^\W\d_]{2,}")
_FUZZY_FROM = 5

Key = tuple[str, ...]


class Cast:
    """The persons of one release: who a span of a name means, and which marker he has."""

    def __init__(self, known: Sequence[Known], seed: bytes) -> None:
        self._seed = seed
        self._known = [(_tokens(fold_value(item.value)), item) for item in known if item.type == "PER"]
        self._others: dict[Key, frozenset[str]] = {}
        self._met: dict[frozenset[str], Key] = {}

    def key(self, name: str) -> Key:
        """Who is meant by these folded words: a known person, a person met before in this release, or a new one."""
        tokens = _tokens(name)
        if tokens not in self._met:
            self._met[tokens] = self._new(tokens)
        return self._met[tokens]

    def _new(self, tokens: frozenset[str]) -> Key:
        scores = [_shared(tokens, known) for known, _ in self._known]
        best = max(scores, default=0)
        if best:
            at = [n for n, score in enumerate(scores) if score == best]
            if len({self._known[n][0] for n in at}) == 1:
                return ("known", str(at[0]))
            return ("family", *sorted(t for t in tokens if any(_close(t, k) for n in at for k in self._known[n][0])))
        wider = [key for key, words in self._others.items() if tokens <= words]
        if len(wider) == 1:
            return wider[0]
        key = ("other", *sorted(tokens))
        self._others.setdefault(key, tokens)
        return key

    def markers(self, keys: set[Key]) -> dict[Key, str]:
        """The marker of each person who occurs, in the fresh order of this release."""
        ordered = sorted(keys, key=self._rank)
        roles: dict[str, list[Key]] = {}
        result: dict[Key, str] = {}
        number = 0
        for key in ordered:
            role = self._role(key)
            if role:
                roles.setdefault(role, []).append(key)
            else:
                number += 1
                result[key] = f"[PERSOON-{number}]"
        for role, same in roles.items():
            result.update({key: f"[{role}]" if len(same) == 1 else f"[{role} {n}]" for n, key in enumerate(same, 1)})
        return result

    def _rank(self, key: Key) -> bytes:
        return hashlib.blake2b("\x1f".join(key).encode(), key=self._seed[:64], digest_size=16).digest()

    def _role(self, key: Key) -> str | None:
        role = self._known[int(key[1])][1].role if key[0] == "known" else None
        return role.lower() if role and _ROLE.fullmatch(role.lower()) else None


def _tokens(name: str) -> frozenset[str]:
    return frozenset(_TOKEN.findall(name)) - PARTICLES


def _shared(tokens: frozenset[str], known: frozenset[str]) -> int:
    exact = len(tokens & known)
    return 2 * exact if exact else sum(1 for t in tokens if any(_close(t, k) for k in known))


def _close(one: str, other: str) -> bool:
    if one == other or one == other + "s":
        return True
    return min(len(one), len(other)) >= _FUZZY_FROM and DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1


def write(
    pages: Sequence[Page], found: Sequence[Sequence[Span]], known: Sequence[Known], seed: bytes
) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Each text with markers for its spans (offsets in `clean`), and where the markers stand."""
    cast = Cast(known, seed)
    people = [(page.folded[s.start : s.end], n, s) for n, page in enumerate(pages) for s in found[n] if s.type == "PER"]
    keys = {(n, s): cast.key(name) for name, n, s in sorted(people, key=lambda item: -len(item[0]))}
    signs = cast.markers(set(keys.values()))
    return [
        _written(page, [(s, signs[keys[n, s]] if s.type == "PER" else label(s.type)) for s in spans])
        for n, (page, spans) in enumerate(zip(pages, found, strict=True))
    ]


def _written(page: Page, marked: Sequence[tuple[Span, str]]) -> tuple[str, list[tuple[int, int, str]]]:
    raw, out, marks = page.reading.raw, [], []
    at = length = 0
    for span, marker in marked:
        start, end = page.reading.raw_span(span.start, span.end)
        out += [raw[at:start], marker]
        length += start - at + len(marker)
        marks.append((length - len(marker), length, span.type))
        at = end
    out.append(raw[at:])
    return "".join(out), marks
