"""The markers' fixed texts, and how a marker of an earlier release is recognised."""

from __future__ import annotations

import re

WITHHELD = "[PASSAGE WEERGEHOUDEN]"
LABELS = {"ADDR": "ADRES", "POSTCODE": "ADRES", "CITY": "PLAATS", "ORG": "INSTELLING", "IBAN": "REKENING", "PLATE": "KENTEKEN"}
LABELS |= {
    "DATE": "DATUM",
    "DOB": "DATUM",
    "AGE": "LEEFTIJD",
    "PHONE": "TELEFOON",
    "EMAIL": "E-MAIL",
    "URL": "LINK",
    "HANDLE": "ACCOUNT",
}
OTHER = "NUMMER"
MARKER = re.compile(
    rf"\[(?:PERSOON-\d{{1,4}}|{'|'.join(sorted({*LABELS.values(), OTHER}))}|PASSAGE WEERGEHOUDEN|"
    rf"(?P<role>[a-z]{{2,30}}) \d{{1,3}})\]"
)


def label(kind: str) -> str:
    """The marker of everything that is no person."""
    return f"[{LABELS.get(kind, OTHER)}]"
