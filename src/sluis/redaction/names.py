"""Names of people, places and institutions by lexicon inversion: a capital that spelling does not explain, a word nobody knows.

Laws of this file: it holds no list of names; what is harmless is decided by the lexicon; titles and roles make the next
word a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluis.redaction.capitals import find as find_capitals
from sluis.redaction.careless import find as find_careless
from sluis.redaction.extent import span
from sluis.redaction.lists import words
from sluis.redaction.page import Page, Span

_NAME_LEAST, _NAME_MOST = 3, 12
_NICKS, _LEADS = words("names.nicks"), words("careless.leads")
_NAMING, _VERBS, _TO = words("names.naming"), words("names.verbs"), words("names.to")
_SPEAKS = words("names.speaks")
_DONE = re.compile(r"(?:ge|be|ver|ont|her|af|op|uit|aan|door|over|terug|mee|in|na|voor|toe|weg|om).{2,}[dt]$|.*ge.*[dt]$")


def find(page: Page) -> Iterator[Span]:
    """Every name that stands in the text; spans may overlap."""
    yield from find_capitals(page)
    yield from _after_titles(page)
    yield from _after_initials(page)
    yield from _by_nickname(page)
    yield from _unknown(page)
    yield from _subjects(page)
    if page.careless:
        yield from find_careless(page)


# ---- what a title or a role says -----------------------------------------------------------------

_TITLE = re.compile("[tT][sDZ](?:[pP]s){0,3}(?P<name>[uvwgrabI]|(?<=[pP]s)k)")
_ROLE = re.compile("[rR](?:qi)?[soc](?P<name>[uvwr])|[rR](?:qi)?s(?:[pP]s){1,3}(?P<late>[uvwr])")


def _after_titles(page: Page) -> Iterator[Span]:
    for match in _TITLE.finditer(page.classes):
        if not match.start() % 2:
            continue
        index = match.start("name")
        kind, word = page.classes[index], page.word(index)
        closed = kind == "w" and (
            page.classes[index + 1] in "cnxoD" or word not in page.lexicon.ordinary or _stands_as_name(page, match.start(), index)
        )
        if kind in "uvI" or word in page.lexicon.surnames or match.start() + 2 < index or closed:
            yield span(page, _onwards(page, match.start() + 2, index))
    for match in _ROLE.finditer(page.classes):
        if match.start() % 2:
            index = max(match.start("name"), match.start("late"))
            word = page.word(index)
            listed = page.careless and (
                word in page.lexicon.surnames or word in page.lexicon.capital or word in page.lexicon.given
            )
            if page.classes[index] in "wr" and not listed and (word in page.lexicon.ordinary or page.classes[index] == "r"):
                continue
            yield span(page, _onwards(page, match.start() + 2, index))
    if not _NAMING.isdisjoint(page.low):
        for index in [2 * place + 1 for place, word in enumerate(page.low[:-1]) if word in _NAMING]:
            if page.classes[index + 1] in "soc" and page.classes[index + 2] in "uvwgar":
                yield span(page, _onwards(page, index + 2, index + 2))


_INITIALS = re.compile("(?<![0m]s)(?:i[dDZ]){1,4}(?:ps){0,3}(?P<name>[uvw])")


def _after_initials(page: Page) -> Iterator[Span]:
    """`t. visser`, `j.p. van zon`: small initials before a surname, unless they are an abbreviation: `t.n.v. bakker`."""
    for match in _INITIALS.finditer(page.classes):
        index = match.start("name")
        named = page.classes[index] in "uv" or page.word(index) in page.lexicon.surnames
        letters = "".join(page.word(i) for i in range(match.start(), index, 2) if page.classes[i] == "i")
        if match.start() % 2 and named and letters not in page.lexicon.abbreviations:
            yield span(page, _onwards(page, match.start(), index))


def _by_nickname(page: Page) -> Iterator[Span]:
    """`met de lange en`: what somebody is called, where no noun follows."""
    if _NICKS.isdisjoint(page.low):
        return
    for place in [place for place, word in enumerate(page.low) if word in _NICKS]:
        index = 2 * place + 1
        called = page.word(index - 2) in ("de", "die") and page.word(index - 4) in _LEADS
        ends = page.classes[index + 1] != "s" or page.classes[index + 2] == "k"
        if called and ends and page.classes[index - 1] == "s" and page.word(index + 2) not in ("van", "in"):
            yield Span(page.at[index - 2], page.at[index + 1], "PER")


def _stands_as_name(page: Page, title: int, index: int) -> bool:
    """Whether an ordinary word after a title stands where only a name can: before a verb, or after `bij mw`."""
    word = page.word(index)
    if page.classes[index + 1] == "s" and page.word(index + 2) in _VERBS:
        return True
    return page.word(title - 2) in _TO and not word.endswith("en") and not _DONE.match(word)


def _onwards(page: Page, first: int, last: int) -> list[int]:
    """From a small-letter name on over what still belongs to it."""
    classes = page.classes
    while last + 2 < len(classes):
        gap, after = classes[last + 1], classes[last + 2]
        if (gap in "hq" and after in "uvw") or (
            gap == "s" and (after in "uv" or (after == "w" and page.word(last + 2) in page.lexicon.surnames))
        ):
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
        if (
            (listed or page.careless)
            and page.classes[index - 1] == "s"
            and page.word(index - 2) in page.lexicon.given
            and page.classes[index - 2] != "r"
        ):
            first = index - 2
        if first == index and page.classes[index - 1] == "s" and page.classes[index - 2] == "p":
            whole = span(page, [index])
            yield Span(whole.start, whole.end, whole.type, not sure)
        else:
            yield Span(page.at[first], page.at[index + 1], "PER", not sure)


def _subjects(page: Page) -> Iterator[Span]:
    """A surname that is a word, at the start of a sentence with its verb: `Visser belt`; before `is` only `strict` doubts."""
    for match in re.finditer("[gWG]s[kw]", page.classes):
        index = match.start()
        listed = page.word(index) in page.lexicon.surnames or page.word(index) in page.lexicon.capital
        if listed and page.starts_sentence(index) and page.word(index + 2) in _VERBS:
            doubt = page.word(index + 2) not in _SPEAKS
            yield Span(page.at[index], page.at[index + 1], "PER", strict=doubt)
