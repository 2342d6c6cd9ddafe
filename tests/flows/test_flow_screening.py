"""A round of screening: every question once, hits on record before how far it came, nothing about anybody opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ambient import NOON
from sluis.core.entry import EntryDraft, Kind, LoggedEntry, Receipt
from sluis.core.errors import LedgerUnavailable
from sluis.core.partner import Officer
from sluis.core.screening import QUESTIONS, Parameters, RuleName
from sluis.flows.audit import Aim
from sluis.flows.review import Opinion, Verdict, due, give_verdict, queue
from sluis.flows.screening import entries_behind, screen, screened_upto
from sluis.flows.share import share
from sluis.flows.tallies import Hits, tally
from sluis.ports.log import LogQuery
from world.ledger import MemoryLedger
from world.people import GGZ, POLICE, TOWN, World, asks

DIAGNOSIS = "gezondheid.diagnose"
EAGER = Parameters(searches=3, attempts=2)
OVERSEER = Officer(subject="iss|noor", name="Noor", roles=frozenset({"coordinerend-fg"}), organisation=None)


def refused(world: World, number: int, who: str = TOWN) -> None:
    """That many questions of one user that come to nothing."""
    case = world.admitted(TOWN, POLICE, GGZ).id
    for _ in range(number):
        share(asks(world, who, GGZ, DIAGNOSIS, case=case), world.services)


def flags(world: World) -> list[tuple[object, object]]:
    return [(one.core["rule"], one.core["about"]) for one in world.ledger.of(Kind.REVIEW_FLAGGED)]


def test_a_hit_waits_for_a_review_and_names_no_person(world: World) -> None:
    refused(world, 4)
    questions = world.ledger.of(Kind.RELEASE_REFUSED)
    done = screen(EAGER, world.services)
    assert (done.questions, done.added, done.per_rule()) == (4, 1, {RuleName.SEARCHING: 1})
    (flag,) = world.ledger.of(Kind.REVIEW_FLAGGED)
    assert flag.cells == ()
    assert (flag.core["rule"], flag.core["about"], flag.core["count"]) == ("zoekgedrag", questions[2].entry_id, 3)
    assert flag.core["entries"] == [one.entry_id for one in questions[:3]]
    assert (flag.core["recipient"], flag.core["provider"]) == (questions[2].core["recipient"], questions[2].core["provider"])
    (waiting,) = queue(OVERSEER, Aim.LAWFULNESS, world.services)
    assert (waiting.entry, waiting.due) == (flag, due(flag.recorded, "toetsregel"))
    assert waiting.due - flag.recorded == timedelta(days=7)  # five working days


def test_no_cell_is_opened_for_it(world: World) -> None:
    refused(world, 4)

    class Bare(MemoryLedger):
        """The same log, which opens nothing."""

        def __init__(self) -> None:
            super().__init__()
            self.__dict__.update(world.ledger.__dict__)

        def entries(self, query: LogQuery) -> Sequence[LoggedEntry]:
            assert query.bare
            return super().entries(query)

    assert screen(EAGER, replace(world.services, ledger=Bare())).added == 1


def test_how_far_it_came_is_on_record_and_the_next_round_goes_on_there(world: World) -> None:
    assert screened_upto(world.services) == -1
    assert screen(EAGER, world.services).questions == 0
    assert world.ledger.of(Kind.SCREENING_DONE) == []
    refused(world, 4)
    screen(EAGER, world.services)
    last = world.ledger.of(Kind.RELEASE_REFUSED)[-1].index
    assert screened_upto(world.services) == last
    assert screen(EAGER, world.services).questions == 0
    assert len(world.ledger.of(Kind.SCREENING_DONE)) == 1
    refused(world, 2)
    assert screen(EAGER, world.services).questions == 2
    assert len(flags(world)) == 1
    first = world.ledger.of(Kind.SCREENING_DONE)[0].core
    assert first["hits"] == {"zoekgedrag": 1}
    assert first["numbers"] == EAGER.on_record()


def test_what_was_asked_before_the_last_round_still_counts(world: World) -> None:
    refused(world, 2)
    assert screen(EAGER, world.services).hits == ()
    refused(world, 1)
    assert [hit.count for hit in screen(EAGER, world.services).hits] == [3]


def test_a_dry_run_tells_and_puts_nothing_on_record(world: World) -> None:
    refused(world, 4)
    size = world.ledger.state().size
    done = screen(EAGER, world.services, dry_run=True)
    assert (len(done.hits), done.added, world.ledger.state().size) == (1, 0, size)


class Mortal(MemoryLedger):
    """A log that stops answering after so many appends, having kept the last one or not."""

    def __init__(self, other: MemoryLedger, left: int, *, kept: bool) -> None:
        super().__init__()
        self.__dict__.update(other.__dict__)
        self.left, self.keeps = left, kept

    def append(self, draft: EntryDraft) -> Receipt:
        self.left -= 1
        if self.left < 0 and not self.keeps:
            raise LedgerUnavailable("gone")
        receipt = super().append(draft)
        if self.left < 0:
            raise LedgerUnavailable("gone")
        return receipt


@given(left=st.integers(0, 4), kept=st.booleans())
def test_wherever_a_round_dies_the_next_one_neither_loses_nor_doubles_a_hit(left: int, *, kept: bool) -> None:
    world = World()
    refused(world, 3)
    refused(world, 3, POLICE)
    world.clock.at = NOON.replace(hour=23)
    refused(world, 1)
    whole = {(hit.rule.value, hit.row.entry_id) for hit in screen(EAGER, world.services, dry_run=True).hits}
    assert len(whole) == 3
    mortal = Mortal(world.ledger, left, kept=kept)
    try:
        screen(EAGER, replace(world.services, ledger=mortal))
    except LedgerUnavailable:
        mortal.left = 100
    screen(EAGER, replace(world.services, ledger=mortal))
    found = [(str(one.core["rule"]), str(one.core["about"])) for one in mortal.of(Kind.REVIEW_FLAGGED)]
    assert sorted(found) == sorted(whole)
    assert screen(EAGER, replace(world.services, ledger=mortal)).questions == 0


def test_when_the_indexes_have_shifted_it_begins_again_and_doubles_nothing(world: World) -> None:
    refused(world, 4)
    screen(EAGER, world.services)
    # A year was taken away: what is on record lies beyond the entry that says it.
    draft = EntryDraft(kind=Kind.SCREENING_DONE, at=world.clock.now(), core={"upto": 9_999})
    world.ledger.append(draft)
    assert screened_upto(world.services) == -1
    assert (screen(EAGER, world.services).added, len(flags(world))) == (0, 1)


def test_a_log_of_more_than_a_page_is_screened_whole_and_told(world: World) -> None:
    refused(world, 1)
    one = world.ledger.drafts[-1]
    for _ in range(2_300):
        world.ledger.kept.append(
            replace(world.ledger.kept[-1], index=len(world.ledger.kept), entry_id=f"{len(world.ledger.kept):032x}")
        )
        world.ledger.drafts.append(one)
    heard: list[int] = []
    done = screen(EAGER, world.services, dry_run=True, told=heard.append)
    assert done.questions == len(world.ledger.of(*QUESTIONS)) == heard[-1] == 2_301
    assert heard == [1_000, 2_000, 2_301]


def test_an_officer_gets_the_entries_that_are_his_and_no_others(world: World) -> None:
    case = world.admitted(TOWN, POLICE, GGZ).id
    for provider in (GGZ, POLICE, GGZ):
        share(asks(world, TOWN, provider, DIAGNOSIS, case=case), world.services)
    screen(EAGER, world.services)
    flag = world.ledger.of(Kind.REVIEW_FLAGGED)[0]
    own = Officer(subject="iss|ilse", name="Ilse", roles=frozenset({"fg"}), organisation=GGZ)
    assert len(entries_behind(OVERSEER, flag, world.services)) == 3
    assert len(entries_behind(own, flag, world.services)) == 2
    broken = replace(flag, core={**flag.core, "entries": "none"})
    assert list(entries_behind(OVERSEER, broken, world.services)) == []


def test_false_alarms_are_counted_per_rule(world: World) -> None:
    refused(world, 3)
    refused(world, 3, POLICE)
    screen(EAGER, world.services)
    first = world.ledger.of(Kind.REVIEW_FLAGGED)[0]
    give_verdict(OVERSEER, first.entry_id, Opinion(verdict=Verdict.FALSE_ALARM, ground="een cursus"), world.services)
    now = world.clock.now()
    found = tally(OVERSEER, [now - timedelta(days=7), now + timedelta(days=1)], None, Aim.LAWFULNESS, world.services)
    assert found.rules == {RuleName.SEARCHING: Hits(hits=2, judged=1, false_alarms=1)}
    assert found.verdicts[Verdict.FALSE_ALARM] == 1


@pytest.mark.parametrize("number", [1, 5])
def test_screening_changes_no_answer(world: World, number: int) -> None:
    refused(world, number)
    screen(EAGER, world.services)
    refused(world, 1)
    assert len(world.ledger.of(Kind.RELEASE_REFUSED)) == number + 1
