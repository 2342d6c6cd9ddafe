"""Reading again what a release let go: by whom, on record first, the same as left, and nothing more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluis.core.disclosure import PASSAGE_WITHHELD
from sluis.core.entry import EntryDraft, Json, Kind, LoggedEntry
from sluis.core.errors import LedgerUnavailable, NotAllowed, NotFound, SourceUnavailable
from sluis.core.partner import Officer
from sluis.core.record import Known, Record
from sluis.core.verdict import Precision, TextMode
from sluis.flows.audit import Aim
from sluis.flows.passages import ReadText, Why
from sluis.flows.rereading import Reread, State, may_reread, reread
from sluis.flows.share import Shared, share
from sluis.ports.services import Services
from sluis.redaction import load
from world.ledger import MemoryLedger
from world.people import AMBULANCE, CLINIC, GGZ, NOBODY, POLICE, SEM, TOWN, World, asks

FUNCTIONAL = "gezondheid.functioneel"
ADVICE = "Spreek Sem rustig aan. Zijn moeder Katarzyna Zielinska kan helpen."


def officer(organisation: str | None, *roles: str) -> Officer:
    return Officer(subject="https://idp|fg", name="F. Groot", roles=frozenset(roles or ("fg",)), organisation=organisation)


@pytest.fixture
def case(world: World) -> str:
    """A running case in which the GGZ holds advice that names two people."""
    found = world.admitted(POLICE, TOWN, GGZ)
    world.holds(GGZ, FUNCTIONAL, case=found.id, bejegening={"advies": ADVICE})
    world.source.known[found.subject] = [Known(type="PER", value="Sem", role="betrokkene")]
    return found.id


def released(world: World, case: str, *, services: Services | None = None) -> Shared:
    """The police get that advice, under consent."""
    world.consent(GGZ, POLICE, FUNCTIONAL)
    answer = share(asks(world, POLICE, GGZ, FUNCTIONAL, case=case), services or world.services)
    assert isinstance(answer, Shared)
    return answer


def read(world: World, answer: Shared, who: Officer | None = None, services: Services | None = None) -> Reread:
    return reread(who or officer(GGZ), answer.receipt.entry_id, Aim.LAWFULNESS, services or world.services)


def texts_that_left(answer: Shared) -> list[object]:
    """The values of the fields in the bundle, in order, that hold text."""
    found: list[object] = []
    categories = answer.bundle.content["gegevens"]
    assert isinstance(categories, dict)
    for name in sorted(categories):
        for record in categories[name]["records"]:
            found += [value for value in record["velden"].values() if isinstance(value, str)]
    return found


def test_the_provider_reads_what_left_and_what_did_not(world: World, case: str) -> None:
    again = read(world, released(world, case))

    ((category,), (text,)) = again.categories, again.categories[0].texts
    assert again.state is State.READ
    assert (category.id, category.records, text.name) == (FUNCTIONAL, 1, "bejegening")
    assert text.shown == "Spreek [PER] rustig aan. Zijn moeder Katarzyna Zielinska kan helpen."
    (gone,) = text.gone
    assert (gone.original, gone.type, gone.why) == ("Sem", "PER", Why.KNOWN)
    assert text.shown[gone.start : gone.end] == "[PER]"


@given(words=st.lists(st.sampled_from(["Sem", "belt", "rustig", "GEHEIM", "de deur", "Sems zus"]), min_size=1, max_size=8))
def test_what_is_read_again_is_what_left(words: list[str]) -> None:
    world = World()
    found = world.admitted(POLICE, TOWN, GGZ)
    world.source.known[found.subject] = [Known(type="PER", value="Sem")]
    for start in (0, 1, 2):
        world.holds(GGZ, FUNCTIONAL, case=found.id, bejegening={"advies": " ".join(words[start:]) or "leeg"})
    answer = released(world, found.id)

    again = read(world, answer)

    assert [text.shown for one in again.categories for text in one.texts] == texts_that_left(answer)
    assert again.texts == sum(int(str(answer_core(world)[name])) for name in ("texts_released", "texts_withheld"))


def answer_core(world: World) -> dict[str, Json]:
    return dict(world.ledger.of(Kind.RELEASE_AUTHORISED)[-1].core)


def test_the_true_redactor_says_why_each_passage_went(world: World, case: str) -> None:
    world.holds(GGZ, FUNCTIONAL, case=case, crisisafspraken={"advies": "Bel Zielinska op 06 12 34 56 78 bij oplopende spanning."})
    services = replace(world.services, redactor=load())

    again = read(world, released(world, case, services=services), services=services)

    gone = [passage for one in again.categories for text in one.texts for passage in text.gone]
    assert ("Sem", "PER", Why.KNOWN) in [(one.original, one.type, one.why) for one in gone]
    assert ("06 12 34 56 78", "PHONE", Why.RULE) in [(one.original, one.type, one.why) for one in gone]
    for one in again.categories:
        for text in one.texts:
            assert not any(passage.original in text.shown for passage in text.gone)
            assert all(text.shown[passage.start : passage.end].startswith("[") for passage in text.gone)


WORDS = (
    "Sem",
    "SEM belt",
    "zus Roos Oldewarris",
    "06 12 34 56 78",
    "Groenhof 12, 3999 ZZ Veenstad",
    "rustig",
    "naar huis.",
    "\u00adSe\u200bm",
)


@given(notes=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=3))
def test_what_went_put_back_in_its_place_gives_the_text_as_it_was_written(notes: list[str]) -> None:
    world = World()
    found = world.admitted(POLICE, TOWN, GGZ)
    world.source.known[found.subject] = [Known(type="PER", value="Sem", role="betrokkene")]
    for note in notes:
        world.holds(GGZ, FUNCTIONAL, case=found.id, bejegening={"advies": note})
    services = replace(world.services, redactor=load())

    again = read(world, released(world, found.id, services=services), services=services)

    assert [put_back(text) for one in again.categories for text in one.texts] == notes


def put_back(text: ReadText) -> str:
    """The text with what stood there in the place of each marker."""
    whole = text.shown
    for gone in reversed(text.gone):
        whole = whole[: gone.start] + gone.original + whole[gone.end :]
    return whole


def test_a_name_that_only_another_text_betrays_went_because_it_stood_elsewhere(world: World) -> None:
    found = world.admitted(POLICE, TOWN, GGZ)
    world.holds(GGZ, FUNCTIONAL, case=found.id, bejegening={"advies": "Zus Roos Oldewarris komt elke week langs en belt dan."})
    world.holds(GGZ, FUNCTIONAL, case=found.id, crisisafspraken={"advies": "ROOS belt dan."})
    services = replace(world.services, redactor=load())

    again = read(world, released(world, found.id, services=services), services=services)

    whys = {(gone.original, gone.why) for one in again.categories for text in one.texts for gone in text.gone}
    assert ("ROOS", Why.ELSEWHERE) in whys, whys


def test_the_whole_text_that_the_proof_pass_held_back_is_told_as_such(world: World) -> None:
    found = world.admitted(POLICE, TOWN, GGZ)
    world.holds(GGZ, FUNCTIONAL, case=found.id, bejegening={"advies": "GEHEIM van Sem"})

    (text,) = read(world, released(world, found.id)).categories[0].texts

    assert text.shown == PASSAGE_WITHHELD
    (gone,) = text.gone
    assert (gone.original, gone.type, gone.why) == ("GEHEIM van Sem", "", Why.PROOF)


def test_free_text_that_the_rules_hold_back_does_not_reach_the_redactor(world: World, case: str) -> None:
    answer = released(world, case)
    entry = world.ledger.of(Kind.RELEASE_AUTHORISED)[-1]
    rewrite(world, entry, texts={FUNCTIONAL: "withhold"})
    world.redactor.seen.clear()

    (text,) = read(world, answer).categories[0].texts

    assert (text.shown, text.gone[0].why) == (PASSAGE_WITHHELD, Why.POLICY)
    assert world.redactor.seen == []


def rewrite(world: World, entry: LoggedEntry, **changed: Json) -> None:
    """Let the entry say something else about its subject; None takes a word away."""
    cells = []
    for role, data in entry.cells:
        said = {**data, **changed} if role == "subject" and data is not None else data
        cells.append((role, said and {name: value for name, value in said.items() if value is not None}))
    world.ledger.kept[entry.index] = replace(entry, cells=tuple(cells))


def test_one_strict_category_makes_the_whole_reading_strict_as_it_made_the_release(world: World, case: str) -> None:
    answer = released(world, case)
    entry = world.ledger.of(Kind.RELEASE_AUTHORISED)[-1]
    steps = {FUNCTIONAL: "functioneel", "gezondheid.bestaat": "bestaat"}
    rewrite(world, entry, released=steps, texts={FUNCTIONAL: "mask", "gezondheid.bestaat": "strict"})
    read(world, answer)
    modes = world.redactor.modes
    assert modes.pop() is TextMode.MASK
    world.holds(GGZ, "gezondheid.bestaat", case=case, in_zorg=True)

    again = read(world, answer)

    assert modes.pop() is TextMode.STRICT
    assert [len(one.texts) for one in again.categories] == [1, 0]


def test_where_only_existence_left_nothing_is_asked(world: World, case: str) -> None:
    answer = released(world, case)
    entry = world.ledger.of(Kind.RELEASE_AUTHORISED)[-1]
    rewrite(world, entry, released={"gezondheid.bestaat": "bestaat"}, texts={"gezondheid.bestaat": "strict"})
    asked = len(world.source.asked)

    (one,) = read(world, answer).categories

    assert (one.precision, one.texts, len(world.source.asked)) == (Precision.BESTAAT, (), asked)


# ---- who may ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("organisation", "roles", "may"),
    [
        (GGZ, ("fg",), True),
        (None, ("coordinerend-fg",), True),
        (CLINIC, ("coordinerend-fg",), True),
        (POLICE, ("fg",), False),
        (POLICE, ("coordinerend-fg",), False),
        (POLICE, ("fg", "coordinerend-fg"), False),
        (GGZ, ("auditor",), False),
        (None, ("auditor",), False),
        (None, ("fg",), False),
        (GGZ, ("beheerder",), False),
        ("vertrokken", ("coordinerend-fg",), False),
        (None, ("beheerder", "auditor"), False),
    ],
)
def test_only_the_giving_side_and_the_coordinating_officer_see_what_went(
    world: World, case: str, organisation: str | None, roles: tuple[str, ...], *, may: bool
) -> None:
    answer = released(world, case)
    who = officer(organisation, *roles)
    before, asked = len(world.ledger.kept), len(world.source.asked)
    assert may_reread(who, world.ledger.entry(answer.receipt.entry_id), world.services) is may
    if may:
        assert read(world, answer, who).state is State.READ
        return
    with pytest.raises(NotAllowed):
        read(world, answer, who)
    assert (len(world.ledger.kept), len(world.source.asked)) == (before, asked)


def test_a_release_of_others_does_not_exist(world: World, case: str) -> None:
    answer = released(world, case)
    for who in (officer(TOWN), officer(CLINIC)):
        with pytest.raises(NotFound):
            read(world, answer, who)


def test_what_is_no_release_cannot_be_read(world: World, case: str) -> None:
    share(asks(world, POLICE, GGZ, "gezondheid.diagnose", case=case), world.services)
    refusal = world.ledger.of(Kind.RELEASE_REFUSED)[-1]
    with pytest.raises(NotFound):
        reread(officer(GGZ), refusal.entry_id, Aim.LAWFULNESS, world.services)
    assert not may_reread(officer(GGZ), refusal, world.services)


# ---- the order of things ------------------------------------------------------------------------------


class Watched(MemoryLedger):
    """A log that writes down how often the source had been asked when something was recorded."""

    def __init__(self, asked: Callable[[], int]) -> None:
        super().__init__()
        self.asked, self.moments = asked, list[tuple[Kind, int]]()

    def append(self, draft: EntryDraft):  # type: ignore[no-untyped-def] # noqa: ANN201 - as the log it extends
        self.moments.append((draft.kind, self.asked()))
        return super().append(draft)


def test_the_reading_is_on_record_as_a_reading_of_content_before_anything_is_fetched(world: World, case: str) -> None:
    log = Watched(lambda: len(world.source.asked))
    world.ledger = log
    answer = released(world, case)
    asked = len(world.source.asked)

    reread(officer(GGZ), answer.receipt.entry_id, Aim.COURT, world.services)

    assert log.moments[-1] == (Kind.LOG_VIEWED, asked)
    assert len(world.source.asked) == asked + 1
    viewed = log.kept[-1]
    assert viewed.core == {"aim": "gerechtelijke-procedure"}
    ((role, said),) = viewed.cells
    assert role == "actor"
    assert said == {"officer": "https://idp|fg", "roles": ["fg"], "entry": answer.receipt.entry_id, "content": True}


def test_without_a_record_of_it_nothing_is_fetched(world: World, case: str) -> None:
    answer = released(world, case)
    asked = len(world.source.asked)
    world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        read(world, answer)
    assert len(world.source.asked) == asked


def test_only_the_released_categories_of_this_person_in_this_case_are_asked_for(world: World, case: str) -> None:
    world.holds(GGZ, "gezondheid.diagnose", case=case, diagnose="x")
    answer = released(world, case)

    read(world, answer)

    assert world.source.asked[-1] == world.source.asked[-2], "the same question as at the release"
    assert world.source.asked[-1].categories == (FUNCTIONAL,)


def test_a_fresh_seed_is_drawn(world: World, case: str) -> None:
    drawn: list[bytes] = []

    def seed() -> bytes:
        drawn.append(bytes([len(drawn)]) * 32)
        return drawn[-1]

    services = replace(world.services, seed=seed)
    answer = released(world, case, services=services)
    read(world, answer, services=services)
    read(world, answer, services=services)
    assert len(set(drawn)) == 3


# ---- what is no longer there --------------------------------------------------------------------------


def test_of_an_erased_person_nothing_is_asked_and_that_is_told(world: World, case: str) -> None:
    answer = released(world, case)
    entry = world.ledger.entry(answer.receipt.entry_id)
    world.ledger.kept[entry.index] = replace(entry, cells=(("subject", None), entry.cells[1]))
    asked = len(world.source.asked)

    again = read(world, answer)

    assert (again.state, again.categories) == (State.ERASED, ())
    assert len(world.source.asked) == asked
    assert world.ledger.kept[-1].kind is Kind.LOG_VIEWED


def test_what_was_withdrawn_is_not_there_and_the_counts_tell(world: World, case: str) -> None:
    answer = released(world, case)
    world.source.records.clear()

    again = read(world, answer)

    assert [(one.id, one.records, one.texts) for one in again.categories] == [(FUNCTIONAL, 0, ())]
    assert again.texts == 0 < int(str(again.entry.core["texts_released"]))


def test_what_was_written_after_the_release_is_counted_and_not_shown(world: World, case: str) -> None:
    answer = released(world, case)
    later = Record(
        category=FUNCTIONAL,
        provider=GGZ,
        recorded=world.clock.now() + timedelta(days=1),
        fields={"bejegening": {"advies": "later geschreven"}},
    )
    world.source.add(world.person(SEM), later, case=case)

    again = read(world, answer)

    assert again.later == 1
    assert "later geschreven" not in [text.shown for one in again.categories for text in one.texts]


def test_a_source_that_does_not_answer_is_an_error_and_the_reading_stays_on_record(world: World, case: str) -> None:
    answer = released(world, case)
    world.source.fails = "fetch"
    with pytest.raises(SourceUnavailable):
        read(world, answer)
    assert world.ledger.kept[-1].kind is Kind.LOG_VIEWED


# ---- whom it is about ---------------------------------------------------------------------------------


def test_a_release_without_a_case_is_found_through_its_own_cell(world: World) -> None:
    world.holds(CLINIC, "gezondheid.medicatie", middel="ghb")
    request = replace(
        asks(world, AMBULANCE, CLINIC, "gezondheid.medicatie"),
        purpose="vitaal-belang",
        motivation={},
        statements={"acuut-gevaar": True, "niet-aanspreekbaar": True},
        emergency="ligt bewusteloos op straat",
        urgent=True,
    )
    answer = share(request, world.services)
    assert isinstance(answer, Shared)

    again = read(world, answer, officer(CLINIC))

    assert again.state is State.READ
    assert [one.records for one in again.categories] == [1]
    assert world.source.asked[-1].subject == world.person(SEM)


def test_an_older_entry_that_names_a_case_is_found_through_the_case(world: World, case: str) -> None:
    answer = released(world, case)
    rewrite(world, world.ledger.of(Kind.RELEASE_AUTHORISED)[-1], subject=None, texts=None)

    assert read(world, answer).state is State.READ
    world.cases.kept.clear()
    assert read(world, answer).state is State.UNTRACEABLE


def test_a_person_under_whom_the_log_has_no_such_entry_is_not_read_about(world: World, case: str) -> None:
    answer = released(world, case)
    rewrite(world, world.ledger.of(Kind.RELEASE_AUTHORISED)[-1], subject=world.person(NOBODY))
    asked = len(world.source.asked)

    assert read(world, answer).state is State.UNTRACEABLE
    assert len(world.source.asked) == asked


def test_of_a_plan_of_which_only_the_own_part_left_no_text_is_worked_out(world: World, case: str) -> None:
    answer = released(world, case)
    entry = world.ledger.of(Kind.RELEASE_AUTHORISED)[-1]
    world.ledger.kept[entry.index] = replace(entry, core={**entry.core, "duties": ["alleen-eigen-acties"]})
    rewrite(world, world.ledger.entry(entry.entry_id), released={"plan.afspraken": "exact"}, texts={"plan.afspraken": "mask"})
    world.holds(GGZ, "plan.afspraken", case=case, doel="rust", acties={"gelakt": "Sem belt elke dag"})

    (plan,) = read(world, answer).categories

    assert (plan.partly, plan.records, plan.texts) == (True, 1, ())


def test_nothing_of_it_is_in_a_repr(world: World, case: str) -> None:
    again = read(world, released(world, case))
    shown = repr(again.categories)
    assert "Sem" not in shown
    assert "rustig" not in shown
