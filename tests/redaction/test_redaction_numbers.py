"""Numbers in the forms that people write them, and numbers that identify nobody."""

from __future__ import annotations

import pytest

from sluis.redaction import spans

GO = {
    "BSN 1234.56.782": "1234.56.782",
    "burgerservicenummer is 12 34 56 782": "12 34 56 782",
    "bsn 12345": "12345",
    "rek NL 12 RABO 0123 4567 89": "NL 12 RABO 0123 4567 89",
    "IBAN: DE89 3704 0044 0532 0130 00": "DE89 3704 0044 0532 0130 00",
    "t. 020-1234567": "020-1234567",
    "mob: 06/12 34 56 78": "06/12 34 56 78",
    "+31 (0)6 12 34 56 78": "+31 (0)6 12 34 56 78",
    "0900-8844": "0900-8844",
    "jan (at) ziggo punt nl": "jan (at) ziggo punt nl",
    "parket 96-234567/19": "96-234567/19",
    "PL 1300 2023123456": "PL 1300 2023123456",
    "zaaknummer 2023/4567": "2023/4567",
    "rolnummer 23/1234": "23/1234",
    "C/13/123456 / FA RK 22-1234": "C/13/123456 / FA RK 22-1234",
    "v-nr: 2712 3456 78": "2712 3456 78",
    "paspoort NXR4B2C19": "NXR4B2C19",
    "ID-kaart ZR 884512": "ZR 884512",
    "1012 jk Amsterdam": "1012 jk",
    "geb.dat. 010280": "010280",
    "geb. '80": "80",
    "auto met kenteken K 123 AB": "K 123 AB",
    "patiëntnr 12345": "12345",
    "mac 00:1A:2B:3C:4D:5E": "00:1A:2B:3C:4D:5E",
    "toen zij 9 was": "9",
}
STAY = [
    "bsn onbekend",
    "schuld van 12.500 euro",
    "om 14.30 uur",
    "10 mg 2dd",
    "RR 120/80",
    "sinds 2 weken",
    "art 310 Sr",
    "kamer 12",
    "3 x 500 mg",
    "in 2021 verhuisd",
    "al 2 jaar schimmel",
    "112 gebeld",
    "eis: 4 jaar cel",
]


@pytest.mark.parametrize("text", GO)
def test_a_number_that_identifies_goes_whole(text: str) -> None:
    assert GO[text] in [text[start:end] for start, end, _ in spans(text)]


@pytest.mark.parametrize("text", STAY)
def test_a_number_that_identifies_nobody_stays(text: str) -> None:
    assert spans(text) == []
