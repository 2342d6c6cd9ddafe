"""A rule on trial: it ceases by itself, before and after its days it permits nothing, and longer is wider (story S4)."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from fakes.ambient import SetClock
from sluis.cli.policy import app
from sluis.cli.policy_pilots import pilot_lines
from sluis.core.decision import decide
from sluis.core.errors import PolicyFileError
from sluis.core.question import Question, Truth
from sluis.core.rules import Pilot, Rulebook
from sluis.core.verdict import Outcome
from sluis.policy_files import load
from sluis.policy_files.signing import became_wider
from sluis.policy_files.watching import Watched, WatchedRules

RULE = "politie-burgemeester"
LEARN = "Komt de burgemeester hiermee eerder in actie?"
QUESTION = Question(
    purpose="openbare-orde",
    direction="opvraag",
    requester="burgemeester",
    provider="politie",
    categories=("politie.artikel-8",),
    person="betrokkene",
    case_state="geen",
    facts={"gebruiker-bevoegd": Truth.WAAR, "motivering": Truth.WAAR},
)
DAY = timedelta(days=1)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def on_trial(policies: Path, folder: Path, trial: str, *, name: str = "set") -> Path:
    """A copy of the set in which that rule is a pilot."""
    target = folder / name
    shutil.copytree(policies, target)
    path = target / "politie.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = lines.index(f"  - id: {RULE}")
    path.write_text("\n".join([*lines[: at + 1], f"    proef: {trial}", *lines[at + 1 :], ""]), encoding="utf-8")
    return target


def days(since: str, until: str) -> str:
    return f'{{van: "{since}", tot: "{until}", leervraag: "{LEARN}"}}'


@pytest.fixture
def trial(policies: Path, tmp_path: Path) -> Path:
    return on_trial(policies, tmp_path, days("2027-01-01", "2027-07-01"))


def outcome(book: Rulebook) -> Outcome:
    return decide(QUESTION, book).outcome


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-12-31T23:59:59", Outcome.WEIGEREN),
        ("2027-01-01T00:00:00", Outcome.VERSTREKKEN),
        ("2027-06-30T23:59:59", Outcome.VERSTREKKEN),
        ("2027-07-01T00:00:00", Outcome.WEIGEREN),
        ("2035-01-01T00:00:00", Outcome.WEIGEREN),
    ],
)
def test_a_pilot_permits_from_its_first_day_and_ceases_by_itself_on_its_last(trial: Path, at: str, said: Outcome) -> None:
    assert outcome(load(trial).on(moment(at))) is said


def test_the_broker_gets_the_set_of_the_moment_without_reading_a_file_again(trial: Path) -> None:
    clock = SetClock()
    clock.move(moment("2026-12-31T12:00:00") - clock.now())
    rules = WatchedRules(Watched(directory=trial, trust=None), clock, on_activated=lambda _: None, on_refused=lambda _: None)
    told = []
    for _ in range(4):
        told.append(outcome(rules.current()))
        assert rules.current() is rules.current(), "made once for all questions of a day"
        clock.move(DAY if len(told) != 2 else 365 * DAY)
    assert told == [Outcome.WEIGEREN, Outcome.VERSTREKKEN, Outcome.WEIGEREN, Outcome.WEIGEREN]


def test_the_hash_of_the_set_is_the_same_on_every_day_and_holds_the_trial(trial: Path, policies: Path) -> None:
    book = load(trial)
    assert book.on(moment("2030-01-01")).policy == book.policy != load(policies).policy


def test_a_set_without_trials_is_the_same_set_on_every_day(book: Rulebook) -> None:
    assert book.on(moment("1999-01-01")) is book
    assert book.pilots == ()


def test_from_any_day_one_comes_to_any_other(trial: Path) -> None:
    """So a decision of then can be made again now."""
    book = load(trial)
    ended = book.on(moment("2030-01-01"))
    assert outcome(ended.on(moment("2027-03-01"))) is Outcome.VERSTREKKEN
    assert [rule.id for rule in ended.pilots] == [RULE]
    assert ended.on(moment("2031-01-01")) is ended


@pytest.mark.parametrize(
    ("written", "what"),
    [
        (days("2027-07-01", "2027-07-01"), "eindigt niet na zijn begin"),
        (days("2027-07-01", "2027-01-01"), "eindigt niet na zijn begin"),
        (days("2027-01-01", "2030-01-01"), "langer dan twee jaar"),
        (days("2027-13-01", "2028-01-01"), "is geen dag"),
        (days("20270101", "2028-01-01"), "is geen dag"),
        ('{van: "2027-01-01", tot: "2027-07-01"}', "de sleutel 'leervraag' ontbreekt"),
        ('{van: "2027-01-01", tot: "2027-07-01", leervraag: "wij leren"}', "dit is geen vraag"),
        ('{van: 2027-01-01, tot: "2027-07-01", leervraag: "Werkt het?"}', "geen gewoon woord"),
        ('{van: "2027-01-01", tot: "2027-07-01", leervraag: "Werkt het?", verlengd: "ja"}', "onbekende sleutel"),
    ],
)
def test_a_trial_that_is_not_whole_is_refused_with_its_place(policies: Path, tmp_path: Path, written: str, what: str) -> None:
    with pytest.raises(PolicyFileError, match=what) as caught:
        load(on_trial(policies, tmp_path, written))
    assert "politie.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("before", "after", "wider"),
    [
        (days("2027-01-01", "2027-07-01"), days("2027-01-01", "2027-08-01"), True),
        (days("2027-01-01", "2027-07-01"), days("2026-12-01", "2027-07-01"), True),
        (days("2027-01-01", "2027-07-01"), days("2027-02-01", "2027-06-01"), False),
        (days("2027-01-01", "2027-07-01"), days("2027-01-01", "2027-07-01"), False),
    ],
)
def test_a_trial_that_lasts_longer_is_wider_and_needs_advice(
    policies: Path, tmp_path: Path, before: str, after: str, *, wider: bool
) -> None:
    old = load(on_trial(policies, tmp_path, before, name="oud"))
    new = load(on_trial(policies, tmp_path, after, name="nieuw"))
    assert ("politie.artikel-8" in became_wider(old, new)) is wider


def test_making_a_trial_permanent_is_wider_and_the_reverse_is_not(trial: Path, book: Rulebook) -> None:
    assert became_wider(load(trial), book)
    assert became_wider(book, load(trial)) == ()


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.output


def test_check_explain_register_and_diff_tell_the_trial(trial: Path, policies: Path) -> None:
    assert "2027-01-01 tot 2027-07-01" in run("check", "--policies", str(trial))[1]
    assert LEARN in run("explain", RULE, "--policies", str(trial))[1].replace("\n", " ")
    register = run("register", "--policies", str(trial))[1]
    assert "Proeven" in register
    assert LEARN in register
    assert "Proeven" not in run("register", "--policies", str(policies))[1]
    code, told = run("diff", str(trial), str(policies))
    assert code == 3
    assert f"proef {RULE}: gold 2027-01-01 tot 2027-07-01, wordt altijd" in told
    assert run("diff", str(policies), str(trial))[0] == 0


@pytest.mark.parametrize(
    ("at", "state"), [("2026-01-01", "nog niet begonnen"), ("2027-02-01", "loopt"), ("2027-07-01", "voorbij")]
)
def test_a_line_says_whether_it_runs(trial: Path, at: str, state: str) -> None:
    (line,) = pilot_lines(load(trial), moment(at))
    assert line.startswith(f"proef ({state}): '{RULE}'")


@given(
    since=st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    length=st.integers(1, 400),
    at=st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - its zone beside it
)
def test_a_trial_runs_on_exactly_its_days(since: date, length: int, at: datetime) -> None:
    pilot = Pilot(since=since, until=since + length * DAY, question="?")
    assert pilot.runs(at) is (since <= at.date() < since + length * DAY)
