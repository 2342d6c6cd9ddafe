"""Names of people, places and institutions by lexicon inversion: a capital that no rule of spelling explains, a word nobody knows.

Laws of this file: it holds no list of names; what is harmless is decided by the lexicon; titles and roles make the next word a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluis.redaction import careless
from sluis.redaction.lexicon import SURE_PARTICLES
from sluis.redaction.page import Page, Span

_CAPITAL = "NGgWXYIKRTPAB"
_RUN_START = re.compile(
    "[NXG]|(?<![nEoD])[gWYI]|(?<=[tT][sDZ])A|(?<![nEoD])K(?=s[NGgWXY])|[gWYP](?=[shqc][NGgWXYIKRTPABp])|I(?=[shqcdDZ][NGgWXYIKRTPABp])",
)
_ARTICLES = frozenset(("de", "het", "onze", "ons", "mijn", "een"))
_QUARTERS = frozenset(("oost", "west", "noord", "zuid", "nederland", "midden", "centrum"))
_NAME_LEAST, _NAME_MOST = 3, 12
_NAMELIKE = "NGgWXYI"
_TAIL = "wuvkrab0mi"
_NAMING = frozenset("ene genaamd gen heet heette heten geheten roepnaam voornaam achternaam naam meisjesnaam bijnaam alias aka gnmd genmd ikheet".split())
_PLACE = frozenset("te in uit naar vanuit omgeving regio gemeente stad dorp wijk stadsdeel perron station omg nabij richting".split())
_AT = frozenset("bij via door instelling kliniek school opvang locatie afd afdeling verzekeraar winkel bank".split())


def find(page: Page) -> Iterator[Span]:
    """Every name that stands in the text; spans may overlap."""
    yield from _capitals(page)
    yield from _after_titles(page)
    yield from _unknown(page)
    yield from _subjects(page)
    if page.careless:
        yield from careless.find(page)


# ---- capitals ------------------------------------------------------------------------------------


def _capitals(page: Page) -> Iterator[Span]:
    classes, done = page.classes, 0
    for match in _RUN_START.finditer(classes):
        first = match.start()
        if first <= done:
            continue
        run = _run(page, first)
        done = run[-1]
        if done == first and (classes[first] in "NXG" or (classes[first] in "gW" and not page.starts_sentence(first))):
            if not (page.low[first // 2] in page.lexicon.phrase_words and _phrase(page, run)):
                yield _span(page, run)
            continue
        for piece in _pieces(page, run):
            yield _span(page, piece)


def _run(page: Page, first: int) -> list[int]:
    """The places of the words that hang together from `first` on."""
    classes, run = page.classes, [first]
    here = first
    while here + 2 < len(classes):
        gap, after = classes[here + 1], classes[here + 2]
        if after in _CAPITAL and (gap in "shq" or (gap in "dDZ" and classes[here] == "I")):
            here += 2
        elif gap in "hq" and after in _TAIL:
            here += 2
        elif gap in "shq" and after == "p" and classes[here] in _NAMELIKE and (beyond := _beyond(page, run, here + 2)):
            run.extend(range(here + 2, beyond, 2))
            here = beyond
        else:
            break
        run.append(here)
    return run


def _beyond(page: Page, run: list[int], at: int) -> int:
    """Where the name goes on after particles; 0 when it ends here: after a whole name `van` is a preposition."""
    beyond = _over_particles(page.classes, at)
    names = sum(page.classes[i] in "NGgWXYPp" for i in run)
    sure = page.classes[at - 1] == "h" or names < 2 or any(page.word(i) in ("der", "den", "'t", "ter", "ten") for i in range(at, beyond, 2))  # noqa: PLR2004 - a given name and more
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
        if _splits(page, index, piece, place + 1 < len(run)):
            if _is_name(page, piece):
                yield piece
            piece = []
        elif piece or page.classes[index] in _CAPITAL:
            piece.append(index)
    if _is_name(page, piece):
        yield piece


def _splits(page: Page, index: int, piece: list[int], more: bool) -> bool:
    kind = page.classes[index]
    joined = page.classes[index - 1] in "hq" and bool(piece)
    if joined:
        return False
    if piece and page.classes[piece[-1]] in "pP" and kind != "T":
        return False
    if kind == "K":
        return not (more and page.word(index) in _ARTICLES and not page.starts_sentence(index))
    if kind in "RT":
        return True
    if kind == "B":
        return not piece or page.parts[index].isupper()
    if kind == "A":
        return not _beside_name(page, index) and not (piece and (more or page.word(index) in _QUARTERS))
    opens = kind in "WY" or (kind == "g" and not (more and page.word(index) in page.lexicon.capital))
    return opens and not piece and page.starts_sentence(index) and not _surname_follows(page, index)


def _beside_name(page: Page, index: int) -> bool:
    """Whether an allowed word (an eponym, a make) stands right beside a word that can only be a name, or after a title."""
    classes = page.classes
    before = classes[index - 2] if index >= 2 and classes[index - 1] in "sDZ" else ""  # noqa: PLR2004 - a word before
    return before in ("t", "T")


def _surname_follows(page: Page, index: int) -> bool:
    """`VISSER, Jan` and `Visser, J.` at the start of a sentence."""
    classes = page.classes
    if classes[index + 1 : index + 2] == "c" and index + 2 < len(classes) and page.parts[index + 1] in (", ", ","):
        return classes[index + 2] in "NGI" and page.word(index) in page.lexicon.surnames or (classes[index] == "Y" and classes[index + 2] in "NG")
    return False


def _is_name(page: Page, piece: list[int]) -> bool:
    kinds = {page.classes[i] for i in piece}
    if len(piece) > 1 and page.classes[piece[0] : piece[0] + 2] == "Iq" and len(page.word(piece[1])) > 2:  # noqa: PLR2004 - more than a suffix
        return True
    if kinds & set("NXG"):
        return not _phrase(page, piece)
    if not kinds & set("gWY"):
        return "I" in kinds and _titled(page, piece[0]) if piece else False
    if kinds <= set("YIK") and not _titled(page, piece[0]) and not _reversed(page, piece):
        return False
    first = next(i for i in piece if page.classes[i] in "gWY")
    if len(piece) == 1 and page.starts_sentence(first) and not _reversed(page, piece):
        return False
    return not _phrase(page, piece)


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
        for words in page.lexicon.phrases.get(page.word(start), ()):
            last = start + 2 * (len(words) - 1)
            if last >= piece[-1] and all(page.word(start + 2 * n) == w for n, w in enumerate(words)):
                return True
    return False


# ---- what a title or a role says -----------------------------------------------------------------

_TITLE = re.compile("[tT][sDZ](?:[pP]s){0,3}(?P<name>[uvwgrabI])")
_ROLE = re.compile("[rR][soc](?P<name>[uvw])|[rR]s(?:[pP]s){1,3}(?P<late>[uvw])")


def _after_titles(page: Page) -> Iterator[Span]:
    for match in _TITLE.finditer(page.classes):
        if not match.start() % 2:
            continue
        index = match.start("name")
        kind, word = page.classes[index], page.word(index)
        closed = kind == "w" and (page.classes[index + 1] in "cnxoD" or word not in page.lexicon.ordinary)
        if kind in "uvI" or word in page.lexicon.surnames or match.start() + 2 < index or closed:
            yield _span(page, _onwards(page, match.start() + 2, index))
    for match in _ROLE.finditer(page.classes):
        if match.start() % 2:
            index = max(match.start("name"), match.start("late"))
            word = page.word(index)
            listed = page.careless and (word in page.lexicon.surnames or word in page.lexicon.capital or word in page.lexicon.given)
            if page.classes[index] == "w" and not listed and word in page.lexicon.ordinary:
                continue
            yield _span(page, _onwards(page, match.start() + 2, index))
    if not _NAMING.isdisjoint(page.low):
        for index in [2 * place + 1 for place, word in enumerate(page.low[:-1]) if word in _NAMING]:
            if page.classes[index + 1] in "soc" and page.classes[index + 2] in "uvwgar":
                yield _span(page, _onwards(page, index + 2, index + 2))


def _onwards(page: Page, first: int, last: int) -> list[int]:
    """From a small-letter name on over what still belongs to it."""
    classes = page.classes
    while last + 2 < len(classes):
        gap, after = classes[last + 1], classes[last + 2]
        if (gap in "hq" and after in "uvw") or (gap == "s" and (after in "uv" or (after == "w" and page.word(last + 2) in page.lexicon.surnames))):
            last += 2
        elif gap == "s" and after == "p" and last + 4 < len(classes) and classes[last + 4] in "uv":
            last += 4
        else:
            break
    return list(range(first, last + 1, 2))


# ---- words nobody knows --------------------------------------------------------------------------


def _unknown(page: Page) -> Iterator[Span]:
    for match in re.finditer("[uv]", page.classes):
        index = match.start()
        if not index % 2:
            continue
        listed = page.classes[index] == "v"
        if page.classes[index - 1] in "hq" and not listed:
            continue
        shaped = _NAME_LEAST <= len(page.word(index)) <= _NAME_MOST
        sure = listed or page.careless or shaped or page.classes[index + 1 : index + 3] in ("sN", "sX", "sG")
        first = index
        if (listed or page.careless) and page.classes[index - 1] == "s" and page.word(index - 2) in page.lexicon.given - page.lexicon.function:
            first = index - 2
        yield Span(page.at[first], page.at[index + 1], "PER", not sure)


_VERBS = frozenset(
    "belt belde zegt zei wil wilde heeft had is was meldt meldde verklaart verklaarde vertelt vertelde vraagt vroeg geeft gaf komt kwam gaat ging woont "
    "werkt blijft bleef ontkent weigert dreigt sprak staat stond zit zat liep loopt reageert moet kan mag krijgt kreeg denkt vindt ziet zag doet deed".split(),
)


def _subjects(page: Page) -> Iterator[Span]:
    """A surname that is an ordinary word, at the start of a sentence with its verb: `Visser belt`. Only the strict mode doubts so much."""
    for match in re.finditer("[gWG]s[kw]", page.classes):
        index = match.start()
        if page.word(index) in page.lexicon.surnames and page.starts_sentence(index) and page.word(index + 2) in _VERBS:
            yield Span(page.at[index], page.at[index + 1], "PER", strict=True)


# ---- spans ---------------------------------------------------------------------------------------


_HEAD = re.compile(
    r"(?:[a-z]*bedrijf|[a-z]*bakkerij|[a-z]*slagerij|[a-z]*praktijk|[a-z]*garage|cafe|[a-z]*restaurant|eetcafe|kapsalon|[a-z]*school|stichting|[a-z]*winkel|hotel|sportschool|moskee|"
    r"[a-z]*kerk|zorgboerderij|obs|cbs|rkbs|pcb|ibs|college|lyceum|scholengemeenschap|kinderdagverblijf|peuterspeelzaal|uitzendbureau|[a-z]*kantoor|vereniging|voetbalclub|vof|firma|bv)$",
)


def _head(page: Page, first: int) -> int:
    """Take in the word that says what an institution is: `bakkerij Istanbul`, `TBS-kliniek Oldenkotte`."""
    if first < 3 or page.classes[first - 1] != "s":  # noqa: PLR2004 - a word before
        return first
    joined = page.classes[first - 3] == "h" and first > 4  # noqa: PLR2004 - two words before
    if _HEAD.match(page.word(first - 2)) or (joined and page.word(first - 2) in ("kliniek", "school", "centrum", "huis")):
        return first - 4 if joined else first - 2
    return first


def _span(page: Page, piece: list[int]) -> Span:
    first, last = _with_particles(page, piece[0]), piece[-1]
    if (head := _head(page, first)) != first:
        return Span(page.at[head], page.at[last + 1], "ORG")
    return Span(page.at[first], page.at[last + 1], _type(page, first))


def _with_particles(page: Page, first: int) -> int:
    """Take in the particles before a name: always those that only names have, `van` and `de` after a name or a title."""
    classes, at = page.classes, first
    while at >= 3 and classes[at - 1] in "sq" and classes[at - 2] in "pP":  # noqa: PLR2004 - a word before
        at -= 2
    if at == first:
        return first
    before = classes[at - 2] if at >= 3 and classes[at - 1] in "sDZd" else ""  # noqa: PLR2004 - a word before
    if before == "I":
        while at >= 3 and classes[at - 2] == "I" and classes[at - 1] in "sDZd":  # noqa: PLR2004 - a word before
            at -= 2
        return at
    words = {page.word(i) for i in range(at, first, 2)}
    if before in ("t", "T", "r", "R", "N") or classes[at] == "P" or words & (SURE_PARTICLES - {"van"}):
        return at
    return first - 2 if page.parts[first - 2][0] == "'" else first


def _type(page: Page, first: int) -> str:
    before = page.word(first - 2) if first >= 3 and page.classes[first - 1] in "sDZo" else ""  # noqa: PLR2004 - a word before
    if before in _PLACE:
        return "CITY"
    return "ORG" if before in _AT else "PER"
