"""Who is meant, without saying who: identification, blind index, pairwise pseudonyms, the signature of the log."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import assume, given
from hypothesis import strategies as st

from fakes.ambient import SetClock
from fakes.keys import MemoryDekRows
from sluis.core.errors import BadInput
from sluis.keys import KeyFiles, KeyRing, LogSigner, PseudonymContext, Pseudonyms

MASTER = bytes(range(32))
WORDS = st.text(min_size=1, max_size=12)
BSN = "999990019"


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing(KeyFiles(tmp_path_factory.mktemp("names") / "keys"), MemoryDekRows(), SetClock())


@pytest.mark.parametrize(
    "written",
    [BSN, " 999990019 ", "9999.90.019", "9999 90 019", "99999-0019"],
)
def test_a_number_means_the_same_person_however_it_is_written(ring: KeyRing, written: str) -> None:
    assert ring.subject({"bsn": written}) == ring.subject({"bsn": BSN})


def test_a_number_of_eight_digits_is_nine_wide(ring: KeyRing) -> None:
    assert ring.subject({"bsn": "10000008"}) == ring.subject({"bsn": "010000008"})


@pytest.mark.parametrize(
    ("name", "born"),
    [
        ("Hakan Doğan", "1990-05-04"),
        ("hakan dogan", "4-5-1990"),
        ("DOĞAN, Hakan", "04-05-1990"),
        ("  Hakan\u00a0Dog\u0306an ", "04/05/1990"),
        ("Ha\u00adkan Doğan", "4.5.1990"),
    ],
)
def test_a_name_means_the_same_person_however_it_is_written(ring: KeyRing, name: str, born: str) -> None:
    assert ring.subject({"naam": name, "geboortedatum": born}) == ring.subject(
        {"naam": "Hakan Dogan", "geboortedatum": "1990-05-04"}
    )


def test_other_names_and_dates_mean_other_persons(ring: KeyRing) -> None:
    people = {
        ring.subject({"naam": name, "geboortedatum": born})
        for name in ("Jan Peter Bos", "Peter Jan Bos", "Jan Bos")
        for born in ("1990-05-04", "1990-04-05")
    }
    assert len(people) == 6


@pytest.mark.parametrize(
    "given_",
    [
        {},
        {"bsn": "123456789"},
        {"bsn": "000000000"},
        {"bsn": "12345"},
        {"bsn": "9999900190"},
        {"bsn": "٩٩٩٩٩٠٠١٩"},
        {"bsn": ""},
        {"naam": "Hakan Dogan"},
        {"geboortedatum": "1990-05-04"},
        {"naam": "", "geboortedatum": "1990-05-04"},
        {"naam": "...", "geboortedatum": "1990-05-04"},
        {"naam": "Hakan" * 100, "geboortedatum": "1990-05-04"},
        {"naam": "Hakan Dogan", "geboortedatum": "1990-02-30"},
        {"naam": "Hakan Dogan", "geboortedatum": "mei 1990"},
        {"bsn": BSN, "naam": "Hakan Dogan", "geboortedatum": "1990-05-04"},
        {"bsn": BSN, "v-nummer": "1"},
    ],
)
def test_an_incomplete_identification_is_refused_without_repeating_it(ring: KeyRing, given_: dict[str, str]) -> None:
    with pytest.raises(BadInput) as caught:
        ring.subject(given_)
    assert caught.value.flaws
    assert not [value for value in given_.values() if len(value) > 3 and value in str(caught.value)]


def test_every_flaw_is_told_at_once(ring: KeyRing) -> None:
    with pytest.raises(BadInput) as caught:
        ring.subject({"naam": "!", "geboortedatum": "!"})
    assert [flaw.where for flaw in caught.value.flaws] == ["identificatie.naam", "identificatie.geboortedatum"]


def test_a_blind_index_is_of_this_broker_alone_and_shows_nothing(ring: KeyRing, tmp_path: Path) -> None:
    other = KeyRing(KeyFiles(tmp_path / "keys"), MemoryDekRows(), SetClock())
    mine = ring.subject({"bsn": BSN})
    assert len(mine) == 32
    assert BSN not in mine
    assert other.subject({"bsn": BSN}) != mine


def test_a_tag_is_of_one_role_alone(ring: KeyRing) -> None:
    assert len(ring.tag("subject", "x")) == 16
    assert ring.tag("subject", "x") == ring.tag("subject", "x")
    assert ring.tag("subject", "x") != ring.tag("actor", "x")


@given(subjects=st.sets(WORDS, min_size=1, max_size=5), one=WORDS, two=WORDS, purpose=WORDS)
def test_what_two_recipients_are_told_shares_no_value(subjects: set[str], one: str, two: str, purpose: str) -> None:
    assume(one != two)
    pseudonyms = Pseudonyms(MASTER)

    def told(recipient: str) -> set[str]:
        context = PseudonymContext(recipient=recipient, purpose=purpose, field="betrokkene", epoch="1")
        return {pseudonyms.of(subject, context) for subject in subjects}

    assert len(told(one)) == len(subjects)
    assert told(one).isdisjoint(told(two))


@given(parts=st.lists(WORDS, min_size=4, max_size=4), other=st.lists(WORDS, min_size=4, max_size=4), subject=WORDS)
def test_another_context_gives_another_value(parts: list[str], other: list[str], subject: str) -> None:
    assume(parts != other)
    first, second = (PseudonymContext(recipient=p[0], purpose=p[1], field=p[2], epoch=p[3]) for p in (parts, other))
    assert Pseudonyms(MASTER).of(subject, first) != Pseudonyms(MASTER).of(subject, second)


def test_parts_of_a_context_never_run_into_one_another() -> None:
    pseudonyms = Pseudonyms(MASTER)
    one = PseudonymContext(recipient="ab", purpose="c", field="f", epoch="1")
    two = PseudonymContext(recipient="a", purpose="bc", field="f", epoch="1")
    assert pseudonyms.of("x", one) != pseudonyms.of("x", two)


def test_another_epoch_changes_every_pseudonym(tmp_path: Path) -> None:
    files = KeyFiles(tmp_path / "keys")
    before, after = (KeyRing(files, MemoryDekRows(), SetClock(), pseudonym_epoch=epoch) for epoch in ("1", "2"))
    subjects = [f"onderwerp-{n}" for n in range(50)]
    old = {before.pseudonym(s, recipient="ggz", purpose="zvh-casus") for s in subjects}
    new = {after.pseudonym(s, recipient="ggz", purpose="zvh-casus") for s in subjects}
    assert len(old) == len(new) == 50
    assert old.isdisjoint(new)


@pytest.mark.parametrize("missing", ["recipient", "purpose", "field", "epoch"])
def test_a_missing_context_is_an_error(missing: str) -> None:
    parts = {"recipient": "ggz", "purpose": "zvh-casus", "field": "betrokkene", "epoch": "1", missing: ""}
    with pytest.raises(BadInput, match=missing):
        Pseudonyms(MASTER).of("x", PseudonymContext(**parts))


def test_a_pseudonym_shows_at_least_eighty_bits() -> None:
    shown = Pseudonyms(MASTER).of("x", PseudonymContext(recipient="a", purpose="b", field="c", epoch="d"))
    assert len(shown) * 5 >= 80
    assert shown.isalnum()


def test_the_signer_of_the_log_signs_under_its_name() -> None:
    signer = LogSigner("sluis.example/log/utrecht/2026", MASTER)
    Ed25519PublicKey.from_public_bytes(signer.public()).verify(signer.sign(b"bericht"), b"bericht")
    assert signer.name == "sluis.example/log/utrecht/2026"
