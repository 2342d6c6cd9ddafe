"""Hostile input finishes, and the work grows with the length and no faster. Work is counted, not timed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from redaction_notes import notes

from sluis.core.record import Known
from sluis.core.verdict import TextMode
from sluis.redaction import categories, load

REDACTOR = load()
KNOWN = [
    Known(type="PER", value="Hakan Doğan"),
    Known(type="BSN", value="999918205"),
    Known(type="ADDR", value="Groene Hilledijk 212c"),
]
PLAIN = " ".join(note.text for note in notes("ontwikkel.txt"))

HOSTILE = {
    "plain": PLAIN + " ",
    "digits": "1234567890",
    "digits apart": "1 2-3.4/",
    "one word": "a",
    "capitals": "A ",
    "hyphens": "Ab-",
    "full stops": "a.",
    "at signs": "a@",
    "underscores": "a_",
    "combining": "e\u0301\u0300",
    "zero width": "a\u200b",
    "surrogates": "a\ud800 ",
    "digit lines": "1\n",
    "brackets": "(",
    "markers": "[ADRES]",
    "particles": "van de ",
    "titles": "mw ",
    "names": "Jan de ",
    "compounds": "huisdeurraam" * 20 + " ",
    "dates": "12 - 3 - 2020 ",
    "phone lines": "06-1\n",
    "slashes": "a/",
    "keywords": "bsn nr ",
    "plates": "kent a ",
    "handles": "insta ",
    "hosts": "a.nl",
    "accounts": "NL91 ABNA ",
    "courts": "C/1/",
    "hex": "a::1:",
    "births": "geb. 1 ",
    "apostrophes": "'t ",
    "known": "Dogan Hakan ",
    "initials": "i. ",
    "four": "9999 1820 ",
}


def work(function: Callable[[], object]) -> int:
    """How many calls a function makes, of Python functions and of C functions."""
    count = 0

    def seen(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


def sized(kind: str, size: int) -> str:
    return (HOSTILE[kind] * (size // len(HOSTILE[kind]) + 1))[:size]


@pytest.mark.parametrize("kind", HOSTILE)
def test_ten_times_the_text_is_at_most_twelve_times_the_work(kind: str) -> None:
    small, large = (
        work(lambda size=size: REDACTOR.redact([sized(kind, size)], KNOWN, TextMode.MASK, b"seed"))  # type: ignore[misc]  # the size at this turn
        for size in (4_000, 40_000)
    )
    assert large <= 12 * small + 200


@pytest.mark.parametrize("kind", ["digits", "surrogates", "combining", "one word", "hyphens", "brackets"])
def test_a_megabyte_of_it_finishes(kind: str) -> None:
    text = sized(kind, 1_000_000)
    (result,) = REDACTOR.redact([text], KNOWN, TextMode.MASK, b"seed")
    assert "999918205" not in result.text
    categories(text)


def test_megabytes_of_digits_leave_nothing_but_a_marker() -> None:
    (result,) = REDACTOR.redact(["1234567890" * 300_000], [], TextMode.MASK, b"seed")
    assert result.text == "[NUMMER]"
