"""Two people release a set: keys, trust, putting a signature, and whether a set may be used at a moment.

Laws of this file: without two valid signatures of different trusted people under the very content of the folder there is no
`Released`; what becomes wider needs the advice of the RAC or recorded reasons to deviate (WGS 1.8 lid 6, BGS 1.13).
"""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from sluis.core.changes import Effect
from sluis.core.effects import compare
from sluis.core.errors import BadInput, BadKey, Flaw, PolicyFileError, PolicyUnavailable
from sluis.core.rules import Rulebook
from sluis.policy_files.examples import run
from sluis.policy_files.folder import open_set
from sluis.policy_files.release import RELEASE, Declaration, Release, Signature, lists_of, read_release
from sluis.policy_files.shape import Shape
from sluis.policy_files.strict import read
from sluis.policy_files.tables import load_tables
from sluis.ports.services import FieldTables

PEOPLE = 2
"""How many different people release a set."""

_PREFIX = "ed25519:"
_OTHERS = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A set that may be used. Without a declaration nobody signed it: only a demonstration may use that."""

    rulebook: Rulebook
    tables: FieldTables
    declaration: Declaration | None = None
    signers: tuple[str, ...] = ()

    @property
    def policy(self) -> str:
        """The hash of the set."""
        return self.rulebook.policy


# ---- keys and trust ------------------------------------------------------------------------------


def new_key(path: Path) -> str:
    """Make a private key in a new file that only its owner can read; return the public key. Raises `BadInput`."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BadInput(
            Flaw(where=str(path), what=f"kan niet worden gemaakt: {error.strerror}", mend="kies een nieuw bestand")
        ) from None
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    return _public(key.public_key())


def read_key(path: Path) -> Ed25519PrivateKey:
    """The private key in a file. Raises `BadKey` when it is none, or when others can read it."""
    try:
        if path.stat().st_mode & _OTHERS:
            raise BadKey(Flaw(where=str(path), what="anderen kunnen deze sleutel lezen", mend="chmod 600"))
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        raise BadKey(Flaw(where=str(path), what="dit is geen sleutel", mend="maak er een met sluis policy key")) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(Flaw(where=str(path), what="dit is geen Ed25519-sleutel", mend="maak er een met sluis policy key"))
    return key


def _public(key: Ed25519PublicKey) -> str:
    return _PREFIX + base64.b64encode(key.public_bytes_raw()).decode()


def read_trust(path: Path) -> Mapping[str, str]:
    """Per name the public key of who may sign. Raises `PolicyFileError` with every flaw; two people never share a key."""
    shape = Shape()
    top = shape.table(read(path, shape.flaws), ("ondertekenaars",))
    people: dict[str, str] = {}
    for item in shape.items(top.get("ondertekenaars")):
        fields = shape.table(item, ("naam", "sleutel"), ("functie",))
        name, key = shape.text(fields.get("naam")), shape.text(fields.get("sleutel"))
        if not _key(key):
            shape.flaw(item.where, "dit is geen openbare sleutel", "neem over wat sluis policy key toont")
        if name in people or key in people.values():
            shape.flaw(item.where, "deze naam of sleutel staat er al", "ieder mens heeft een eigen sleutel")
        people[name] = key
    if shape.flaws:
        raise PolicyFileError(*shape.flaws)
    return people


def _key(text: str) -> Ed25519PublicKey | None:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text.removeprefix(_PREFIX), validate=True))
    except ValueError:
        return None


# ---- putting a signature -------------------------------------------------------------------------


def declare(directory: Path, wanted: Declaration, previous: Path | None) -> Declaration:
    """The declaration of the set in `directory`, with its hashes, compared with the set it replaces. Raises `PolicyFileError`."""
    book = _tested(directory)
    old = open_set(previous).rulebook if previous is not None else None
    made = replace(
        wanted,
        policy=book.policy,
        lists=lists_of(directory),
        replaces=old.policy if old is not None else "",
        wider=became_wider(old, book) if old is not None else (),
    )
    if flaws := made.flaws():
        raise PolicyFileError(*flaws)
    return made


def became_wider(old: Rulebook, new: Rulebook) -> tuple[str, ...]:
    """The categories of which somebody gets more, or the same with less around it, or the same for longer, on any day."""
    days = sorted({day for rule in (*old.pilots, *new.pilots) if (p := rule.pilot) for day in (p.since, p.until)})
    moments = [datetime.min.replace(tzinfo=UTC), *(datetime(day.year, day.month, day.day, tzinfo=UTC) for day in days)]
    found = (one for at in moments for one in compare(old.on(at), new.on(at)))
    return tuple(dict.fromkeys(one.category for one in found if one.change.effect is Effect.RUIMER))


def _tested(directory: Path) -> Rulebook:
    """The rulebook of a set of which every example comes out as it says."""
    found = open_set(directory)
    tries = (one for several in found.examples.values() for example in several for one in example.tries)
    wrong = [Flaw(where=one.where, what=what) for one in tries for what in run(one, found.rulebook)]
    if wrong:
        raise PolicyFileError(*wrong)
    return found.rulebook


def sign(directory: Path, declaration: Declaration | None, *, name: str, key: Ed25519PrivateKey) -> Release:
    """Put a signature under the set and write it beside it.

    With a declaration the first person starts a release; without one the next person signs what the first declared. Raises
    `PolicyFileError` when there is nothing to sign, when the set is another by now, and when this person or key signed already.
    """
    if declaration is not None:
        known = Release(declaration=declaration)
    elif (found := read_release(directory)) is None:
        raise PolicyFileError(
            Flaw(where=RELEASE, what="er is nog niets verklaard", mend="de eerste noemt --reason en --valid-from")
        )
    else:
        known = found
        _same_content(known.declaration, _tested(directory), directory)
    public = _public(key.public_key())
    if any(name == one.name or public == one.key for one in known.signatures):
        raise PolicyFileError(Flaw(where=RELEASE, what="deze persoon of sleutel tekende al", mend="een ander mens tekent mee"))
    value = base64.b64encode(key.sign(known.declaration.message(name))).decode()
    release = replace(known, signatures=(*known.signatures, Signature(name=name, key=public, value=value)))
    release.write(directory)
    return release


def _same_content(declaration: Declaration, book: Rulebook, directory: Path) -> None:
    if declaration.policy != book.policy:
        raise PolicyFileError(
            Flaw(where=RELEASE, what="het beleid is veranderd na de ondertekening", mend="laat het opnieuw tekenen")
        )
    if dict(declaration.lists) != lists_of(directory):
        raise PolicyFileError(
            Flaw(where=RELEASE, what="de lijsten zijn veranderd na de ondertekening", mend="laat opnieuw tekenen")
        )


# ---- may it be used ------------------------------------------------------------------------------


def verified(directory: Path, trust: Mapping[str, str], at: datetime, active: Rulebook | None = None) -> Released:
    """The set in `directory`, when two trusted people released it and it is in force at `at`.

    `active` is the set that decides now: what would be wider than that needs advice, whatever the signers compared it with.
    Raises `PolicyFileError` with what is wrong, `PolicyUnavailable` when it is not in force yet, or not any more.
    """
    with tempfile.TemporaryDirectory() as folder:
        # A copy: what is checked and what is used are the same bytes, also when somebody saves a file in between.
        still = Path(folder) / "set"
        _copied(directory, still)
        found = unsigned(still)
        release = read_release(still)
        if release is None:
            raise PolicyFileError(Flaw(where=RELEASE, what="dit beleid is niet ondertekend", mend="laat twee mensen tekenen"))
        _same_content(release.declaration, found.rulebook, still)
    declaration = release.declaration
    signers = _signers(release, trust)
    if flaws := (*declaration.flaws(), *_against(active, found.rulebook, declaration)):
        raise PolicyFileError(*flaws)
    if at < declaration.valid_from:
        raise PolicyUnavailable(f"the policy set is not in force before {declaration.valid_from.isoformat()}")
    if declaration.valid_until is not None and at >= declaration.valid_until:
        raise PolicyUnavailable(f"the policy set ended at {declaration.valid_until.isoformat()}")
    return replace(found, declaration=declaration, signers=signers)


def _copied(directory: Path, still: Path) -> None:
    try:
        shutil.copytree(directory, still)
    except (OSError, shutil.Error):
        raise PolicyFileError(Flaw(where=str(directory), what="het beleid is niet te lezen", mend="wijs de map aan")) from None


def unsigned(directory: Path) -> Released:
    """The set in `directory`, signed or not: for a demonstration. Raises `PolicyFileError` with every flaw."""
    return Released(rulebook=open_set(directory).rulebook, tables=load_tables(directory))


def _against(active: Rulebook | None, new: Rulebook, declaration: Declaration) -> tuple[Flaw, ...]:
    if active is None or active.policy == new.policy or declaration.rac_advice.strip() or declaration.deviation.strip():
        return ()
    wider = became_wider(active, new.carrying(active.carried))
    mend = "noem het advies van de RAC of de redenen om af te wijken"
    return (Flaw(where="rac-advies", what=f"ruimer dan wat nu geldt: {', '.join(wider)}", mend=mend),) if wider else ()


def _signers(release: Release, trust: Mapping[str, str]) -> tuple[str, ...]:
    """The different people whose signatures hold. One that does not hold spoils the release: somebody should look."""
    people: dict[str, str] = {}
    for one in release.signatures:
        where = f"{RELEASE}, {one.name}"
        if trust.get(one.name) != one.key:
            raise PolicyFileError(
                Flaw(where=where, what="deze ondertekenaar wordt niet vertrouwd", mend="vul de lijst van ondertekenaars aan")
            )
        if not _holds(one, release.declaration):
            raise PolicyFileError(Flaw(where=where, what="de handtekening klopt niet", mend="laat het opnieuw tekenen"))
        people[one.key] = one.name
    if len(people) < PEOPLE or len(set(people.values())) < PEOPLE:
        what = f"{len(people)} van de {PEOPLE} handtekeningen"
        raise PolicyFileError(Flaw(where=RELEASE, what=what, mend="laat nog iemand tekenen met sluis policy sign"))
    return tuple(people.values())


def _holds(one: Signature, declaration: Declaration) -> bool:
    key = _key(one.key)
    try:
        value = base64.b64decode(one.value, validate=True)
        if key is not None:
            key.verify(value, declaration.message(one.name))
    except (InvalidSignature, ValueError):
        return False
    return key is not None
