"""The release of a set (`release.json`, beside the set): what is declared of it, and who signed that declaration.

Laws of this file: what is signed names the hash of the rules and of every list beside them; each signature holds the name of who
signed; a file with a key too many or too few is no release.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import rfc8785

from sluis.core.errors import BadInput, Flaw, PolicyFileError

RELEASE = "release.json"
LISTS = "lijsten"
FORMAT = "sluis-release/1"
_DOMAIN = b"sluis-policy-release/1\n"
_KEYS = ("beleid", "lijsten", "reden", "geldig-vanaf", "geldig-tot", "rac-advies", "afwijking", "vervangt", "ruimer")
_FLAW = "dit is geen release van Sluis"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What two people sign. `replaces` is the hash of the set it was compared with; `wider` what becomes wider by it."""

    policy: str
    lists: Mapping[str, str]
    reason: str
    valid_from: datetime
    valid_until: datetime | None = None
    rac_advice: str = ""
    deviation: str = ""
    replaces: str = ""
    wider: tuple[str, ...] = ()

    def flaws(self) -> tuple[Flaw, ...]:
        """What this declaration lacks: a reason, an order of dates, and advice where something may become wider."""
        found = []
        if not self.reason.strip():
            found.append(Flaw(where="reden", what="ontbreekt", mend="zeg met --reason waarom dit beleid er komt"))
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            found.append(Flaw(where="geldig-tot", what="ligt niet na geldig-vanaf"))
        if (self.wider or not self.replaces) and not (self.rac_advice.strip() or self.deviation.strip()):
            what = f"wordt ruimer: {', '.join(self.wider)}" if self.wider else "met geen eerder beleid vergeleken"
            mend = "noem het advies met --rac-advice, of de redenen om af te wijken met --deviation (WGS 1.8 lid 6)"
            found.append(Flaw(where="rac-advies", what=what, mend=mend))
        return tuple(found)

    def content(self) -> dict[str, str | dict[str, str] | list[str]]:
        """The declaration as it stands in the file."""
        return {
            "beleid": self.policy,
            "lijsten": dict(self.lists),
            "reden": self.reason,
            "geldig-vanaf": _moment(self.valid_from),
            "geldig-tot": _moment(self.valid_until) if self.valid_until is not None else "",
            "rac-advies": self.rac_advice,
            "afwijking": self.deviation,
            "vervangt": self.replaces,
            "ruimer": list(self.wider),
        }

    def message(self, name: str) -> bytes:
        """The bytes that `name` signs."""
        return _DOMAIN + rfc8785.dumps({"verklaring": self.content(), "naam": name})


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed, with which key, and the signature."""

    name: str
    key: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A declaration with its signatures, in the order in which they were put."""

    declaration: Declaration
    signatures: tuple[Signature, ...] = field(default=())

    def write(self, directory: Path) -> Path:
        """Put it beside the set, whole or not at all."""
        content = {
            "formaat": FORMAT,
            "verklaring": self.declaration.content(),
            "ondertekeningen": [{"naam": s.name, "sleutel": s.key, "handtekening": s.value} for s in self.signatures],
        }
        path = directory / RELEASE
        aside = directory / f".{RELEASE}.nieuw"
        aside.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        os.replace(aside, path)  # noqa: PTH105 - the same file, whole
        return path


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str, where: str) -> datetime:
    """A date (its first moment in UTC) or a moment with its zone. Raises `BadInput` for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(Flaw(where=where, what="dit is geen datum", mend="schrijf bijvoorbeeld 2027-01-01")) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def read_release(directory: Path) -> Release | None:
    """The release beside the set; None when there is none. Raises `PolicyFileError` when it cannot be understood."""
    path = directory / RELEASE
    if not path.is_file():
        return None
    try:
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise PolicyFileError(Flaw(where=RELEASE, what=_FLAW, mend="laat het opnieuw tekenen")) from None
    match content:
        case {"formaat": "sluis-release/1", "verklaring": dict(declared), "ondertekeningen": list(signed), **rest} if not rest:
            return Release(declaration=_declaration(declared), signatures=tuple(map(_signature, signed)))
    raise PolicyFileError(Flaw(where=RELEASE, what=_FLAW, mend="laat het opnieuw tekenen"))


def _declaration(content: Mapping[str, object]) -> Declaration:
    match [content.get(key) for key in _KEYS]:
        case [
            str(policy),
            dict(lists),
            str(reason),
            str(start),
            str(end),
            str(advice),
            str(deviation),
            str(replaces),
            list(wider),
        ]:
            if set(content) == set(_KEYS) and all(isinstance(item, str) for item in (*lists, *lists.values(), *wider)):
                return Declaration(
                    policy=policy,
                    lists=lists,
                    reason=reason,
                    valid_from=moment(start, "geldig-vanaf"),
                    valid_until=moment(end, "geldig-tot") if end else None,
                    rac_advice=advice,
                    deviation=deviation,
                    replaces=replaces,
                    wider=tuple(wider),
                )
    raise PolicyFileError(Flaw(where=f"{RELEASE}, verklaring", what=_FLAW, mend="laat het opnieuw tekenen"))


def _signature(content: object) -> Signature:
    match content:
        case {"naam": str(name), "sleutel": str(key), "handtekening": str(value), **rest} if not rest:
            return Signature(name=name, key=key, value=value)
    raise PolicyFileError(Flaw(where=f"{RELEASE}, ondertekeningen", what=_FLAW, mend="laat het opnieuw tekenen"))


def lists_of(directory: Path) -> dict[str, str]:
    """The hash of every list beside the rules: they decide how coarse a field becomes, so they are signed too."""
    files = sorted(path for path in (directory / LISTS).rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files}
