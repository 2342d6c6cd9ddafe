"""Who takes part is on record: before a change has effect, or, of a partner that is shut out, as soon as it can be."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, RSAKey

from fakes.ambient import NOON
from fakes.samples import a_partner, an_employee
from sluis.core.entry import Kind, LoggedEntry
from sluis.core.errors import LedgerUnavailable, StoreUnavailable
from sluis.core.partner import Partner, Profile
from sluis.core.registration import registration_of, thumbprints
from sluis.flows.enrolling import enrol, enrol_people, note_shut_out, settle, shut_out
from sluis.ports.log import LogQuery
from world.people import GGZ, POLICE, World

MINUTE = timedelta(minutes=1)
BY = "j.de.beheerder"


@pytest.fixture
def world() -> World:
    """A region whose partners are all on record."""
    made = World()
    settle(made.services)
    made.clock.move(MINUTE)
    return made


def partner(world: World, name: str = GGZ) -> Partner:
    found = world.partners.by_id(name)
    assert found is not None
    return found


def said(world: World, name: str = GGZ) -> list[LoggedEntry]:
    """What the log says of that partner after the first entry, oldest first."""
    return [entry for entry in world.ledger.of(Kind.PARTNER_CHANGED) if entry.core["partner"] == name][1:]


def test_a_new_partner_is_on_record_with_its_keys_by_thumbprint_and_who_let_it_in(world: World) -> None:
    new = a_partner("ggz-nieuw")
    receipt = enrol(new, BY, world.services)
    entry = world.ledger.entry(receipt.entry_id)
    assert (entry.core["change"], entry.core["provider"], entry.core["afterwards"]) == ("geregistreerd", new.oin, False)
    assert entry.core["registration"] == registration_of(new)
    assert entry.cells == (("actor", {"name": BY, "role": "beheerder"}),)
    assert world.partners.by_id("ggz-nieuw") == new


def test_a_change_says_what_changed(world: World) -> None:
    before = partner(world)
    enrol(replace(before, scopes=frozenset({"verzoeken"}), certificates=frozenset({"vingerafdruk"})), BY, world.services)
    (entry,) = said(world)
    assert (entry.core["change"], entry.core["changed"]) == ("gewijzigd", ["certificates", "scopes"])


@pytest.mark.parametrize("fails", ["before-commit", "after-commit"])
def test_without_the_log_nobody_is_registered_and_nothing_changes(world: World, fails: str) -> None:
    world.ledger.fails = fails  # type: ignore[assignment] # one of the two words of the fake
    before = partner(world)
    with pytest.raises(LedgerUnavailable):
        enrol(a_partner("ggz-nieuw"), BY, world.services)
    with pytest.raises(LedgerUnavailable):
        enrol(replace(before, scopes=frozenset({"verzoeken"})), BY, world.services)
    assert world.partners.by_id("ggz-nieuw") is None
    assert partner(world) == before


def test_the_entry_of_a_change_stands_before_the_change_does(world: World) -> None:
    world.partners.fails = "before-commit"
    with pytest.raises(StoreUnavailable):
        enrol(replace(partner(world), scopes=frozenset({"verzoeken"})), BY, world.services)
    assert [entry.core["changed"] for entry in said(world)] == [["scopes"]]


def test_a_change_that_was_recorded_and_never_made_is_set_right(world: World) -> None:
    before = partner(world)
    world.partners.fails = "before-commit"
    with pytest.raises(StoreUnavailable):
        enrol(replace(before, scopes=frozenset({"verzoeken"})), BY, world.services)
    with pytest.raises(StoreUnavailable):
        enrol(a_partner("ggz-nieuw"), BY, world.services)
    world.partners.fails = None
    assert settle(world.services) == [], "somebody may be between the entry and the change"
    world.clock.move(MINUTE)
    assert [(one.partner, one.change) for one in settle(world.services)] == [
        (GGZ, "gewijzigd"),
        ("ggz-nieuw", "niet in de boeken"),
    ]
    assert said(world)[-1].core["registration"] == registration_of(before)
    world.clock.move(MINUTE)
    assert settle(world.services) == []


def test_a_partner_is_shut_out_although_the_log_is_down_and_that_is_written_down_when_it_is_back(world: World) -> None:
    before = partner(world)
    world.ledger.fails = "before-commit"
    shut = shut_out(before, world.services)
    assert not partner(world).active(world.clock.now()), "from this moment, before anything was asked of the log"
    with pytest.raises(LedgerUnavailable):
        note_shut_out(before, shut, BY, world.services)
    with pytest.raises(LedgerUnavailable):
        settle(world.services)
    # Everything in memory is gone now: what is owed stands in the books.
    world.ledger.fails = None
    world.clock.move(timedelta(hours=3))
    assert [(one.partner, one.change) for one in settle(world.services)] == [(GGZ, "ingetrokken")]
    (entry,) = said(world)
    assert (entry.core["change"], entry.core["afterwards"], entry.cells) == ("ingetrokken", True, ())
    assert entry.core["changed"] == ["active_until"]
    assert registration_of(shut)["active_until"] == "2026-03-02T12:01:00.000000+00:00"
    assert settle(world.services) == []


def test_who_shuts_a_partner_out_is_on_record_and_owes_nothing_afterwards(world: World) -> None:
    before = partner(world)
    shut = shut_out(before, world.services)
    note_shut_out(before, shut, BY, world.services)
    (entry,) = said(world)
    assert (entry.core["change"], entry.core["changed"]) == ("ingetrokken", ["active_until"])
    assert entry.cells[0][1] == {"name": BY, "role": "beheerder"}
    world.clock.move(MINUTE)
    assert settle(world.services) == []


def test_shutting_out_twice_keeps_the_first_moment(world: World) -> None:
    first = shut_out(partner(world), world.services)
    world.clock.move(MINUTE)
    assert shut_out(partner(world), world.services) == first


def test_an_entry_that_was_written_although_the_log_did_not_answer_is_not_written_again(world: World) -> None:
    before = partner(world)
    shut = shut_out(before, world.services)
    world.ledger.fails = "after-commit"
    with pytest.raises(LedgerUnavailable):
        note_shut_out(before, shut, BY, world.services)
    world.ledger.fails = None
    world.clock.move(MINUTE)
    assert settle(world.services) == []
    assert len(said(world)) == 1


def test_a_key_that_somebody_put_into_the_database_behind_our_back_comes_on_record(world: World) -> None:
    world.partners.save(replace(partner(world), keys={"keys": [{"kty": "EC", "crv": "P-256", "x": "aanvaller", "y": "y"}]}))
    assert [(one.partner, one.change) for one in settle(world.services)] == [(GGZ, "gewijzigd")]
    assert said(world)[-1].core["changed"] == ["keys"]


def test_a_partner_that_was_never_on_record_comes_on_record_once(world: World) -> None:
    world.partners.save(a_partner("uit-een-oude-versie"))
    assert [(one.partner, one.change) for one in settle(world.services)] == [("uit-een-oude-versie", "geregistreerd")]
    world.clock.move(MINUTE)
    assert settle(world.services) == []


def test_people_are_on_record_each_in_his_own_cell_and_named_nowhere_else(world: World) -> None:
    people = [an_employee(POLICE, "u-1"), an_employee(POLICE, "u-2")]
    enrol_people(partner(world, POLICE), people, BY, world.services, world.employees)
    (entry,) = said(world, POLICE)
    assert (entry.core["change"], entry.core["people"]) == ("medewerkers", 2)
    assert "u-1" not in json.dumps(dict(entry.core))
    assert [cell.identifier for cell in world.ledger.drafts[-1].cells] == [f"beheerder/{BY}", f"{POLICE}/u-1", f"{POLICE}/u-2"]
    assert world.employees.find(POLICE, "u-2") == people[1]
    world.clock.move(MINUTE)
    assert settle(world.services) == [], "an entry about its people says nothing of the registration"


def test_without_the_log_nobody_gets_authority(world: World) -> None:
    world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        enrol_people(partner(world, POLICE), [an_employee(POLICE, "u-1")], BY, world.services, world.employees)
    assert world.employees.find(POLICE, "u-1") is None


def test_the_officer_of_an_organisation_finds_what_happened_to_its_registration(world: World) -> None:
    enrol(replace(partner(world), scopes=frozenset()), BY, world.services)
    found = world.ledger.entries(LogQuery(kinds=(Kind.PARTNER_CHANGED,), party=partner(world).oin))
    assert [entry.core["partner"] for entry in found] == [GGZ, GGZ]


MOMENTS = st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours))
WORDS = st.frozensets(st.sampled_from(["a", "b", "c"]), max_size=2)
KEYS = st.lists(st.sampled_from(["x", "y", "z"]), max_size=2, unique=True).map(
    lambda xs: {"keys": [{"kty": "EC", "crv": "P-256", "x": x, "y": x, "kid": "sleutel"} for x in xs]}
)
PARTNERS = st.builds(
    Partner,
    id=st.just("p"),
    oin=st.sampled_from(["1", "2"]),
    kind=st.sampled_from(["ggz", "politie"]),
    name=st.just("naam"),
    client_id=st.sampled_from(["c", "d"]),
    profile=st.sampled_from(list(Profile)),
    keys=KEYS,
    certificates=WORDS,
    scopes=WORDS,
    active_from=MOMENTS,
    active_until=st.none() | MOMENTS,
)


def unordered(one: Partner) -> Partner:
    """The same with its keys in one order: two orders of a key set let in the same."""
    entries = one.keys["keys"]
    assert isinstance(entries, list)
    return replace(one, keys={"keys": sorted(entries, key=str)})


@given(PARTNERS, PARTNERS)
def test_registrations_read_the_same_exactly_when_they_let_in_the_same(one: Partner, other: Partner) -> None:
    assert (registration_of(one) == registration_of(other)) is (unordered(one) == unordered(other))


def test_the_thumbprint_of_a_key_is_that_of_rfc_7638() -> None:
    rsa, ec = RSAKey.generate_key(2048), ECKey.generate_key("P-256")
    for key in (rsa, ec):
        public = {**key.as_dict(private=False), "kid": "iets anders", "use": "sig"}
        assert thumbprints({"keys": [public]}) == [key.thumbprint()]


@pytest.mark.parametrize("keys", [{}, {"keys": "geen lijst"}, {"keys": ["geen sleutel", 3, None]}])
def test_what_is_no_key_set_still_reads(keys: dict[str, object]) -> None:
    assert isinstance(thumbprints(keys), list)
