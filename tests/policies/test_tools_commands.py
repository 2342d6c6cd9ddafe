"""`sluis policy who`, `diff`, `replay`, `register` and `new`: what they print and with which code they end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sluis.cli.policy import app
from sluis.policy_files import open_set

RUN = CliRunner()


@pytest.fixture
def other(policies: Path, tmp_path: Path) -> Path:
    """A copy of the set, to change."""
    shutil.copytree(policies, tmp_path / "ander")
    return tmp_path / "ander"


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(*arguments: object) -> tuple[int, str, str]:
    done = RUN.invoke(app, [str(one) for one in arguments])
    return done.exit_code, done.stdout, done.stderr


def test_who_names_everybody_who_can_receive_it_and_what_must_be_so(policies: Path) -> None:
    code, out, _ = run("who", "politie.artikel-8", "--aan", "halt", "--policies", policies, "--json")
    assert code == 0
    (only,) = json.loads(out)
    assert only["van"] == ["politie"]
    assert only["precisie"] == "functioneel"
    assert only["mits"] == [{"gebruiker-bevoegd": ["waar"], "minderjarig": ["waar"], "motivering": ["waar"]}]


def test_who_tells_people_the_same_in_words(policies: Path) -> None:
    _, out, _ = run("who", "gezondheid.functioneel", "--doel", "zvh-casus", "--policies", policies)
    assert "en een" not in out
    assert "(conflict-van-plichten) of (" in out
    assert "geen zwaarwegende-redenen vastgelegd" in out


def test_who_of_what_nobody_gets_says_so(policies: Path) -> None:
    code, out, _ = run("who", "contact.geheim-adres", "--policies", policies)
    assert code == 0
    assert "niemand" in out


@pytest.mark.parametrize(
    "words", [["niets.bestaat"], ["identiteit.bsn", "--doel", "niets"], ["identiteit.bsn", "--aan", "niemand"]]
)
def test_who_of_an_unknown_word_ends_with_2(words: list[str], policies: Path) -> None:
    code, _, err = run("who", *words, "--policies", policies)
    assert code == 2
    assert "onbekend" in err


def test_diff_of_the_same_set_ends_with_0(policies: Path, other: Path) -> None:
    code, out, _ = run("diff", policies, other)
    assert (code, out.splitlines()[0]) == (0, "geen verschil")


def test_diff_ends_with_3_when_something_becomes_wider_and_0_the_other_way(policies: Path, other: Path) -> None:
    change(other, "politie.yaml", "eist: [minderjarig]", "eist-niet: [in-detentie]")
    shown = other / "politie.voorbeelden.yaml"
    text = shown.read_text(encoding="utf-8").replace("minderjarig: onwaar", "in-detentie: waar")
    shown.write_text(text.replace("minderjarig: waar", "in-detentie: onwaar"), encoding="utf-8")
    code, out, _ = run("diff", policies, other, "--json")
    assert code == 3
    found = json.loads(out)
    assert {one["effect"] for one in found} == {"ruimer", "enger"}
    wider = next(one for one in found if one["effect"] == "ruimer")
    assert wider["voorbeeld"]["feiten"]["in-detentie"] == "onwaar"
    assert wider["besluit"] == ["route", wider["wordt"]]


def test_a_domain_less_is_narrower_and_the_other_way_round_wider(policies: Path, other: Path) -> None:
    (other / "wonen.yaml").unlink()
    (other / "wonen.voorbeelden.yaml").unlink()
    code, out, _ = run("diff", policies, other)
    assert code == 0
    assert "0 ruimer" in out
    code, out, _ = run("diff", other, policies)
    assert code == 3
    assert "verstrekken: weigeren → " in out
    assert "bijvoorbeeld " in out
    assert ", 0 enger, 0 anders" in out


def test_diff_of_what_cannot_be_read_ends_with_2(policies: Path, tmp_path: Path) -> None:
    assert run("diff", policies, tmp_path)[0] == 2


QUESTION = {
    "doel": "jeugd-straf",
    "richting": "opvraag",
    "vrager": "halt",
    "verstrekker": "politie",
    "gegevens": ["politie.artikel-8"],
    "persoon": "betrokkene",
    "casus": "geen",
    "feiten": {"gebruiker-bevoegd": "waar", "motivering": "waar", "minderjarig": "waar"},
}  # fmt: skip - one question


def logged(**outcomes: object) -> str:
    return json.dumps({"request": "v-1", "question": QUESTION, **outcomes})


def test_replay_of_what_stays_the_same_ends_with_0(policies: Path, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(logged(released={"politie.artikel-8": "functioneel"}) + "\n", encoding="utf-8")
    code, out, _ = run("replay", path, policies)
    assert code == 0
    assert "1 besluiten, 0 daarvan anders" in out


def test_replay_tells_what_would_be_wider_with_3_and_what_would_be_narrower_with_0(policies: Path, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(logged(refused={"politie.artikel-8": "route"}) + "\n", encoding="utf-8")
    code, out, _ = run("replay", path, policies, "--json")
    expected = {"id": "v-1", "gegeven": "politie.artikel-8", "effect": "ruimer", "was": "route", "wordt": "functioneel"}
    assert (code, json.loads(out)) == (3, expected)
    path.write_text(
        json.dumps({"id": 4, "subject": json.loads(logged(released={"politie.artikel-8": "exact"}))}), encoding="utf-8"
    )
    code, out, _ = run("replay", path, policies, "--json")
    assert (code, json.loads(out)["effect"]) == (0, "enger")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "geen JSON"),
        ("{}", "geen vraag"),
        (json.dumps({"question": QUESTION}), "geen uitkomst van politie.artikel-8"),
        (logged(released={}).replace("jeugd-straf", "straf"), "onbekend woord 'straf'"),
        (logged(released={}).replace('"waar"', '"ja"'), "geen geldige waarde"),
    ],
)
def test_replay_of_a_bad_file_ends_with_2(line: str, said: str, policies: Path, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(line, encoding="utf-8")
    code, out, err = run("replay", path, policies)
    assert code == 2
    assert said in err
    assert not out
    assert run("replay", tmp_path / "geen", policies)[0] == 2


def test_register_has_a_part_for_every_purpose_that_a_rule_opens(policies: Path) -> None:
    code, out, _ = run("register", "--policies", policies)
    assert code == 0
    for purpose in open_set(policies).rulebook.opened:
        assert f"({purpose})" in out
    for word in ("Grondslag", "Ontvangers", "Betrokkenen", "Bewaartermijn", "Beveiliging"):
        assert f"**{word}" in out


def test_register_and_annex_as_pages(policies: Path, tmp_path: Path) -> None:
    for paper in ("register", "bijlage"):
        code, _, _ = run("register", "--stuk", paper, "--naar", tmp_path / f"{paper}.html", "--policies", policies)
        text = (tmp_path / f"{paper}.html").read_text(encoding="utf-8")
        assert code == 0
        assert text.startswith("<!DOCTYPE html>")
        assert "jeugd-straf" in text
    assert "Halt" in text


def test_the_annex_says_every_rule_with_its_articles(policies: Path) -> None:
    _, out, _ = run("register", "--stuk", "bijlage", "--policies", policies)
    for rule in open_set(policies).rulebook.rules:
        assert f"| {rule.id} |" in out
    assert "alleen met: " in out


def test_register_that_cannot_be_written_ends_with_2(policies: Path, tmp_path: Path) -> None:
    assert run("register", "--naar", tmp_path / "geen" / "x.md", "--policies", policies)[0] == 2


@pytest.mark.parametrize(
    "words",
    [
        ["--van", "brandweer", "--aan", "burgemeester", "--doel", "openbare-orde"],
        ["--van", "ggz", "--van", "verslavingszorg", "--aan", "zvh-deelnemers"],
        ["--van", "politie", "--aan", "ggz", "--doel", "zvh-casus", "--gegeven", "risico.signaal"],
    ],
)
def test_a_new_domain_loads_and_passes_the_check(words: list[str], other: Path) -> None:
    code, out, err = run("new", "proef", *words, "--policies", other)
    assert code == 0, err
    assert "proef.voorbeelden.yaml" in out
    assert run("check", "--policies", other)[0] == 0
    assert "proef-eerste" in {rule.id for rule in open_set(other).rulebook.rules}


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("politie", ["--van", "politie", "--aan", "om"], "bestaat al"),
        ("../weg", ["--van", "politie", "--aan", "om"], "kleine letters"),
        ("proef", ["--van", "niemand", "--aan", "om"], "onbekende soort of groep"),
        ("proef", ["--van", "politie", "--aan", "om", "--doel", "zomaar"], "onbekend doel"),
        ("proef", ["--van", "politie", "--aan", "om", "--gegeven", "iets"], "onbekend gegeven"),
        ("proef", ["--van", "politie", "--aan", "werkgever"], "ontvangt nooit iets"),
        ("proef", ["--van", "politie", "--aan", "om", "--gegeven", "contact.geheim-adres"], "wordt nooit verstrekt"),
    ],
)
def test_a_domain_that_would_not_pass_is_not_written(name: str, words: list[str], said: str, other: Path) -> None:
    before = sorted(path.name for path in other.parent.rglob("*"))
    code, _, err = run("new", name, *words, "--policies", other)
    assert code == 2
    assert said in err
    assert sorted(path.name for path in other.parent.rglob("*")) == before


@pytest.mark.parametrize("command", ["who", "diff", "replay", "register", "new", "key", "sign", "verify"])
def test_every_command_shows_an_example_in_its_help(command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert "Voorbeeld" in out
