"""Two languages, each whole; moments on a Dutch clock; shape of the page."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_world import Browser, Region

import sluis.portal
from sluis.core import dutch_time
from sluis.core.entry import Kind
from sluis.core.errors import SluisError
from sluis.core.question import Truth
from sluis.core.sampling import Unit
from sluis.flows.audit import CONTENT_ROLES, Aim
from sluis.flows.review import Stage, Verdict
from sluis.portal import moments
from sluis.portal.failures import FAILURES, STATUSES, UNEXPECTED, failure_of
from sluis.portal.rendering import TEMPLATES
from sluis.portal.words import TEXTS, Language, named, say
from world.people import CLINIC

SOURCES = sorted(Path(sluis.portal.__file__).parent.rglob("*.py"))


def template_source(name: str) -> str:
    assert TEMPLATES.loader is not None
    return TEMPLATES.loader.get_source(TEMPLATES, name)[0]


def test_both_languages_say_everything() -> None:
    assert say(Language.NL).keys() == say(Language.EN).keys() == TEXTS.keys()
    for name, (dutch, english) in TEXTS.items():
        assert dutch.strip(), name
        assert english.strip(), name
        gaps = [{field for _, field, _, _ in Formatter().parse(text) if field} for text in (dutch, english)]
        assert gaps[0] == gaps[1], name


def test_every_word_a_template_asks_for_exists() -> None:
    for template in TEMPLATES.list_templates():
        for name in re.findall(r"\bsay\.([a-z_]+)", template_source(template)):
            assert name in TEXTS, f"{template}: {name}"


def test_no_text_is_left_over() -> None:
    used = "".join(template_source(name) for name in TEMPLATES.list_templates())
    used += "".join(path.read_text() for path in SOURCES if path.parent.name != "words")
    lists = (
        "kind_",
        "aim_",
        "verdict_",
        "stage_",
        "review_",
        "hindrance_",
        "role_",
        "truth_",
        "fail_",
        "field_",
        "unit_",
        "right_",
        "rule_",
    )

    assert [name for name in TEXTS if not name.startswith(lists) and not re.search(rf"\b{name}\b", used)] == []


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("kind", [kind.value for kind in Kind]),
        ("aim", [aim.value for aim in Aim]),
        ("verdict", [verdict.value for verdict in Verdict]),
        ("verdict_help", [verdict.value for verdict in Verdict]),
        ("stage", [stage.value for stage in Stage]),
        ("role", [*sorted(CONTENT_ROLES), "beheerder"]),
        ("truth", [truth.value for truth in Truth]),
        ("review", ["noodinzage", "tweede-paar-ogen", "steekproef"]),
        ("unit", [unit.value for unit in Unit]),
        ("hindrance", ["rol", "organisatie", "zelf"]),
    ],
)
def test_every_word_of_a_closed_list_has_a_text(prefix: str, words: list[str]) -> None:
    for word in words:
        assert f"{prefix}_{word.replace('.', '_').replace('-', '_')}" in TEXTS
        assert named(Language.EN, prefix, word) == TEXTS[f"{prefix}_{word.replace('.', '_').replace('-', '_')}"][1]


def every_error(kind: type[SluisError] = SluisError) -> list[type[SluisError]]:
    return [one for child in kind.__subclasses__() for one in (child, *every_error(child))]


def test_every_failure_has_its_texts() -> None:
    for failure in {*FAILURES.values(), *STATUSES.values(), UNEXPECTED}:
        assert f"fail_{failure.name}" in TEXTS
        assert f"fail_{failure.name}_title" in TEXTS


def test_every_error_of_sluis_that_a_flow_raises_is_told() -> None:
    told = {kind.__name__ for kind in every_error() if failure_of(kind()) is not UNEXPECTED}

    assert {kind.__name__ for kind in FAILURES} <= told


def test_the_switch_is_remembered_and_says_nothing_of_anybody(region: Region) -> None:
    browser = region.browser(region.officer(None, "coordinerend-fg"))

    english = browser.get("/logboek?soort=alles&taal=en")

    assert '<html lang="en">' in english.text
    assert "sluis-taal=en;" in english.headers["set-cookie"]
    assert {"HttpOnly", "Path=/portaal", "SameSite=lax"} <= set(re.split("; ?", english.headers["set-cookie"]))
    assert '<html lang="en">' in browser.get("/integriteit").text
    assert "soort=alles&amp;taal=nl" in english.text
    assert '<html lang="nl">' in browser.get("/integriteit?taal=nl").text


def test_an_unknown_language_is_dutch_and_sets_nothing(region: Region) -> None:
    page = region.browser(region.officer(None, "auditor")).get("/integriteit?taal=<fr>")

    assert '<html lang="nl">' in page.text
    assert "set-cookie" not in page.headers


def test_english_pages_hold_no_dutch_text_of_ours(region: Region) -> None:
    entry, waits = region.release(), region.emergency()
    browser = region.browser(region.officer(CLINIC, "coordinerend-fg"))
    addresses = [
        "/logboek",
        "/beoordelen",
        "/steekproef",
        "/persoon",
        "/integriteit",
        "/beleid",
        "/nergens",
        "/logboek?logdoel=x",
    ]
    dutch = [pair[0] for pair in TEXTS.values() if pair[0] != pair[1] and len(pair[0]) > 12 and "{" not in pair[0]]

    for address in [*addresses, f"/logboek/{entry.entry_id}", f"/logboek/{waits.entry_id}"]:
        text = html.unescape(browser.get(f"{address}{'&' if '?' in address else '?'}taal=en").text)
        found = [phrase for phrase in dutch if re.search(rf">\s*{re.escape(phrase)}\s*<", text)]
        assert found == [], address


class Outline(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[str] = []
        self.languages: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.languages += [given["lang"]] if "lang" in given else []
        if tag == "label":
            self.labels.add(given["for"])
        if tag in {"select", "textarea"} or (tag == "input" and given["type"] != "hidden"):
            self.fields.append(given["id"])


def outline(browser: Browser, address: str) -> Outline:
    made = Outline()
    made.feed(browser.get(address).text)
    return made


def test_every_page_has_its_landmarks_headings_labels_and_captions(region: Region) -> None:
    entries = [region.release(), region.refusal(), region.referral(), region.emergency()]
    browser = region.browser(region.officer(None, "coordinerend-fg"))
    addresses = [
        "/logboek",
        "/beoordelen",
        "/steekproef",
        "/cijfers",
        "/zoekvragen",
        "/persoon",
        "/integriteit",
        "/beleid",
        "/beleid/zvh-casus",
        "/nergens",
    ]

    for address in [*addresses, *(f"/logboek/{entry.entry_id}" for entry in entries)]:
        page = outline(browser, address)
        assert [page.tags.count(tag) for tag in ("main", "header", "footer", "h1", "title")] == [1] * 5, address
        assert set(page.fields) <= page.labels, address
        assert len(page.ids) == len(set(page.ids)), address
        assert page.tags.count("table") == page.tags.count("caption"), address
        assert page.languages[0] == "nl", address
        levels = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), address


def test_the_stylesheet_is_small_and_asks_nothing_from_elsewhere() -> None:
    style = (Path(sluis.portal.__file__).parent / "static" / "portal.css").read_text()

    assert 6_000 < len(style.encode()) <= 14_336
    assert not re.search(r"url\(|@import|https?:", style)


def amsterdam() -> ZoneInfo:
    try:
        return ZoneInfo("Europe/Amsterdam")
    except ZoneInfoNotFoundError:
        pytest.skip("this machine has no time zone database")


@given(at=st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_dutch_time_is_that_of_the_time_zone_database(at: datetime) -> None:
    assert moments.dutch(at).replace(tzinfo=None) == at.astimezone(amsterdam()).replace(tzinfo=None)


@pytest.mark.parametrize("year", range(2024, 2032))
@pytest.mark.parametrize("step", [-1, 0, 1])
def test_the_clock_changes_when_it_does(year: int, step: int) -> None:
    zone = amsterdam()
    for month in (3, 10):
        at = dutch_time._last_sunday(year, month) + timedelta(seconds=step)
        assert moments.dutch(at).utcoffset() == at.astimezone(zone).utcoffset()


@given(day=st.dates(date(2000, 1, 1), date(2037, 12, 31)))
def test_a_day_begins_at_dutch_midnight(day: date) -> None:
    begins = moments.start_of(day)

    assert moments.dutch(begins).replace(tzinfo=None) == datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a clock on the wall
