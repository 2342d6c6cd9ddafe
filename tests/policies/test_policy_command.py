"""`sluis policy`: what it prints and with which code it ends."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sluis.cli.policy import app
from sluis.policy_files import load

RUN = CliRunner()
QUESTION = """
- id: eerste
  vraag:
    doel: openbare-orde
    richting: opvraag
    vrager: burgemeester
    verstrekker: politie
    gegevens: [politie.artikel-8, politie.artikel-9]
    persoon: betrokkene
    casus: geen
    feiten: {gebruiker-bevoegd: waar, motivering: waar}
"""


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "vragen.yaml"
    path.write_text(QUESTION, encoding="utf-8")
    return path


def test_decide_prints_one_object_with_the_keys_of_the_contract(asked: Path, policies: Path) -> None:
    done = RUN.invoke(app, ["decide", str(asked), "--policies", str(policies), "--json"])
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert answer["id"] == "eerste"
    assert answer["besluit"] == "verstrekken"
    assert answer["gegevens"] == {"politie.artikel-8": "functioneel"}
    refused = answer["geweigerd"]["politie.artikel-9"]
    assert set(refused) == {"reden", "uitleg", "wat_helpt"}
    assert refused["reden"] == "gegeven"
    assert answer["voorleggen"] == {}
    assert answer["regels"] == ["politie-burgemeester"]
    assert answer["beleid"].startswith("sha256:")


def test_decide_reads_the_standard_input(policies: Path) -> None:
    done = RUN.invoke(app, ["decide", "-", "--policies", str(policies), "--json"], input=QUESTION)
    assert json.loads(done.stdout)["id"] == "eerste"


def test_decide_reads_a_truth_per_category(policies: Path) -> None:
    text = QUESTION.replace("motivering: waar", "motivering: {politie.artikel-8: onwaar}")
    done = RUN.invoke(app, ["decide", "-", "--policies", str(policies), "--json"], input=text)
    assert json.loads(done.stdout)["geweigerd"]["politie.artikel-8"]["reden"] == "motivering"


def test_decide_shows_people_a_table(asked: Path, policies: Path) -> None:
    done = RUN.invoke(app, ["decide", str(asked), "--policies", str(policies)])
    assert done.exit_code == 0
    assert "burgemeester ontvangt van politie" in done.stdout


BAD = [
    ("no list", "id: a", "lijst van vragen"),
    ("no YAML", "- id: [", "geen geldige YAML"),
    ("no id", "- vraag: {}", "een id en een vraag"),
    ("no question", "- id: a", "een id en een vraag"),
    ("an unknown key", QUESTION.replace("persoon:", "persoonlijk:"), "onbekende sleutel 'persoonlijk'"),
    ("a missing key", QUESTION.replace("    casus: geen\n", ""), "casus: ontbreekt"),
    ("an unknown purpose", QUESTION.replace("openbare-orde", "orde"), "onbekend woord 'orde'"),
    ("an unknown partner", QUESTION.replace("vrager: burgemeester", "vrager: wethouder"), "onbekend woord 'wethouder'"),
    ("an unknown category", QUESTION.replace("politie.artikel-9", "politie.artikel-7"), "onbekend woord 'politie.artikel-7'"),
    ("an unknown fact", QUESTION.replace("motivering: waar", "motief: waar"), "onbekend woord 'motief'"),
    ("an unknown truth", QUESTION.replace("motivering: waar", "motivering: misschien"), "geen geldige waarde"),
    ("a truth of another language", QUESTION.replace("motivering: waar", "motivering: true"), "geen geldige waarde"),
    ("nothing asked", QUESTION.replace("[politie.artikel-8, politie.artikel-9]", "[]"), "er wordt niets gevraagd"),
    ("a list behind a fact for all", QUESTION.replace("bevoegd: waar", "bevoegd: [politie.artikel-8]"), "niet per gegeven"),
]


@pytest.mark.parametrize(("text", "said"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_bad_input_ends_with_2_and_says_what_is_wrong(text: str, said: str, policies: Path) -> None:
    done = RUN.invoke(app, ["decide", "-", "--policies", str(policies), "--json"], input=text)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not done.stdout


def test_a_file_that_is_not_there_ends_with_2(policies: Path, tmp_path: Path) -> None:
    done = RUN.invoke(app, ["decide", str(tmp_path / "geen.yaml"), "--policies", str(policies)])
    assert done.exit_code == 2
    assert "niet te lezen" in done.stderr


def test_a_folder_without_policies_ends_with_2(asked: Path, tmp_path: Path) -> None:
    done = RUN.invoke(app, ["decide", str(asked), "--policies", str(tmp_path)])
    assert done.exit_code == 2
    assert "geen beleid gevonden" in done.stderr


def test_a_broken_set_decides_nothing_and_says_where(asked: Path, policies: Path, tmp_path: Path) -> None:
    shutil.copytree(policies, tmp_path / "p")
    path = tmp_path / "p" / "om.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("eist:", "eisen:"), encoding="utf-8")
    done = RUN.invoke(app, ["decide", str(asked), "--policies", str(tmp_path / "p"), "--json"])
    assert done.exit_code == 2
    assert not done.stdout
    assert "om.yaml:" in done.stderr
    assert "niet geladen" in done.stderr


def test_check_runs_every_example(policies: Path) -> None:
    done = RUN.invoke(app, ["check", "--policies", str(policies)])
    assert done.exit_code == 0, done.stderr
    assert "geen fouten" in done.stdout
    assert "nog met geen voorbeeld" not in done.stdout


def test_check_says_which_example_comes_out_otherwise(policies: Path, tmp_path: Path) -> None:
    shutil.copytree(policies, tmp_path / "p")
    path = tmp_path / "p" / "rvdk.voorbeelden.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("dan: motivering", "dan: geheim"), encoding="utf-8")
    done = RUN.invoke(app, ["check", "--policies", str(tmp_path / "p")])
    assert done.exit_code == 2
    assert "verwacht geheim, gekregen motivering" in done.stderr


def test_check_proposes_the_rows_that_are_missing(policies: Path, tmp_path: Path) -> None:
    shutil.copytree(policies, tmp_path / "p")
    path = tmp_path / "p" / "rvdk.voorbeelden.yaml"
    row = "      - {als: {motivering: onwaar}, dan: motivering}\n"
    path.write_text(path.read_text(encoding="utf-8").replace(row, ""), encoding="utf-8")
    done = RUN.invoke(app, ["check", "--policies", str(tmp_path / "p"), "--voorstel"])
    assert done.exit_code == 0
    assert row.strip("\n") in done.stdout


def test_explain_says_a_rule_in_a_sentence_in_dutch_and_english(policies: Path) -> None:
    dutch = RUN.invoke(app, ["explain", "politie-halt", "--policies", str(policies)])
    english = RUN.invoke(app, ["explain", "politie-halt", "--policies", str(policies), "--en"])
    assert "Politie mag voor" in dutch.stdout
    assert "Police may give" in english.stdout


def test_explain_of_nothing_ends_with_2(policies: Path) -> None:
    assert RUN.invoke(app, ["explain", "bestaat-niet", "--policies", str(policies)]).exit_code == 2


def test_explain_shows_who_can_get_what_from_whom(policies: Path) -> None:
    done = RUN.invoke(app, ["explain", "--doel", "openbare-orde", "--matrix", "--policies", str(policies)])
    assert done.exit_code == 0
    assert "burgemeester" in done.stdout
    assert "politie-burgemeester" in done.stdout
    assert RUN.invoke(app, ["explain", "--doel", "huisverbod", "--matrix", "--policies", str(policies)]).exit_code == 2


def test_the_command_needs_no_web_framework_and_no_database() -> None:
    import subprocess

    program = (
        "import sys, sluis.cli.policy; print([m for m in ('fastapi', 'sqlmodel', 'sqlalchemy', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("text", ["- id: 2026-13-45", "[" * 5000, "- id: a\n  vraag: {? [x] : y}", "\x00"])
def test_text_that_breaks_a_reader_is_bad_input_like_any_other(text: str, policies: Path) -> None:
    done = RUN.invoke(app, ["decide", "-", "--policies", str(policies), "--json"], input=text)
    assert done.exit_code == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_a_name_with_marks_of_the_terminal_is_shown_as_it_is(policies: Path) -> None:
    done = RUN.invoke(app, ["decide", "-", "--policies", str(policies)], input=QUESTION.replace("eerste", "'[/]a[b]'"))
    assert done.exit_code == 0
    assert "[/]a[b]" in done.stdout


def test_the_page_shows_every_rule_and_only_what_it_should(policies: Path) -> None:
    done = RUN.invoke(app, ["page", "--policies", str(policies)])
    assert done.exit_code == 0
    assert all(f'id="{rule.id}"' in done.stdout for rule in load(policies).rules)
    one = RUN.invoke(app, ["page", "--doel", "openbare-orde", "--policies", str(policies)])
    assert 'id="politie-burgemeester"' in one.stdout
    assert "zvh-casus" not in one.stdout
    assert "<script" not in done.stdout
    assert RUN.invoke(app, ["page", "--doel", "huisverbod", "--policies", str(policies)]).exit_code == 2
