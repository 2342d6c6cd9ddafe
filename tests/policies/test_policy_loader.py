"""The loader reads a set whole or not at all, and says of every mistake where it is and how to mend it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sluis.core.errors import PolicyFileError
from sluis.core.rules import Rulebook
from sluis.policy_files import load, open_set


@pytest.fixture
def copied(policies: Path, tmp_path: Path) -> Path:
    """A copy of the set that a test may spoil."""
    target = tmp_path / "policies"
    shutil.copytree(policies, target)
    return target


def spoil(directory: Path, name: str, old: str, new: str) -> PolicyFileError:
    """Change a file once and load; the error must come."""
    path = directory / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyFileError) as caught:
        load(directory)
    return caught.value


MISTAKES = [
    ("a key twice", "rvdk.yaml", "    doel: zvh-casus", "    doel: zvh-casus\n    doel: zvh-casus", "staat er twee keer"),
    ("an unknown key", "rvdk.yaml", "    doel:", "    doelen:", "onbekende sleutel 'doelen'"),
    ("a missing key", "rvdk.yaml", "    doel: zvh-casus\n", "", "de sleutel 'doel' ontbreekt"),
    ("an anchor", "rvdk.yaml", "[zvh-deelnemers]", "&x [zvh-deelnemers]", "ankers en verwijzingen"),
    ("an alias", "rvdk.yaml", "risico.signaal: functioneel", "risico.signaal: *x", "YAML|ankers en verwijzingen"),
    ("a tag", "rvdk.yaml", "doel: zvh-casus", "doel: !!str zvh-casus", "type-aanduiding"),
    ("an English truth value", "rvdk.yaml", "domein: rvdk", "domein: yes", "geen gewoon woord"),
    ("a decimal number", "rvdk.yaml", "domein: rvdk", "domein: 1.0", "geen gewoon woord"),
    ("a date", "rvdk.yaml", "domein: rvdk", "domein: 2026-01-01", "geen gewoon woord"),
    ("an empty value", "rvdk.yaml", "domein: rvdk", "domein:", "hier staat niets"),
    ("two documents", "rvdk.yaml", "domein: rvdk", "---\ndomein: rvdk\n---\nx: y", "precies een document|YAML"),
    ("no YAML", "rvdk.yaml", "regels:", "regels: [", "geen geldige YAML"),
    ("an unknown purpose", "rvdk.yaml", "doel: zvh-casus", "doel: zvh-kasus", "onbekend doel 'zvh-kasus'"),
    ("an unknown kind", "rvdk.yaml", "[zvh-deelnemers]", "[zvh-deelnemer]", "onbekend soort of groep"),
    ("an unknown category", "rvdk.yaml", "jeugd.maatregel:", "jeugd.maatregelen:", "onbekend gegeven"),
    ("an unknown precision", "rvdk.yaml", "jeugd.maatregel: exact", "jeugd.maatregel: precies", "onbekend precisie"),
    ("an unknown fact", "om.yaml", "niet-herleidbaar]", "onherleidbaar]", "onbekend feit"),
    ("urgency as a condition", "om.yaml", "niet-herleidbaar]", "spoed]", "onbekend feit 'spoed'"),
    ("an unknown duty", "om.yaml", "derden-verwijderen]", "derden-weg]", "onbekend plicht"),
    ("a rule id twice", "om.yaml", "- id: om-zorgmachtiging", "- id: om-bestuurlijk-besluit", "bestaat al"),
    ("a file with another name", "rvdk.yaml", "domein: rvdk", "domein: raad", "staat in rvdk.yaml"),
    ("a provider of another domain", "dji.yaml", "van: [dji]", "van: [politie]", "hoort niet bij dit domein"),
    ("a rule without an article", "rvdk.yaml", '["WGS 1.5 lid 1", "WGS 2.30 lid 1"]', "[]", "geen artikel als grondslag"),
    ("an article of no law", "rvdk.yaml", '"WGS 1.5 lid 1"', '"convenant 2019"', "geen artikel van een bekende wet"),
    ("health without AVG 9(2)", "jeugd.yaml", ', "AVG 9 lid 2 onder a"]', "]", "gezondheid zonder grond"),
    ("criminal data without AVG 10", "politie.yaml", ', "AVG 10", "UAVG 33 lid 1"]', "]", "zonder AVG 10 of UAVG"),
    (
        "the number without a statute",
        "verwijsindex.yaml",
        '["Jeugdwet 7.1.4.1", "Jeugdwet 7.1.4.3"]',
        '["Wmo 5.1"]',
        "burgerservice",
    ),
    ("secrecy without a way", "jeugd.yaml", "    geheim: {wegen: [toestemming]}\n", "", "rust een geheim zonder weg"),
    ("a way that is never open", "jeugd.yaml", "{wegen: [toestemming]}", "{wegen: [conflict-van-plichten]}", "geen enkele weg"),
    ("a way and a statute", "jeugd.yaml", "{wegen: [toestemming]}", '{wegen: [toestemming], wet: "x"}', "niet allebei"),
    ("outside the list of 2.30", "rvdk.yaml", "jeugd.maatregel: exact", "dagbesteding.school-werk: grof", "niet op de lijst"),
    ("what is never given", "rvdk.yaml", "jeugd.maatregel: exact", "verboden.politiek: exact", "wordt nooit verstrekt"),
    ("who never receives", "wonen.yaml", "aan: [wijkteam, college]", "aan: [pers]", "ontvangt nooit iets"),
    ("a purpose without a route", "politie.yaml", "doel: openbare-orde", "doel: opsporing", "opent nooit een stroom"),
    ("disputed law", "politie.yaml", "doel: openbare-orde", "doel: huisverbod", "omstreden recht"),
    ("two precisions for one flow", "om.yaml", "maatregelen.beperkingen: exact", "identiteit.basis: grof", "andere precisie"),
    ("a fact of the other route", "rvdk.yaml", "    geeft:", "    eist: [acuut-gevaar]\n    geeft:", "telt in beide routes"),
    ("a rule without an example", "rvdk.voorbeelden.yaml", "regel: rvdk-zvh-casus", "regel: om-zvh-casus", "geen voorbeeld"),
    ("an example of no rule", "rvdk.voorbeelden.yaml", "regel: rvdk-zvh-casus", "regel: rvdk", "onbekende regel"),
    ("an example with a word that is not there", "rvdk.voorbeelden.yaml", "vrager: politie", "vrager: politi", "onbekend woord"),
    (
        "a list behind a fact for all",
        "rvdk.voorbeelden.yaml",
        "vrager-betrokken: waar",
        "vrager-betrokken: []",
        "niet per gegeven",
    ),
    ("a fact without a reason", "algemeen.yaml", "  minderjarig: route\n", "", "geen eenduidige reden"),
    ("a group that exists", "algemeen.yaml", "  iedere-professional:\n", "  hulpdiensten:\n", "bestaat al"),
    ("an unknown section", "algemeen.yaml", "casus:\n  verlengd", "kasus:\n  verlengd", "onbekende sleutel 'kasus'"),
    ("a finer step that keeps less", "begrippen.yaml", "{grof: leeftijdsgroep,", "{grof: volledig,", "fijnere precisie"),
    (
        "a reason that the code does not know",
        "begrippen.yaml",
        "  logdoel:       {stap",
        "  logboek:       {stap",
        "precies deze woorden",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_refused_with_its_place(file: str, old: str, new: str, said: str, copied: Path) -> None:
    error = spoil(copied, file, old, new)
    hits = [flaw for flaw in error.flaws if any(part in flaw.what for part in said.split("|"))]
    assert hits, [str(flaw) for flaw in error.flaws]
    assert ".yaml" in hits[0].where


def test_all_flaws_are_told_at_once(copied: Path) -> None:
    for name in ("rvdk.yaml", "om.yaml"):
        path = copied / name
        path.write_text(path.read_text(encoding="utf-8").replace("doel: zvh-casus", "doel: zvh-kasus"), encoding="utf-8")
    with pytest.raises(PolicyFileError) as caught:
        load(copied)
    assert {flaw.where.partition(":")[0] for flaw in caught.value.flaws} >= {"rvdk.yaml", "om.yaml"}


def test_a_flaw_names_line_and_mend(copied: Path) -> None:
    error = spoil(copied, "rvdk.yaml", "doel: zvh-casus", "doel: zvh-kasus")
    assert str(error.flaws[0]) == "rvdk.yaml:7: onbekend doel 'zvh-kasus' (bedoelde u 'zvh-casus'?)"


@pytest.mark.parametrize("name", ["begrippen.yaml", "algemeen.yaml"])
def test_a_set_without_its_common_files_is_no_set(name: str, copied: Path) -> None:
    (copied / name).unlink()
    with pytest.raises(PolicyFileError):
        load(copied)


def test_a_set_without_domains_refuses_everything(copied: Path) -> None:
    for path in copied.glob("*.yaml"):
        if path.name not in ("begrippen.yaml", "algemeen.yaml"):
            path.unlink()
    assert load(copied).rules == ()


def test_the_hash_ignores_comments_layout_and_the_order_of_rules_and_files(copied: Path, book: Rulebook) -> None:
    path = copied / "om.yaml"
    head, first, *others = path.read_text(encoding="utf-8").split("  - id: ")
    turned = "  - id: ".join([head, *(part.rstrip("\n") + "\n" for part in reversed([first, *others]))])
    path.write_text(f"# een opmerking\n\n{turned}\n", encoding="utf-8")
    again = load(copied)
    assert again.policy == book.policy
    assert again.rules == book.rules


def test_the_hash_changes_with_every_word_that_can_change_a_decision(copied: Path, book: Rulebook) -> None:
    path = copied / "wonen.yaml"
    changed = path.read_text(encoding="utf-8").replace("wonen.situatie: functioneel", "wonen.situatie: grof")
    path.write_text(changed, encoding="utf-8")
    assert load(copied).policy != book.policy


def test_a_file_with_the_other_ending_is_not_passed_over_in_silence(copied: Path) -> None:
    (copied / "om.yaml").rename(copied / "om.yml")
    with pytest.raises(PolicyFileError) as caught:
        load(copied)
    assert "om.yml: dit bestand wordt niet gelezen" in str(caught.value)


def test_bytes_that_are_no_text_are_told(copied: Path) -> None:
    (copied / "rvdk.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyFileError) as caught:
        load(copied)
    assert "niet te lezen" in str(caught.value)


def test_the_shipped_set_covers_every_purpose_that_has_a_flow(book: Rulebook) -> None:
    without = {p.id for p in book.vocabulary.purposes.values() if p.route != "geen"} - {rule.purpose for rule in book.rules}
    assert without == {"huisverbod", "ggz-melding"}


def test_the_shipped_vocabulary_is_read_whole(policies: Path) -> None:
    words = open_set(policies).rulebook.vocabulary
    counted = (len(words.kinds), len(words.categories), len(words.purposes), len(words.facts), len(words.duties))
    assert counted == (54, 58, 39, 51, 16)
