"""What every `SubjectIndex` promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes.ambient import SetClock
from fakes.data import MemorySubjects
from fakes.keys import MemoryDekRows
from sluis.core.errors import BadInput
from sluis.keys import KeyFiles, KeyRing
from sluis.ports.data import SubjectIndex

PERSON = {"naam": "Hakan Dogan", "geboortedatum": "1990-05-04"}


@pytest.fixture(params=["memory", "keys"])
def subjects(request: pytest.FixtureRequest, tmp_path: Path) -> SubjectIndex:
    if request.param == "memory":
        return MemorySubjects()
    return KeyRing(KeyFiles(tmp_path / "keys"), MemoryDekRows(), SetClock())


def test_the_same_person_has_the_same_index_and_another_another(subjects: SubjectIndex) -> None:
    assert subjects.subject(PERSON) == subjects.subject(dict(PERSON))
    assert subjects.subject(PERSON) != subjects.subject({**PERSON, "geboortedatum": "1990-05-05"})
    assert subjects.subject({"bsn": "999990019"}) != subjects.subject(PERSON)


def test_an_index_holds_nothing_of_the_person(subjects: SubjectIndex) -> None:
    assert not {"hakan", "dogan", "1990"} & {subjects.subject(PERSON)[i : i + n] for n in (4, 5) for i in range(32)}


@pytest.mark.parametrize("given", [{}, {"naam": "Hakan Dogan"}, {"bsn": ""}, {"v-nummer": "1"}, {**PERSON, "bsn": "999990019"}])
def test_an_incomplete_identification_is_refused(subjects: SubjectIndex, given: dict[str, str]) -> None:
    with pytest.raises(BadInput) as caught:
        subjects.subject(given)
    assert caught.value.flaws


def test_no_two_recipients_or_purposes_share_a_pseudonym(subjects: SubjectIndex) -> None:
    subject = subjects.subject(PERSON)
    given = {
        subjects.pseudonym(subject, recipient=recipient, purpose=purpose)
        for recipient in ("ggz", "politie", "om")
        for purpose in ("zvh-casus", "noodinzage")
    }
    assert len(given) == 6
    assert subject not in given
    assert subjects.pseudonym(subject, recipient="ggz", purpose="zvh-casus") in given
