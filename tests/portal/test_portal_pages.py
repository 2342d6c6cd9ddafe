"""What the pages say, and that they say nothing wrong, dangerous or too much."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from portal_world import BASE, HOSTILE, Browser, Region
from starlette.testclient import TestClient

from fakes.identity import MemoryPartners
from sluis.core.entry import CellDraft, EntryDraft, Json, Kind
from sluis.core.partner import Partner
from sluis.core.question import Question, Truth
from sluis.core.receipt import parse_receipt
from sluis.core.rules import Rulebook
from sluis.flows.deliver import delivered
from sluis.flows.recording import recorded_question
from sluis.flows.share import Shared
from sluis.portal.again import fact_of, question_of
from sluis.portal.app import PAGES
from sluis.portal.rendering import TEMPLATES
from world.people import CLINIC, GGZ, POLICE, SEM


@pytest.fixture
def overseer(region: Region) -> Browser:
    """A browser of somebody who sees every organisation."""
    return region.browser(region.officer(None, "coordinerend-fg", name="Noor van Dijk"))


def a_cell(role: str, data: Mapping[str, Json]) -> CellDraft:
    """A cell about somebody."""
    return CellDraft(role=role, identifier=f"iemand als {role}", bucket="2026", data=data)


def words_of(page: str) -> str:
    """What a page says, without its markup."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_the_page_of_a_release_says_who_what_why_and_under_which_rules(region: Region, overseer: Browser) -> None:
    entry = region.release("Om veilig aan te bellen", urgent=True)

    said = words_of(overseer.get(f"/logboek/{entry.entry_id}").text)

    for expected in (
        "Politie Veen",
        "GGZ De Linde",
        "m-politie-veen",
        "medewerker",
        "Casusoverleg, plan, uitvoering en evaluatie in het ZVH",
        "Om veilig aan te bellen",
        "functioneel: wat de ontvanger ermee moet doen of laten",
        "De zorg geeft de betrokken deelnemers advies",
        "WGS 2.29 lid 1-2",
        "Geef niet door aan anderen.",
        "eerste verwerking + 5 jaar",
        "2 gevraagd: 1 verstrekt, 0 voorgelegd, 1 geweigerd",
        "gewoon-1",
        region.world.rules.current().policy,
        "Met spoed gevraagd",
    ):
        assert expected in said


def test_what_was_withheld_comes_with_its_reason_and_what_would_help(region: Region, overseer: Browser) -> None:
    entry = region.refusal()

    said = words_of(overseer.get(f"/logboek/{entry.entry_id}").text)

    assert "Niet verstrekt" in said
    assert "Er rust een geheim op en er is geen weg doorheen." in said
    assert "Wat zou helpen" in said
    assert "Er ligt geldige, uitdrukkelijke toestemming" in said
    assert "Diagnose, medicatie en behandeling alleen met toestemming die ze noemt" in said


def test_a_rule_that_is_gone_is_said_to_be_gone(region: Region, overseer: Browser) -> None:
    entry = region.release()
    book = region.world.rules.current()
    kept = tuple(rule for rule in book.rules if rule.id != "ggz-zvh-casus")
    region.world.rules.book = replace(book, policy="sha256:later", rules=kept)

    said = words_of(overseer.get(f"/logboek/{entry.entry_id}").text)

    assert "ggz-zvh-casus Deze regel staat niet meer in de set die nu geldt." in said


def test_a_referral_says_for_whose_judgement_it_waits(region: Region, overseer: Browser) -> None:
    said = words_of(overseer.get(f"/logboek/{region.referral().entry_id}").text)

    assert "Voorgelegd" in said
    assert "wacht op een oordeel van" in said


def test_deciding_again_gives_the_same_and_a_changed_policy_is_said(region: Region, overseer: Browser) -> None:
    entry = region.release()
    assert "zelfde uitkomst" in overseer.get(f"/logboek/{entry.entry_id}").text

    region.world.rules.book = replace(region.world.rules.current(), policy="sha256:later")

    changed = overseer.get(f"/logboek/{entry.entry_id}").text
    assert "zelfde uitkomst" not in changed
    assert "Sinds dit besluit is het beleid gewijzigd" in changed


def test_a_release_that_the_rules_never_gave_is_noticed(region: Region, overseer: Browser) -> None:
    true = region.release()
    (role, cell), actor = true.cells[0], true.cells[1]
    assert role == "subject"
    assert cell is not None
    forged = EntryDraft(
        kind=Kind.RELEASE_AUTHORISED,
        at=true.recorded,
        core=true.core,
        cells=(a_cell("subject", {**cell, "released": {"gezondheid.diagnose": "exact"}}), a_cell("actor", actor[1] or {})),
    )
    receipt = region.ledger.append(forged)

    assert "een andere uitkomst" in overseer.get(f"/logboek/{receipt.entry_id}").text


def test_the_proof_is_computed_and_its_receipt_can_be_taken_home(region: Region, overseer: Browser) -> None:
    entry = region.release()
    region.refusal()

    page = overseer.get(f"/logboek/{entry.entry_id}").text
    proof = overseer.get(f"/logboek/{entry.entry_id}/bewijs")

    assert "Deze regel staat in het ondertekende logboek" in page
    assert proof.headers["content-disposition"] == f'attachment; filename="sluis-{entry.index}.tlog-proof"'
    assert parse_receipt(proof.text).index == entry.index


def test_what_came_later_stands_on_the_page(region: Region, overseer: Browser) -> None:
    entry = region.emergency()
    judge = region.browser(region.officer(CLINIC, name="Femke Bos"))
    judge.post(f"/logboek/{entry.entry_id}/oordeel", oordeel="gerechtvaardigd", grond="Niemand anders kon helpen")

    said = words_of(overseer.get(f"/logboek/{entry.entry_id}").text)

    assert "Oordeel van een FG : Gerechtvaardigd" in said
    assert "Femke Bos, Verslavingszorg Kompas" in said
    assert "Niemand anders kon helpen" in said


def test_a_delivery_is_told_and_leads_only_where_its_reader_may_go(region: Region, overseer: Browser) -> None:
    region.consent("gezondheid.functioneel")
    released = region.ask(POLICE, GGZ, "gezondheid.functioneel")
    assert isinstance(released, Shared)
    delivered(released, region.services)
    about, own = released.receipt.entry_id, region.browser(region.officer(POLICE))
    link = f'href="/portaal/logboek/{region.newest(Kind.RELEASE_DELIVERED).entry_id}"'

    assert link in overseer.get(f"/logboek/{about}").text
    assert "Afgeleverd" in own.get(f"/logboek/{about}").text
    assert link not in own.get(f"/logboek/{about}").text


def test_an_emergency_and_what_came_of_it_lead_to_each_other(region: Region, overseer: Browser) -> None:
    declared = region.emergency()
    released = region.newest(Kind.RELEASE_AUTHORISED)

    assert released.entry_id in overseer.get(f"/logboek/{declared.entry_id}").text
    assert declared.entry_id in overseer.get(f"/logboek/{released.entry_id}").text


@pytest.mark.parametrize("taal", ["nl", "en"])
def test_the_page_of_an_erased_person_keeps_what_is_not_his(region: Region, overseer: Browser, taal: str) -> None:
    entry = region.release("Om bij Sem aan te bellen")
    region.erase()

    page = overseer.get(f"/logboek/{entry.entry_id}?taal={taal}")
    said = words_of(page.text)

    assert page.status == 200
    assert "Om bij Sem" not in said
    assert "Politie Veen" in said
    assert ("zijn gewist" if taal == "nl" else "were erased") in said
    assert ("2 gevraagd: 1 verstrekt" if taal == "nl" else "2 asked: 1 released") in said
    assert overseer.get("/logboek").status == overseer.get("/beoordelen").status == 200


def test_every_kind_of_entry_has_a_page_whatever_it_holds(region: Region, overseer: Browser) -> None:
    for kind in Kind:
        odd: dict[str, Json] = {
            "question": "no mapping",
            "released": [1],
            "motivation": {"x": None},
            "query": {"party": None},
            "n": True,
        }
        draft = EntryDraft(
            kind=kind,
            at=region.world.clock.now(),
            core={"decision": "verstrekken", "rules": "no list", "counts": 3, "note": [1, {"a": None}]},
            cells=(a_cell("subject", odd), a_cell("actor", {"roles": "fg"})),
        )
        receipt = region.ledger.append(draft)
        for taal in ("nl", "en"):
            assert overseer.get(f"/logboek/{receipt.entry_id}?taal={taal}").status == 200
    assert overseer.get("/logboek?soort=alles&van=2020-01-01").status == 200


def test_hostile_text_stays_text_everywhere(region: Region, overseer: Browser) -> None:
    for name in (POLICE, CLINIC):
        region.world.partners.save(replace(region.world.partners.kept[name], name=HOSTILE))
    entry = region.release(HOSTILE)
    emergency = region.emergency(HOSTILE)
    judge = region.browser(region.officer(CLINIC, name=HOSTILE))
    judge.post(f"/logboek/{emergency.entry_id}/oordeel", oordeel="onrechtmatig", grond=HOSTILE)
    addresses = [f"/logboek/{e}" for e in (entry.entry_id, emergency.entry_id, region.newest(Kind.REVIEW_VERDICT).entry_id)]

    for address in [*addresses, "/logboek", "/logboek?soort=alles", "/beoordelen"]:
        text = overseer.get(address).text
        assert "<script" not in text
        assert " 49 " not in text
        assert "&lt;script&gt;" in text


@pytest.mark.parametrize(
    "address",
    [
        '/logboek?soort="><script>x</script>',
        "/logboek?van=<script>x</script>",
        "/logboek?organisatie=<script>x</script>",
        "/logboek?doel=<script>x</script>&voor=12",
        "/logboek?voor=99999999999999999999",
        "/logboek?voor=-1",
        "/logboek?logdoel=<script>x</script>",
        "/logboek/<script>x</script>",
        "/beleid/<script>x</script>",
        "/beoordelen?gedaan=<script>x</script>",
        "/<script>x</script>?taal=<script>x</script>",
    ],
)
def test_hostile_addresses_end_on_a_page_of_ours(overseer: Browser, address: str) -> None:
    page = overseer.get(address)

    assert page.status in {200, 403, 404, 422}
    assert "<script" not in page.text
    assert page.headers["content-type"].startswith("text/html")


def test_every_answer_forbids_scripts_frames_and_foreign_content(region: Region, overseer: Browser) -> None:
    own = f"/logboek/{region.release().entry_id}"
    for address in ("/logboek", own, f"{own}/bewijs", "/nergens", "/static/portal.css"):
        headers = overseer.get(address).headers
        policy = headers["content-security-policy"].split("; ")
        assert policy[:3] == ["default-src 'none'", "style-src 'self'", "img-src 'self'"]
        assert policy[3:] == ["form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == ("public, max-age=3600" if "static" in address else "no-store")


def test_no_template_holds_a_script_or_a_style_of_its_own() -> None:
    assert TEMPLATES.loader is not None
    for name in TEMPLATES.list_templates():
        source, _, _ = TEMPLATES.loader.get_source(TEMPLATES, name)
        assert not re.search(r"<script|<style|style=|\son\w+=|javascript:|\|\s*safe|autoescape", source), name


def test_a_word_that_a_page_lacks_is_an_error_and_no_gap() -> None:
    with pytest.raises(UndefinedError):
        TEMPLATES.from_string("{{ page.forgotten }}").render(page=object())


def test_an_unknown_address_and_a_wrong_method_are_pages_too(overseer: Browser) -> None:
    assert "Niet gevonden" in overseer.get("/nergens").text
    assert overseer.client.delete("/portaal/logboek").status_code == 405
    assert "<html" in overseer.client.delete("/portaal/logboek").text


def test_a_fault_of_ours_is_a_page_that_says_nothing_of_it(region: Region) -> None:
    region.release("een bijzondere reden")
    broken = replace(region.services, partners=Unhinged())
    app = region.app(services=broken)
    browser = region.browser(region.officer(None, "auditor"), app=app)
    browser.client = TestClient(app, base_url=BASE, follow_redirects=False, raise_server_exceptions=False)
    browser.client.cookies.set("sessie", browser.name)

    page = browser.get("/logboek")

    assert page.status == 500
    assert "Er ging iets mis" in page.text
    assert "geheim woord" not in page.text
    assert "een bijzondere reden" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


class Unhinged(MemoryPartners):
    """A directory with a fault."""

    def all(self) -> Sequence[Partner]:
        raise RuntimeError("geheim woord")


@pytest.mark.parametrize(
    "body",
    [b"\xff", b"a=1&a=2", b"&".join(b"f%d=1" % n for n in range(30)), b"bsn=" + b"9" * 20_000, b"no field"],
)
def test_a_form_that_cannot_be_read_is_refused(overseer: Browser, body: bytes) -> None:
    answer = overseer.client.post(
        "/portaal/persoon",
        content=body,
        headers={"content-type": "application/x-www-form-urlencoded", "origin": "http://testserver"},
    )

    assert answer.status_code == 422


def test_the_list_pages_through_everything_once(region: Region, overseer: Browser) -> None:
    for _ in range(60):
        region.refusal()
    seen: list[str] = []
    address = "/logboek"
    while address:
        page = overseer.get(address).text
        seen += re.findall(r'<a href="/portaal/logboek/([0-9a-f]{32})" class="rowlink">', page)
        older = re.search(r'href="/portaal([^"]+)" rel="next"', page)
        address = html.unescape(older[1]) if older else ""

    assert seen == [entry.entry_id for entry in region.all_of(Kind.RELEASE_REFUSED)]


@pytest.mark.parametrize(
    ("query", "released", "refused"),
    [
        ("soort=release.refused", False, True),
        ("soort=release.authorised", True, False),
        (f"ontvanger={POLICE}", True, False),
        (f"organisatie={GGZ}", True, True),
        (f"organisatie={CLINIC}", False, False),
        ("doel=zvh-casus", True, True),
        ("doel=vitaal-belang", False, False),
        ("van=2026-03-02&tot=2026-03-02", True, True),
        ("tot=2026-03-01", False, False),
        ("van=2026-03-03", False, False),
    ],
)
def test_the_filter_filters(region: Region, overseer: Browser, query: str, released: bool, refused: bool) -> None:  # noqa: FBT001 - a table of examples
    gave, kept = region.release(), region.refusal()

    text = overseer.get(f"/logboek?{query}").text

    assert (gave.entry_id in text, kept.entry_id in text) == (released, refused)


def test_without_a_choice_the_last_seven_days_are_shown(region: Region, overseer: Browser) -> None:
    old = region.refusal()
    region.world.clock.move(timedelta(days=9))
    new = region.refusal()

    text = overseer.get("/logboek").text

    assert old.entry_id not in text
    assert new.entry_id in text


def test_the_verify_button_says_that_the_log_holds(region: Region, overseer: Browser) -> None:
    region.release()

    assert "Het logboek klopt" in overseer.post("/integriteit").text


def test_a_changed_byte_is_told_with_its_place(region: Region, overseer: Browser) -> None:
    region.release()
    entry = region.refusal()
    with sqlite3.connect(region.path) as attacker:
        for (name,) in attacker.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            attacker.execute(f"DROP TRIGGER {name}")
        attacker.execute(
            "UPDATE entry SET core = CAST(replace(CAST(core AS TEXT), 'weigeren', 'Weigeren') AS BLOB) WHERE seq = ?",
            (entry.index,),
        )
    attacker.close()

    verified = overseer.post("/integriteit").text
    read = overseer.get(f"/logboek/{entry.entry_id}")

    assert "Het logboek klopt niet" in verified
    assert f"entry {entry.index}" in verified
    assert (read.status, "Het logboek klopt niet" in read.text) == (500, True)


def test_the_rules_are_told_in_sentences(overseer: Browser, shipped: Rulebook) -> None:
    for purpose in shipped.vocabulary.purposes:
        page = overseer.get(f"/beleid/{purpose}")
        assert page.status == 200
        for rule in shipped.rules:
            assert (rule.purpose == purpose) == (f"<code>{rule.id}</code>" in page.text)
    assert shipped.policy in overseer.get("/beleid").text


def test_the_banner_stands_on_every_page_of_a_demonstration_only(region: Region) -> None:
    officer = region.officer(None, "coordinerend-fg")
    demo, real = region.browser(officer), region.browser(officer, app=region.app(demo=False))
    pages = [path for method, path, _ in PAGES if method == "GET" and "{" not in path and path != "/"]

    for path in [*pages, "/nergens"]:
        assert "Demonstratie" in demo.get(path).text
        assert "Demonstratie" not in real.get(path).text


def test_a_search_that_fails_keeps_the_period_and_not_the_number(region: Region, overseer: Browser) -> None:
    page = overseer.post("/persoon", bsn="", van="2026-03-01")

    assert page.status == 422
    assert 'value="2026-03-01"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert not region.all_of(Kind.SEARCH_PERFORMED)


def test_a_person_that_is_found_is_listed_newest_first(region: Region, overseer: Browser) -> None:
    first, second = region.refusal(), region.refusal(POLICE)

    text = overseer.post("/persoon", bsn=SEM["bsn"]).text

    assert "2 regels gevonden" in text
    assert text.index(second.entry_id) < text.index(first.entry_id)


TRUTHS = st.sampled_from(Truth)
NAMES = st.sampled_from(["gezondheid.diagnose", "gezondheid.functioneel", "risico.signaal"])
VALUES = TRUTHS | st.frozensets(NAMES) | st.dictionaries(NAMES, TRUTHS)


@given(facts=st.dictionaries(st.sampled_from(["toestemming", "motivering", "spoed"]), VALUES))
def test_a_recorded_question_reads_back_as_it_was(facts: dict[str, Truth | frozenset[str] | dict[str, Truth]]) -> None:
    question = Question(
        purpose="zvh-casus",
        direction="opvraag",
        requester="politie",
        provider="ggz",
        categories=("gezondheid.diagnose", "gezondheid.functioneel", "risico.signaal"),
        person="betrokkene",
        case_state="opgenomen",
        facts=facts,
    )

    assert question_of(recorded_question(question)) == question


def test_a_fact_that_cannot_be_read_is_unknown() -> None:
    assert fact_of("misschien") is Truth.ONBEKEND
    assert fact_of({"risico.signaal": 3}) == {"risico.signaal": Truth.ONBEKEND}
    assert fact_of(None) == frozenset()
