"""What every keeper of officers' searches promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.ambient import NOON
from fakes.keepers import Keepers
from fakes.samples import fresh
from sluis.core.errors import NotFound, WrongState
from sluis.core.search import SavedSearch

WORDS = {"soort": "release.refused", "ontvanger": "politie-veen"}


def a_search(officer: str, name: str = "Weigeringen aan de politie", minutes: int = 0) -> SavedSearch:
    return SavedSearch(id=fresh("zoekvraag"), officer=officer, name=name, words=WORDS, saved=NOON + timedelta(minutes=minutes))


def test_an_officer_finds_what_he_kept_oldest_first_and_nobody_elses(keepers: Keepers) -> None:
    officer, other = fresh("https://idp.test|fg"), fresh("https://idp.test|fg")
    later, first = a_search(officer, "Elders", 5), a_search(officer, "<b>é</b> 'x' ☃")
    for search in (later, first, a_search(other)):
        keepers.searches.add(search)

    assert list(keepers.searches.of(officer)) == [first, later]
    assert [one.officer for one in keepers.searches.of(other)] == [other]
    assert list(keepers.searches.of(fresh("niemand"))) == []


def test_a_search_is_removed_once_and_by_its_owner_only(keepers: Keepers) -> None:
    officer, other = fresh("https://idp.test|fg"), fresh("https://idp.test|fg")
    kept, stays = a_search(officer), a_search(officer, "Blijft", 1)
    keepers.searches.add(kept)
    keepers.searches.add(stays)

    with pytest.raises(NotFound):
        keepers.searches.remove(other, kept.id)
    keepers.searches.remove(officer, kept.id)
    with pytest.raises(NotFound):
        keepers.searches.remove(officer, kept.id)
    assert list(keepers.searches.of(officer)) == [stays]


def test_an_id_is_used_once(keepers: Keepers) -> None:
    search = a_search(fresh("https://idp.test|fg"))
    keepers.searches.add(search)

    with pytest.raises(WrongState):
        keepers.searches.add(replace(search, name="Anders"))
    assert list(keepers.searches.of(search.officer)) == [search]


def test_nothing_of_a_search_shows_in_a_repr() -> None:
    said = repr(a_search("https://idp.test|Noor", "Sem de Vries"))

    assert not any(word in said for word in ("Noor", "Sem", "politie"))
