"""Names written with capitals: runs of capitalised words that hang together, cut at words known to be no part of a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluis.redaction.extent import span
from sluis.redaction.lists import words
from sluis.redaction.page import Page, Span

_CAPITAL = "NGgWXYIKRTPAB"
_RUN_START = re.compile(
    "[NXG]|(?<![nEoD])[gWYI]|(?<=[tT][sDZ])A|(?<![nEoD])K(?=s[NGgWXY])"
    "|[gWYP](?=[shqc][NGgWXYIKRTPABp])|I(?=[shqcdDZ][NGgWXYIKRTPABp])|I(?=q[wuva])",
)
_ARTICLES = frozenset(("de", "het", "onze", "ons", "mijn", "een"))
_QUARTERS = frozenset(("oost", "west", "noord", "zuid", "nederland", "midden", "centrum"))
_FRONTS, _WATERS = words("names.fronts"), words("names.waters")
_COMMON = frozenset(("de", "den", "van"))
_NAMELIKE = "NGgWXYI"
_TAIL = "wuvkrab0mi"


def find(page: Page) -> Iterator[Span]:
    """Every name that its capitals show."""
    classes, done = page.classes, 0
    for match in _RUN_START.finditer(classes):
        first = match.start()
        if first <= done:
            continue
        run = _run(page, first)
        done = run[-1]
        if done == first and (classes[first] in "NXG" or (classes[first] in "gW" and not page.starts_sentence(first))):
            if not (page.low[first // 2] in page.lexicon.phrase_words and _phrase(page, run)):
                yield span(page, run)
            continue
        for piece in _pieces(page, run):
            yield span(page, piece)


def _run(page: Page, first: int) -> list[int]:
    """The places of the words that hang together from `first` on."""
    classes, run = page.classes, [first]
    here = first
    while here + 2 < len(classes):
        gap, after = classes[here + 1], classes[here + 2]
        named = after in _CAPITAL and (gap in "shq" or (gap in "dDZ" and classes[here] == "I"))
        if named or (gap in "hq" and after in _TAIL):
            here += 2
        elif gap in "shq" and after in "pk" and classes[here] in _NAMELIKE and (beyond := _beyond(page, run, here + 2)):
            run.extend(range(here + 2, beyond, 2))
            here = beyond
        else:
            break
        run.append(here)
    return run


def _to_water(page: Page, at: int) -> int:
    """Where a place goes on after `aan den`, `op`: at a river or a coast; 0 when it is no such place."""
    if page.word(at) not in ("aan", "op", "bij", "en"):
        return 0
    beyond = at + 4 if page.classes[at + 2 : at + 4] == "ps" else at + 2
    return beyond if page.word(beyond) in _WATERS else 0


def _beyond(page: Page, run: list[int], at: int) -> int:
    """Where the name goes on after particles; 0 when it ends here: after a whole name `van` is a preposition."""
    if page.classes[at] == "k":
        return _to_water(page, at)
    beyond = _over_particles(page.classes, at)
    names = sum(page.classes[i] in "NGgWXYPp" for i in run)
    sure = (
        page.classes[at - 1] == "h"
        or names <= 1
        or any(page.word(i) in ("der", "den", "'t", "ter", "ten") for i in range(at, beyond, 2))
    )
    return beyond if sure else 0


def _over_particles(classes: str, at: int) -> int:
    """The place of the capital after up to three particles; 0 when there is none."""
    for _ in range(3):
        if at + 2 >= len(classes) or classes[at + 1] not in "sq":
            return 0
        at += 2
        if classes[at] in "NGgWXYIKABRT":
            return at
        if classes[at] not in "pP":
            return 0
    return 0


def _pieces(page: Page, run: list[int]) -> Iterator[list[int]]:
    """Cut a run at words that are no part of a name, and give the pieces that are names."""
    piece: list[int] = []
    for place, index in enumerate(run):
        if _splits(page, index, piece, more=place + 1 < len(run)):
            if _is_name(page, piece):
                yield piece
            piece = []
        elif piece or page.classes[index] in _CAPITAL:
            piece.append(index)
    if _is_name(page, piece):
        yield piece


def _splits(page: Page, index: int, piece: list[int], *, more: bool) -> bool:
    """Whether the word at this place ends the piece and is no part of a name; `more` words of the run follow it."""
    kind = page.classes[index]
    joined = page.classes[index - 1] in "hq" or (page.classes[piece[-1]] in "pPk" and kind != "T") if piece else False
    if joined:
        return False
    if kind in "KRTBA":
        return _no_name(page, index, kind, bool(piece), more)
    if not piece and more and page.word(index) in _FRONTS:
        return False
    opens = kind in "WY" or (kind == "g" and not (more and page.word(index) in page.lexicon.capital))
    return opens and not piece and page.starts_sentence(index) and not _surname_follows(page, index)


def _no_name(page: Page, index: int, kind: str, *state: bool) -> bool:
    """Whether a harmless word with a capital stays out of the name beside it; `state`: a name goes before, more words follow."""
    begun, more = state
    if kind == "K":
        written = begun and more and page.classes[index - 1] == "s" and not page.parts[index].isupper()
        return not written and not (more and page.word(index) in _ARTICLES and not page.starts_sentence(index))
    if kind == "A":
        listed = page.word(index) in _QUARTERS or page.word(index) in page.lexicon.surnames
        return not _beside_name(page, index) and not (begun and (more or listed))
    if kind == "R" and page.word(index) in page.lexicon.surnames and (begun or _titled(page, index)):
        return False
    return kind in "RT" or not begun


def _beside_name(page: Page, index: int) -> bool:
    """Whether an allowed word (an eponym, a make) stands right beside a word that can only be a name, or after a title."""
    classes = page.classes
    before = classes[index - 2] if index >= 2 and classes[index - 1] in "sDZ" else ""  # noqa: PLR2004 - a word before
    return before in ("t", "T")


def _surname_follows(page: Page, index: int) -> bool:
    """`VISSER, Jan` and `Visser, J.` at the start of a sentence."""
    classes = page.classes
    if index + 2 >= len(classes) or page.parts[index + 1] not in (", ", ","):
        return False
    given = classes[index + 2]
    if given == "I" and classes[index + 3] in "dDZn":
        return True
    return (given in "NGI" and page.word(index) in page.lexicon.surnames) or (classes[index] == "Y" and given in "NG")


def _is_name(page: Page, piece: list[int]) -> bool:
    """Whether these words, that hang together, are a name: one of them is unknown, or a capital stands where none belongs."""
    if not piece:
        return False
    kinds = {page.classes[i] for i in piece}
    if page.classes[piece[0] : piece[0] + 2] == "Iq" and len(piece) > 1 and len(page.word(piece[1])) > _SUFFIX:
        return True
    begins = page.starts_sentence(piece[0])
    particle = "P" in kinds and len(kinds) > 1 and not (begins and page.word(piece[0]) in _COMMON)
    if kinds & _SURE or particle:
        return not _phrase(page, piece)
    sure = _titled(page, piece[0]) or _reversed(page, piece)
    if not kinds & _MAYBE:
        return "I" in kinds and _titled(page, piece[0])
    loud = kinds <= _LOUD
    alone = len(piece) == 1 and begins
    return (_reversed(page, piece) if alone and not loud else sure if loud else True) and not _phrase(page, piece)


_SUFFIX = 2
_SURE, _MAYBE, _LOUD = frozenset("NXG"), frozenset("gWY"), frozenset("YIK")


def _reversed(page: Page, piece: list[int]) -> bool:
    return _surname_follows(page, piece[-1])


def _titled(page: Page, index: int) -> bool:
    return index >= 2 and page.classes[index - 1] in "sDZ" and page.classes[index - 2] in "tTrR"  # noqa: PLR2004 - a word before


def _phrase(page: Page, piece: list[int]) -> bool:
    """Whether the piece lies in an allowed phrase, such as `Veilig Thuis`."""
    if page.low[piece[0] // 2] not in page.lexicon.phrase_words:
        return False
    for back in range(0, 8, 2):
        start = piece[0] - back
        if start < 1:
            break
        for phrase in page.lexicon.phrases.get(page.word(start), ()):
            last = start + 2 * (len(phrase) - 1)
            if last >= piece[-1] and all(page.word(start + 2 * n) == w for n, w in enumerate(phrase)):
                return True
    return False
