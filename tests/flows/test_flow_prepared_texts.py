"""A text is read once, when it comes in; every release uses what was found then, and proves its own output."""

from __future__ import annotations

from sluis.core.record import FieldValue, texts_of
from sluis.core.verdict import TextMode
from sluis.flows import contribute
from sluis.redaction.engine import load
from world.people import GGZ, World

ADVICE = "Spreek Sem rustig aan en bel Marloes Terpstra op 06 12 34 56 78."
A = "gezondheid.functioneel"


def test_the_texts_of_a_record_are_its_written_forms_and_its_sentences() -> None:
    fields: dict[str, FieldValue] = {
        "bejegening": {"advies": ADVICE, "soort": "met-steun"},
        "woonvorm": "huur",
        "omschrijving": "twee woorden",
        "bedrag": 12,
    }
    assert texts_of(fields) == (ADVICE, "twee woorden")


def test_a_deposit_keeps_what_the_redactor_found_in_its_texts(world: World) -> None:
    left = contribute.Deposit(
        subject=world.person({"bsn": "999900018"}), case=None, category=A, fields={"bejegening": {"advies": ADVICE}}
    )
    kept, _ = contribute.deposit(left, world.actor(GGZ), world.services)
    assert world.redactor.prepared == [ADVICE]
    assert kept.record.prepared == ("voorbereid 1",)


def test_what_was_found_at_deposit_says_no_letter_of_the_text_and_changes_nothing_of_the_release() -> None:
    redactor = load()
    line = redactor.prepare(ADVICE)
    assert not any(word in line for word in ("Sem", "Marloes", "Terpstra", "0612", "06 12"))
    fresh = redactor.redact([ADVICE], [], TextMode.MASK, b"zaad" * 8)
    assert redactor.redact([ADVICE], [], TextMode.MASK, b"zaad" * 8, prepared=[line]) == fresh
    assert redactor.redact([ADVICE], [], TextMode.MASK, b"zaad" * 8, prepared=["bedorven", line[:-3]]) == fresh
