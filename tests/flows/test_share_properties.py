"""What holds for every question: no grant, no data; and nothing told of what is withheld."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fakes.ambient import NOON
from sluis.core.record import Record
from sluis.core.verdict import Precision
from sluis.flows.establishing import KNOWN, MOVING
from sluis.flows.share import Shared, share
from world.people import GGZ, PARTNERS, POLICE, SEM, World, asks, rulebook

HEALTH = ["gezondheid.bestaat", "gezondheid.functioneel", "gezondheid.diagnose", "gezondheid.medicatie", "gezondheid.lvb"]
categories = st.lists(st.sampled_from(sorted(rulebook().vocabulary.categories)), min_size=1, max_size=5, unique=True)
consents = st.sets(st.sampled_from(HEALTH))


def stand(covered: set[str], held: list[str], salt: str) -> tuple[World, str]:
    """A region with a case, a consent for those categories, and records of these, each with a value of its own."""
    world = World()
    case = world.admitted().id
    world.consent(GGZ, POLICE, *covered, case=case)
    for name in held:
        fields: dict[str, str] = dict.fromkeys(rulebook().vocabulary.categories[name].fields, f"{salt}-{name}")
        record = Record(category=name, provider=GGZ, recorded=NOON, fields=fields)
        world.source.add(world.person(SEM), record, case=case)
    return world, case


@settings(max_examples=40)
@given(
    asked=categories,
    who=st.sampled_from(sorted(PARTNERS)),
    provider=st.sampled_from(sorted(PARTNERS)),
    purpose=st.sampled_from(sorted(rulebook().vocabulary.purposes)),
)
def test_no_category_leaves_without_a_grant_whoever_asks_whom_for_what(
    asked: list[str], who: str, provider: str, purpose: str
) -> None:
    assume(purpose != MOVING or KNOWN not in asked)  # a question apart: tests/flows/test_flow_known.py
    world, case = stand(set(), [], "")
    for name in rulebook().vocabulary.categories:
        fields = dict.fromkeys(rulebook().vocabulary.categories[name].fields, f"waarde {name}")
        world.source.add(world.person(SEM), Record(category=name, provider=provider, recorded=NOON, fields=fields), case=case)
    answer = share(asks(world, who, provider, *asked, case=case, purpose=purpose), world.services)
    if not isinstance(answer, Shared):
        assert world.source.asked == []
        return
    granted = answer.decision.permitted
    assert set(answer.bundle.content["gegevens"]) == set(granted)  # type: ignore[arg-type] # a mapping by category
    (wanted,) = world.source.asked
    assert set(wanted.categories) == set(granted) <= set(asked)
    said = answer.bundle.canonical.decode()
    assert all(f"waarde {name}" not in said for name in rulebook().vocabulary.categories if name not in granted)
    assert all(permit.precision > Precision.GEEN and permit.rules for permit in granted.values())


@settings(max_examples=40)
@given(
    asked=st.lists(st.sampled_from(HEALTH), min_size=1, unique=True),
    covered=consents,
    one=st.sets(st.sampled_from(HEALTH)),
    other=st.sets(st.sampled_from(HEALTH)),
)
def test_two_files_that_differ_only_in_what_is_withheld_get_the_same_answer(
    asked: list[str], covered: set[str], one: set[str], other: set[str]
) -> None:
    answers = []
    for held in (one, other):
        world, case = stand(covered, sorted((held - covered) | covered), "zelfde")
        answers.append((share(asks(world, POLICE, GGZ, *asked, case=case), world.services), world))
    (first, there), (second, here) = answers
    assert type(first) is type(second)
    assert first.decision == second.decision
    if isinstance(first, Shared) and isinstance(second, Shared):
        assert first.bundle.content == second.bundle.content
    assert [replace(d, at=NOON) for d in there.ledger.drafts] == [replace(d, at=NOON) for d in here.ledger.drafts]


@settings(max_examples=25)
@given(asked=st.lists(st.sampled_from(HEALTH), min_size=1, unique=True), covered=consents)
def test_the_log_names_no_person_category_or_case_outside_its_cells(asked: list[str], covered: set[str]) -> None:
    world, case = stand(covered, HEALTH, "w")
    share(asks(world, POLICE, GGZ, *asked, case=case), world.services)
    for draft in world.ledger.drafts:
        core = str(draft.core)
        assert all(word not in core for word in (world.person(SEM), case, "m-politie-veen", *HEALTH, "w-gezondheid"))
        assert all("w-gezondheid" not in str(cell.data) for cell in draft.cells), "the log holds hashes of content, no content"
