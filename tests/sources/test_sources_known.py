"""What deposited records tell the redactor."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.keeping import MemoryContributions
from fakes.samples import a_contribution, a_record
from sluis.core.errors import KeyUnavailable, SourceUnavailable
from sluis.core.record import Contribution, FieldValue, Known, Record, Wanted
from sluis.sources import StoredSource, known_of

WANTED = Wanted(subject="anna", provider="ggz", case="casus-1", categories=("wonen.situatie",))

AT = datetime(2026, 3, 1, tzinfo=UTC)


def told(category: str, **fields: FieldValue) -> set[tuple[str, str, str | None]]:
    return {(known.type, known.value, known.role) for known in known_of([a_record(category, "ggz", **fields)])}


def test_names_numbers_addresses_and_dates_of_the_subject_are_known() -> None:
    assert told("identiteit.basis", naam="Hakan Doganberg", geboortedatum="1990-05-04", geslacht="man") == {
        ("PER", "Hakan Doganberg", "betrokkene"),
        ("DOB", "1990-05-04", "betrokkene"),
    }
    assert told("identiteit.bsn", bsn="999990019") == {("BSN", "999990019", "betrokkene")}
    contact: dict[str, FieldValue] = {
        "adres": "Lange Nieuwstraat 4, 3512 PH Utrecht",
        "telefoon": "06 12345678",
        "e-mail": "h@example.nl",
    }
    assert told("contact.gegevens", **contact) == {
        ("ADDR", "Lange Nieuwstraat 4, 3512 PH Utrecht", "betrokkene"),
        ("PHONE", "06 12345678", "betrokkene"),
        ("EMAIL", "h@example.nl", "betrokkene"),
    }


def test_a_secret_address_is_known_so_that_no_note_can_tell_it() -> None:
    assert told("contact.geheim-adres", adres="Schuilweg 1") == {("ADDR", "Schuilweg 1", "betrokkene")}


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Jan Bos (broer); Els Bos", {"Jan Bos", "Els Bos"}),
        ("Jan Bos, Els Bos en Piet de Wit", {"Jan Bos", "Els Bos", "Piet de Wit"}),
        ("Bos, Jan", {"Bos, Jan"}),
        ("Jan Bos\nEls Bos", {"Jan Bos", "Els Bos"}),
        ("Jan", {"Jan"}),
        ("", set()),
        ("J", set()),
    ],
)
def test_each_name_of_a_list_is_a_person(written: str, names: set[str]) -> None:
    assert {value for _, value, _ in told("gezin.samenstelling", namen=written)} == names


def test_a_role_is_taken_from_the_record_only_when_it_is_a_word_that_may_be_shown() -> None:
    assert told("relaties.contacten", naam="Jan Bos", aard="Broer") == {("PER", "Jan Bos", "broer")}
    assert told("relaties.contacten", naam="Jan Bos", aard="broer Jan uit Goes") == {("PER", "Jan Bos", "contact")}
    assert told("gezin.samenstelling", namen="Els Bos", rollen="moeder") == {("PER", "Els Bos", "gezinslid")}
    assert told("contact.professional", naam="P. Arts", functie="arts") == {("PER", "P. Arts", "professional")}


def test_a_field_that_nobody_foresaw_is_known_too() -> None:
    assert told("identiteit.basis", meisjesnaam="Jansen", klantnummer=1234567) == {
        ("ID", "Jansen", None),
        ("ID", "1234567", None),
    }


def test_each_form_that_a_holder_wrote_is_known() -> None:
    assert {v for _, v, _ in told("identiteit.basis", naam={"volledig": "Hakan Doganberg", "initialen": "H.D."})} == {
        "Hakan Doganberg",
        "H.D.",
    }


def test_other_categories_tell_nothing_of_names() -> None:
    assert told("wonen.situatie", notitie="Hakan belt elke dag", woonvorm="kamer") == set()


@given(name=st.text(alphabet=st.characters(categories=["L"]), min_size=2, max_size=20))
def test_whatever_the_name_it_is_known(name: str) -> None:
    assert told("identiteit.basis", naam=name) == {("PER", name, "betrokkene")}


def test_what_anyone_knows_counts_whoever_is_asked_once_and_after_withdrawal_too() -> None:
    source = StoredSource(
        MemoryContributions(
            a_contribution("identiteit.basis", provider="politie", subject="anna", case="casus-7", naam="Anna Vos"),
            a_contribution("identiteit.basis", provider="om", subject="anna", naam="Anna Vos"),
            a_contribution("identiteit.basis", provider="om", subject="bas", naam="Bas Tol"),
        )
    )
    assert source.known_values(WANTED) == [Known(type="PER", value="Anna Vos", role="betrokkene")]


def test_a_key_that_cannot_be_opened_makes_the_source_unavailable() -> None:
    class Locked(MemoryContributions):
        def about(self, subject: str) -> list[Contribution]:
            del subject
            raise KeyUnavailable("what was sealed under this key has been changed")

    source = StoredSource(Locked())
    with pytest.raises(SourceUnavailable):
        source.known_values(WANTED)
    for act in (source.fetch, source.gathered):
        with pytest.raises(SourceUnavailable):
            act(WANTED)


def test_a_first_name_beside_the_full_name_is_one_person_and_not_two() -> None:
    full = Record(category="identiteit.basis", provider="ggz", recorded=AT, fields={"naam": "Sem Oldewarris"})
    short = Record(category="contact.gegevens", provider="ggz", recorded=AT, fields={"aanspreeknaam": "Sem"})
    assert [one.value for one in known_of([short, full])] == ["Sem Oldewarris"]


def test_a_nickname_that_is_no_part_of_the_name_stays_known() -> None:
    full = Record(category="identiteit.basis", provider="ggz", recorded=AT, fields={"naam": "Sem Oldewarris"})
    nick = Record(category="contact.gegevens", provider="ggz", recorded=AT, fields={"aanspreeknaam": "Beer"})
    assert [one.value for one in known_of([nick, full])] == ["Beer", "Sem Oldewarris"]


def test_both_at_once_releases_no_more_than_is_fetched_by_itself() -> None:
    kept = MemoryContributions(
        *(
            a_contribution(category, provider=provider, subject=subject, case=case, naam="Anna Vos")
            for category in ("wonen.situatie", "identiteit.basis")
            for provider in ("ggz", "politie")
            for subject in ("anna", "bas")
            for case in ("casus-1", "casus-7", None)
        )
    )
    for one in (*kept.about("anna"), *kept.about("bas")):
        twin = replace(one, id=f"{one.id}-terug", record=replace(one.record, fields={"naam": "Teruggenomen Naam"}))
        kept.deposit(twin)
        kept.withdraw(twin.id, AT)
    source = StoredSource(kept)
    for case in ("casus-1", "casus-7", None):
        wanted = replace(WANTED, case=case)
        records, known = source.gathered(wanted)
        assert list(records) == list(source.fetch(wanted))
        assert len(records) == 1
        assert list(known) == list(source.known_values(wanted))
        assert Known(type="PER", value="Teruggenomen Naam", role="betrokkene") in known
