"""The two books and the parcel by themselves: what a subject sees, what is withheld, and nothing half done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from exports_world import AT, BSN, FRAME, GGZ, NAME, POLICE, USER, entry_of, subject_cell
from hypothesis import given, settings
from hypothesis import strategies as st

from sluis.core.books import RELEASES, Disclosed, disclosures, event_of, withholdings_of
from sluis.core.entry import Json, Kind, LoggedEntry, Receipt
from sluis.core.errors import BadInput
from sluis.exports.inzage import NAMES, PARTS, as_html, as_json, day, given_of, overview_of, period_words
from sluis.exports.parcel import MANIFEST, Parcel, Proven, contents, digest

CATEGORIES = ("gezondheid.functioneel", "politie.artikel-8", "wonen.situatie")


def later(kind: Kind, about: str, index: int, **core: Json) -> LoggedEntry:
    return LoggedEntry(index=index, entry_id=f"{index:032x}", kind=kind, recorded=AT, core={"about": about, **core})


def objection(*, participant: str = GGZ, **said: Json) -> LoggedEntry:
    core: dict[str, Json] = {"provider": participant, "ground": "wpg-27", "review_date": "2026-06-01"}
    if isinstance(about := said.pop("about", None), str):
        core["about"] = about
    cells: tuple[tuple[str, dict[str, Json]], ...] = (("subject", said), ("actor", {"owner": "chef"}))
    return LoggedEntry(
        index=50, entry_id=f"{50:032x}", kind=Kind.WITHHOLD_SET, recorded=AT, core=core, cells=cells
    )  # fmt: skip - one value


# ---- the register ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in RELEASES])
def test_only_releases_are_in_the_register(kind: Kind) -> None:
    assert disclosures([entry_of(kind)], AT) == ()


def test_three_persons_are_three_lines_and_an_erased_one_is_none() -> None:
    assert len(disclosures([entry_of(persons=3)], AT)) == 3
    assert disclosures([entry_of(erased=True)], AT) == ()


def test_the_register_names_no_user_and_holds_no_free_text() -> None:
    (line,) = disclosures([entry_of()], AT)
    for canary in (USER, BSN, NAME, "casus-1"):
        assert canary not in repr(line)
    assert line.retention == {"gezondheid.functioneel": "eerste verwerking + 5 jaar; verlengen met ten hoogste 2 jaar"}
    assert line.conditions == ("niet-doorgeven",)


def test_the_newest_word_on_delivery_counts() -> None:
    entry = entry_of()
    failed, arrived = (later(kind, entry.entry_id, 8 + n) for n, kind in enumerate((Kind.RELEASE_FAILED, Kind.RELEASE_DELIVERED)))
    assert disclosures([entry, failed], AT) == ()
    assert disclosures([arrived, failed, entry], AT)[0].delivered is True
    assert disclosures([entry], AT)[0].delivered is None


@settings(max_examples=80)
@given(
    released=st.sets(st.sampled_from(CATEGORIES), min_size=1),
    hidden=st.sets(st.sampled_from(CATEGORIES)),
    participant=st.sampled_from([GGZ, POLICE, "ander"]),
    aimed=st.booleans(),
    lifted=st.booleans(),
)
def test_what_is_withheld_is_exactly_what_is_missing(
    released: set[str], hidden: set[str], participant: str, *, aimed: bool, lifted: bool
) -> None:
    cell = subject_cell(released=dict.fromkeys(released, "grof"), grounds={name: [f"wet {name}"] for name in released})
    entry = replace(entry_of(), cells=(("subject", cell),))
    about = entry.entry_id if aimed else None
    kept = [entry, objection(participant=participant, categories=sorted(hidden), about=about)]
    kept += [later(Kind.WITHHOLD_LIFTED, kept[1].entry_id, 51)] if lifted else []
    gone = set() if lifted or participant == "ander" else (hidden or released)
    lines = disclosures(kept, AT + timedelta(days=1))
    shown = {name for line in lines for name in line.categories}
    assert shown == released - gone
    assert {ground for line in lines for ground in line.grounds} == {f"wet {name}" for name in shown}


def test_an_objection_holds_from_its_moment_until_it_is_lifted() -> None:
    (kept,) = withholdings_of([objection()])
    assert kept.holds(AT)
    assert not kept.holds(AT - timedelta(seconds=1))
    assert kept.holds(AT + timedelta(days=4000)), "a review date that passes lifts nothing"
    (ended,) = withholdings_of([objection(), later(Kind.WITHHOLD_LIFTED, objection().entry_id, 60)])
    assert not ended.holds(AT)
    assert withholdings_of([later(Kind.WITHHOLD_LIFTED, "onbekend", 61)]) == ()


def test_an_event_says_whether_it_is_withheld() -> None:
    aside, lifted = withholdings_of([objection()]), withholdings_of([objection(), later(Kind.WITHHOLD_LIFTED, f"{50:032x}", 60)])
    assert [event_of(entry_of(), None, one).withheld for one in ((), aside, lifted)] == ["", "vertrouwelijk", "opgeheven"]


ODD = st.sampled_from([None, 1, "x", [1, "y"], {"a": 1}])


@settings(max_examples=60)
@given(
    cell=st.dictionaries(st.sampled_from(["released", "person", "question", "grounds", "retention"]), ODD),
    core=st.dictionaries(st.sampled_from(["provider", "duties", "emergency", "about", "rules"]), ODD),
    kind=st.sampled_from([kind for kind in Kind if kind is not Kind.WITHHOLD_SET]),
)
def test_whatever_an_old_entry_holds_it_still_reads(cell: dict[str, Json], core: dict[str, Json], kind: Kind) -> None:
    entry = LoggedEntry(
        index=1, entry_id="ab" * 16, kind=kind, recorded=AT, core=core, cells=(("subject", cell), ("actor", cell))
    )
    assert event_of(entry).kind is kind
    assert len(disclosures([entry], AT)) <= 1


# ---- the overview ----------------------------------------------------------------------------------


def overview(*lines: Disclosed) -> tuple[str, dict[str, Json]]:
    made = overview_of(given_of(lines, FRAME, {}), period_words(None, AT), AT, "coordinerend-fg", "ab" * 16)
    return as_html(made), as_json(made)


def test_days_and_times_are_those_of_the_netherlands() -> None:
    assert [day(datetime(2026, month, 30, 22, 30, tzinfo=UTC)) for month in (1, 6)] == ["30 januari 2026", "1 juli 2026"]
    page, _ = overview()
    assert "gemaakt op 2 maart 2026 om 13:00 uur" in page


def test_equal_lines_of_a_day_are_one_with_a_number() -> None:
    (line,) = disclosures([entry_of()], AT)
    page, told = overview(line, replace(line, entry_id="ander"), replace(line, at=AT + timedelta(days=1)))
    assert [one["aantal"] for one in json.loads(json.dumps(told))["verstrekkingen"]] == [2, 1]
    assert "2 maart 2026: van GGZ De Linde aan Politie Veen (2 keer)" in page


def test_the_words_about_withholding_are_the_same_for_everybody() -> None:
    (line,) = disclosures([entry_of()], AT)
    for page, _ in (overview(line), overview()):
        assert PARTS in page
        assert NAMES in page


class Outline(HTMLParser):
    """The tags of a page in order, and what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert all(name != "src" for name, _ in attrs), "the page needs something else"
        self.opened.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_has_one_title_and_needs_nothing_else() -> None:
    (line,) = disclosures([entry_of()], AT)
    outline = Outline()
    outline.feed(overview(line, replace(line, emergency=True))[0])
    assert outline.open == []
    assert outline.opened.count("h1") == 1
    assert outline.opened.count("section") == 3


def test_names_from_the_register_are_text_and_never_markup() -> None:
    (line,) = disclosures([entry_of()], AT)
    assert "<script>" not in overview(replace(line, recipient="<script>"))[0]


# ---- the parcel ------------------------------------------------------------------------------------


def failing() -> Iterator[str]:
    yield "een regel\n"
    raise OSError("the disk is full")


def proven() -> Proven:
    receipt = Receipt(origin="o", index=0, entry_id="ab" * 16, leaf=b"blad", proof=(), checkpoint="o\n1\n\n")
    return Proven(receipt=receipt, core=b"{}")


def test_an_export_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def broken_off() -> None:
        with Parcel(tmp_path / "u") as parcel:
            parcel.write("a.csv", ["heel\n"])
            parcel.write("b.csv", failing())

    with pytest.raises(OSError, match="full"):
        broken_off()
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_is_not_handed_over_leaves_nothing(tmp_path: Path) -> None:
    with Parcel(tmp_path / "u") as parcel:
        parcel.write("a.csv", ["heel\n"])
        assert not (tmp_path / "u").exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["u", "u.zip"])
def test_an_export_stands_there_whole(tmp_path: Path, name: str) -> None:
    with Parcel(tmp_path / name) as parcel:
        parcel.write("a.csv", ["een\n", b"twee\n"])
        parcel.hand_over([proven()], proven(), {"vorm": "csv"}, "zout")
    files = dict(contents(tmp_path / name))
    assert files["a.csv"] == b"een\ntwee\n"
    assert json.loads(files[MANIFEST])["bestanden"] == parcel.files
    assert [one.name for one in tmp_path.iterdir()] == [name]
    with pytest.raises(BadInput):
        Parcel(tmp_path / name)


def test_the_digest_depends_on_salt_names_and_hashes() -> None:
    assert len({digest("a", {"x": "1"}), digest("b", {"x": "1"}), digest("a", {"y": "1"}), digest("a", {"x": "2"})}) == 4
