"""What a provider may leave with Sluis, and what is on record of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sluis.core.entry import Kind
from sluis.core.errors import BadInput, NotFound
from sluis.flows import contribute
from world.people import GGZ, TOWN, World, rulebook

SEM = {"bsn": "999900018"}


@pytest.mark.parametrize("category", sorted(rulebook().common.never))
def test_what_no_rule_ever_releases_is_not_even_kept(world: World, category: str) -> None:
    field = next(iter(rulebook().vocabulary.categories[category].fields))
    left = contribute.Deposit(subject=world.person(SEM), case=None, category=category, fields={field: "een waarde"})
    with pytest.raises(BadInput, match="nooit"):
        contribute.deposit(left, world.actor(GGZ), world.services)
    assert world.contributions.kept == {}
    assert world.ledger.kept == []


def test_a_case_that_is_not_yours_takes_nothing_also_when_you_name_the_person(world: World) -> None:
    left = contribute.Deposit(subject=world.person(SEM), case="onbekend", category="wonen.situatie", fields={"woonvorm": "x"})
    with pytest.raises(NotFound):
        contribute.deposit(left, world.actor(TOWN), world.services)
    assert world.contributions.kept == {}


def test_taking_back_is_on_record_at_the_moment_it_was_done(world: World) -> None:
    left = contribute.Deposit(subject=world.person(SEM), case=None, category="wonen.situatie", fields={"woonvorm": "x"})
    kept, _ = contribute.deposit(left, world.actor(TOWN), world.services)
    world.clock.move(timedelta(days=40))
    contribute.withdraw(kept.id, world.actor(TOWN), world.services)
    made, taken = [entry for entry in world.ledger.kept if entry.kind is Kind.CONTRIBUTION_CHANGED]
    assert taken.recorded - made.recorded >= timedelta(days=40)
    assert taken.core["change"] == "teruggenomen"
