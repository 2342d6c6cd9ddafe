"""What an operator writes down about a partner and its people, in TOML files, and how that becomes `Partner` and `Employee`.

A file is read whole or not at all; every flaw is told by its key, never with the value that was there.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sluis.api.document import SCOPES
from sluis.core.errors import BadInput, BadKey, Flaw
from sluis.core.partner import Employee, Partner, Profile
from sluis.identity.encoding import fingerprint
from sluis.identity.partner_keys import key_set

Handle = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")]
Line = Annotated[str, StringConstraints(pattern=r"^\S(.{0,198}\S)?$")]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class PartnerWritten(_Written):
    """A partner as its file says it; `keys` and `certificates` are files beside it."""

    id: Handle
    oin: Annotated[str, StringConstraints(pattern=r"^\d{20}$")]
    kind: Line
    name: Line
    profile: Profile = Profile.FAPI2
    client_id: Handle | None = None
    keys: Path
    certificates: tuple[Path, ...] = ()
    scopes: Annotated[frozenset[str], Field(min_length=1)]
    active_from: date | None = None


class PersonWritten(_Written):
    """One employee: the days are the first on which the screening (VOG) or the training no longer counts.

    `deputises`: roles of colleagues that he fills, each until the day that stands behind it.
    """

    user: Line = Field(repr=False)
    roles: Annotated[frozenset[Line], Field(min_length=1)]
    screened_until: date
    trained_until: date
    deputises: dict[Line, date] = Field(default_factory=dict)


class PeopleWritten(_Written):
    """The people of one partner."""

    employees: Annotated[tuple[PersonWritten, ...], Field(min_length=1)]


def read_partner(file: Path, *, kinds: Collection[str], at: datetime) -> Partner:
    """The partner that `file` describes, active from `at` when it names no day. Raises `BadInput` with every flaw found."""
    written = _read(file, PartnerWritten)
    flaws = [
        Flaw(where=f"{file.name}: scopes", what="an unknown scope", mend=f"choose from {', '.join(SCOPES)}")
        for scope in written.scopes
        if scope not in SCOPES
    ]
    if written.kind not in kinds:
        flaws.append(Flaw(where=f"{file.name}: kind", what="an unknown kind", mend="take a word of `soorten` in begrippen.yaml"))
    keys = _keys(file.parent / written.keys, flaws)
    prints = frozenset(
        print_of for path in written.certificates if (print_of := _certificate(file.parent / path, flaws)) is not None
    )
    if flaws:
        raise BadInput(*flaws)
    return Partner(
        id=written.id,
        oin=written.oin,
        kind=written.kind,
        name=written.name,
        client_id=written.client_id or written.id,
        profile=written.profile,
        keys=keys,
        certificates=prints,
        scopes=written.scopes,
        active_from=at if written.active_from is None else _start(written.active_from),
    )


def read_people(file: Path, *, partner: str) -> tuple[Employee, ...]:
    """The employees that `file` describes, all of that partner. Raises `BadInput` with every flaw found."""
    return tuple(
        Employee(
            partner=partner,
            user=one.user,
            roles=one.roles,
            screened_until=_start(one.screened_until),
            trained_until=_start(one.trained_until),
            deputises={role: _start(until) for role, until in one.deputises.items()},
        )
        for one in _read(file, PeopleWritten).employees
    )


W = TypeVar("W", bound=_Written)


def _read(file: Path, shape: type[W]) -> W:
    try:
        content = tomllib.loads(_bytes(file).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise BadInput(Flaw(where=file.name, what="is no TOML in UTF-8", mend="see deploy/partner.example.toml")) from None
    try:
        return shape.model_validate(content)
    except ValidationError as cause:
        found = cause.errors(include_input=False, include_url=False)
    raise BadInput(*(Flaw(where=f"{file.name}: {'.'.join(map(str, one['loc']))}", what=one["msg"]) for one in found))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as cause:
        raise BadInput(Flaw(where=file.name, what=f"cannot be read: {cause.strerror}")) from None


def _keys(file: Path, flaws: list[Flaw]) -> dict[str, object]:
    """The JWKS in `file`, when every key in it is one that the token endpoint would accept."""
    try:
        document = json.loads(_bytes(file))
        if not isinstance(document, dict):
            raise BadKey(Flaw(where="keys", what="is no JWKS"))
        key_set(document)
    except BadInput as bad:
        flaws += [Flaw(where=f"{file.name}: {flaw.where}", what=flaw.what, mend=flaw.mend) for flaw in bad.flaws]
    except ValueError:
        flaws.append(Flaw(where=file.name, what="is no JSON"))
    else:
        return document
    return {}


def _certificate(file: Path, flaws: list[Flaw]) -> str | None:
    """The SHA-256 fingerprint of the one certificate (PEM) in `file`."""
    try:
        found = x509.load_pem_x509_certificates(_bytes(file))
    except BadInput as bad:
        flaws += bad.flaws
        return None
    except ValueError:
        found = []
    if len(found) != 1:
        flaws.append(Flaw(where=file.name, what="does not hold exactly one certificate", mend="give the leaf only, as PEM"))
        return None
    return fingerprint(found[0].public_bytes(Encoding.DER))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
