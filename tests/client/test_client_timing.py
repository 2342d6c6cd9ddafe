"""The client reads the clock, the figures and the staffing of its own organisation as values (stories S4, S5, S8)."""

from __future__ import annotations

from datetime import date

from sluis.client import SluisClient, asks, timing
from sluis.demo.region import key_of
from world.broker import GGZ, PROBATION, Broker, Told


def partner(broker: Broker, name: str) -> SluisClient:
    """A client of that organisation."""
    return SluisClient.with_dpop(broker.url, name, key_of(name, broker.region.partner_keys), http=broker.http)


def test_both_sides_read_until_when_there_is_and_in_which_words(broker: Broker, told: Told) -> None:
    for name in (GGZ, PROBATION):
        task = partner(broker, name).do(asks.task(told.request))
        assert task.due is not None
        assert (task.urgent, task.late, task.escalated, task.due_words) == (False, False, None, "binnen drie dagen")
        assert task.asked < task.due


def test_the_figures_of_a_quarter_are_read_with_what_was_not_told_as_none(broker: Broker, told: Told) -> None:
    assert told.request
    found = partner(broker, GGZ).do(timing.timeliness())
    assert [row.median for row in found.as_provider if row.purpose == "zvh-casus"] == [None]
    earlier = partner(broker, GGZ).do(timing.timeliness("2026-K1"))
    assert (earlier.quarter, earlier.since, earlier.until) == ("2026-K1", date(2026, 1, 1), date(2026, 3, 31))


def test_the_staffing_of_a_partner_whose_people_stay_is_empty_of_vacancies(broker: Broker) -> None:
    assert partner(broker, PROBATION).do(timing.staffing()).empty == ()
