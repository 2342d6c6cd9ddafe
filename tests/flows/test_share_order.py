"""Decide, fetch, redact, append, answer: in that order, and with a death before and after each step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fakes.keys import Died
from sluis.core.entry import Kind
from sluis.core.errors import KeyUnavailable, LedgerUnavailable, PolicyUnavailable, SourceUnavailable, StoreUnavailable
from sluis.core.request import Request
from sluis.flows.share import Referred, Refused, Shared, share
from world.mortal import Journal, mortal
from world.people import CLINIC, GGZ, POLICE, PROBATION, SEM, SetRules, World, asks

ADVICE = "Spreek rustig en kom met twee mensen"
MADE = "release.authorised"


def consented(world: World) -> Request:
    """A request that is permitted for one category and refused for another: the consent does not name the diagnosis."""
    case = world.admitted()
    world.consent(GGZ, POLICE, "gezondheid.functioneel", case=case.id)
    world.holds(GGZ, "gezondheid.functioneel", case=case.id, bejegening={"advies": ADVICE})
    world.holds(GGZ, "gezondheid.diagnose", case=case.id, diagnose="een diagnose")
    return asks(world, POLICE, GGZ, "gezondheid.functioneel", "gezondheid.diagnose", case=case.id)


def referred(world: World) -> Request:
    """A request on which a human decides first."""
    case = world.admitted(POLICE, PROBATION, GGZ)
    world.holds(GGZ, "gezondheid.functioneel", case=case.id, bejegening={"advies": ADVICE})
    return asks(world, PROBATION, GGZ, "gezondheid.functioneel", case=case.id)


def refused(world: World) -> Request:
    """A request that no rule permits: the police asks for medication outside any case."""
    world.holds(CLINIC, "gezondheid.medicatie", middel="een middel")
    return asks(world, POLICE, CLINIC, "gezondheid.medicatie", purpose="vitaal-belang", statements={"acuut-gevaar": True})


def steps_of(request: Request, world: World) -> list[str]:
    """Every call of a keeper that answering takes, in order."""
    journal = Journal()
    share(request, mortal(world.services, journal))
    return journal.names


def test_a_permitted_question_is_answered_with_the_minimum_and_its_receipt(world: World) -> None:
    answer = share(consented(world), world.services)
    assert isinstance(answer, Shared)
    assert set(answer.decision.permitted) == {"gezondheid.functioneel"}
    assert set(answer.decision.refused) == {"gezondheid.diagnose"}
    assert ADVICE in answer.bundle.canonical.decode()
    assert b"een diagnose" not in answer.bundle.canonical
    assert world.ledger.entry(answer.receipt.entry_id).core["bundle"] == answer.bundle.digest


def test_the_steps_of_a_release_come_in_their_order(world: World) -> None:
    names = steps_of(consented(world), world)
    fetched, redacted, logged = (names.index(name) for name in ("source.gathered", "redactor.redact", "ledger.append"))
    assert fetched < redacted < logged
    assert names.count("source.gathered") == names.count("ledger.append") == 1
    assert "source.gathered" not in names[: names.index("evidence.about")], "case data were read before the facts were known"
    assert names[-1] == "ledger.append", "something was done between the log and the answer"


@pytest.mark.parametrize("question", [refused, referred])
def test_a_question_that_releases_nothing_reads_no_case_data(world: World, question: type) -> None:
    names = steps_of(question(world), world)
    assert not [name for name in names if name.startswith("source.")]
    assert world.source.asked == []


def test_only_what_is_permitted_is_fetched(world: World) -> None:
    share(consented(world), world.services)
    (wanted,) = world.source.asked
    assert wanted.categories == ("gezondheid.functioneel",)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("question", [consented, referred, refused])
def test_whoever_dies_at_any_step_has_released_nothing_unlogged_and_left_nothing_half(question: type, *, after: bool) -> None:
    steps = len(steps_of(question(whole := World()), whole))
    assert steps > 5
    for at in range(1, steps + 1):
        world = World()
        request = question(world)
        journal = Journal(at, after=after)
        with pytest.raises(Died):
            share(request, mortal(world.services, journal))
        releases = world.ledger.of(Kind.RELEASE_AUTHORISED)
        appended = "ledger.append" in journal.names[: len(journal.names) if after else -1]
        assert len(releases) == (appended and question is consented), "the log may over-report, after its own step only"
        assert not world.tasks.kept or world.ledger.of(Kind.RELEASE_REFERRED), "a task without its entry"
        # Whoever died asks again, and is answered as if nothing had happened.
        again = share(request, world.services)
        assert isinstance(again, {consented: Shared, referred: Referred, refused: Refused}[question])
        assert len(world.ledger.of(Kind.RELEASE_AUTHORISED)) == len(releases) + (question is consented)


@pytest.mark.parametrize("fails", ["before-commit", "after-commit"])
@pytest.mark.parametrize("question", [consented, referred, refused])
def test_no_answer_of_any_kind_leaves_when_the_log_cannot_write(world: World, question: type, fails: str) -> None:
    request = question(world)
    world.ledger.fails = fails  # type: ignore[assignment] # one of the two words of the fake
    with pytest.raises(LedgerUnavailable):
        share(request, world.services)
    assert world.tasks.kept == {}
    assert len(world.ledger.kept) == (fails == "after-commit")


@pytest.mark.parametrize("fails", ["fetch", "known"])
def test_a_source_that_does_not_answer_releases_nothing_and_logs_no_release(world: World, fails: str) -> None:
    request = consented(world)
    world.source.fails = fails  # type: ignore[assignment] # one of the words of the fake
    with pytest.raises(SourceUnavailable):
        share(request, world.services)
    assert world.ledger.kept == []


def test_a_redactor_that_falls_over_releases_nothing(world: World) -> None:
    request = consented(world)
    world.redactor.fails = True
    with pytest.raises(RuntimeError):
        share(request, world.services)
    assert world.ledger.kept == []


def test_a_redactor_that_forgets_a_text_releases_nothing(world: World) -> None:
    request = consented(world)
    world.redactor.forgets = True
    with pytest.raises(ValueError, match="zip"):
        share(request, world.services)
    assert world.ledger.kept == []


@pytest.mark.parametrize("keeper", ["partners", "employees", "cases", "evidence"])
def test_without_its_own_books_the_broker_decides_nothing(world: World, keeper: str) -> None:
    request = consented(world)
    getattr(world, keeper).fails = "read"
    with pytest.raises(StoreUnavailable):
        share(request, world.services)
    assert world.source.asked == []
    assert world.ledger.kept == []


def test_without_a_valid_policy_set_nothing_is_decided(world: World) -> None:
    request = consented(world)
    world.rules = SetRules(None)
    with pytest.raises(PolicyUnavailable):
        share(request, world.services)
    assert world.ledger.kept == []
    assert world.source.asked == []


def test_an_empty_rulebook_refuses_everything(world: World) -> None:
    request = consented(world)
    world.rules = SetRules(replace(world.rules.current(), rules=()))
    answer = share(request, world.services)
    assert isinstance(answer, Refused)
    assert world.source.asked == []


def test_a_pseudonym_that_cannot_be_made_stops_the_release(world: World) -> None:
    request = consented(world)
    services = replace(world.services, subjects=_NoPseudonyms(world))
    with pytest.raises(KeyUnavailable):
        share(request, services)
    assert world.ledger.kept == []


def test_a_referral_that_the_books_refuse_is_on_record_and_answered_with_an_error(world: World) -> None:
    request = referred(world)
    world.tasks.fails = "before-commit"
    with pytest.raises(StoreUnavailable):
        share(request, world.services)
    assert len(world.ledger.of(Kind.RELEASE_REFERRED)) == 1
    assert world.tasks.kept == {}


def test_two_equal_questions_are_two_releases_with_two_bundles_of_different_hash(world: World) -> None:
    request = consented(world)
    first, second = share(request, world.services), share(request, world.services)
    assert isinstance(first, Shared)
    assert isinstance(second, Shared)
    assert first.bundle.content["gegevens"] == second.bundle.content["gegevens"]
    assert first.bundle.digest != second.bundle.digest, "the hash in the log would tell what left"


def test_the_person_is_a_pseudonym_for_this_recipient_and_purpose_only(world: World) -> None:
    answer = share(consented(world), world.services)
    assert isinstance(answer, Shared)
    subject = world.person(SEM)
    assert answer.bundle.content["betrokkene"] == world.subjects.pseudonym(subject, recipient=POLICE, purpose="zvh-casus")
    assert subject not in answer.bundle.canonical.decode()


class _NoPseudonyms:
    """A subject index whose key is gone."""

    def __init__(self, world: World) -> None:
        self.subject = world.subjects.subject

    def pseudonym(self, subject: str, *, recipient: str, purpose: str) -> str:  # noqa: ARG002 - the port's own signature
        raise KeyUnavailable("the key of the pseudonyms is missing")
