"""Public key sets of partners: which keys we accept, checked at registration and again whenever they are used."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, KeySet, RSAKey

from sluis.core.errors import BadKey, Flaw
from sluis.core.partner import Partner

MIN_RSA_BITS = 2048
MAX_RSA_BITS, MAX_EXPONENT_BITS = 8192, 32  # whoever chooses both can make one check take seconds
PRIVATE_PARTS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
UNREADABLE = (JoseError, ValueError, KeyError, TypeError, AttributeError)


def key_set(document: Mapping[str, object]) -> KeySet:
    """The keys of a JWKS document. Raises `BadKey`, naming every key by position, when one is weak, private or unreadable."""
    entries = document.get("keys")
    if not isinstance(entries, list) or not entries:
        raise BadKey(Flaw(where="keys", what="there is no list of keys", mend="give a JWKS with at least one key"))
    keys: list[Key] = []
    flaws: list[Flaw] = []
    for position, entry in enumerate(entries):
        try:
            keys.append(public_key(entry))
        except BadKey as bad:
            flaws += [Flaw(where=f"keys[{position}]", what=flaw.what, mend=flaw.mend) for flaw in bad.flaws]
    if flaws:
        raise BadKey(*flaws)
    return KeySet(keys)


class KeySets:
    """Key sets of partners, read once for each document: the same partner asks again and again."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Mapping[str, object], KeySet]] = {}

    def of(self, partner: Partner) -> KeySet:
        """The keys of a partner. Raises `BadKey`."""
        found = self._known.get(partner.id)
        if found is None or found[0] != partner.keys:
            found = (partner.keys, key_set(partner.keys))
            self._known[partner.id] = found  # two threads at once both write the same
        return found[1]


def signing_part(document: Mapping[str, object]) -> Mapping[str, object]:
    """A key set without the keys that we would not verify with anyway: what else a provider publishes is its own business."""
    entries = document.get("keys")
    return {"keys": [entry for entry in entries if _signs(entry)] if isinstance(entries, list) else []}


def public_key(entry: object) -> Key:
    """One public signing key: RSA of 2048 to 8192 bits, or EC P-256. Raises `BadKey`."""
    if not isinstance(entry, dict):
        raise BadKey(Flaw(where="key", what="a key is not an object"))
    if PRIVATE_PARTS & entry.keys():
        raise BadKey(Flaw(where="key", what="a key has private parts", mend="register the public key and replace this pair"))
    kind = str(entry.get("kty"))
    if kind == "RSA" and not MIN_RSA_BITS <= _bits(entry.get("n")) <= MAX_RSA_BITS:
        raise BadKey(Flaw(where="key", what="an RSA key is shorter than 2048 bits, or longer than 8192"))
    if kind == "RSA" and _bits(entry.get("e")) > MAX_EXPONENT_BITS:
        raise BadKey(Flaw(where="key", what="an RSA key has an exponent beyond 32 bits", mend="use 65537"))
    if kind not in {"RSA", "EC"} or (kind == "EC" and entry.get("crv") != "P-256"):
        raise BadKey(Flaw(where="key", what="a key is neither RSA nor EC P-256"))
    try:
        key = JWKRegistry.import_key(entry)
        key.ensure_kid()
        _ = key.public_key
    except UNREADABLE as cause:
        raise BadKey(Flaw(where="key", what="a key cannot be read")) from cause
    if not isinstance(key, (RSAKey, ECKey)):  # the two kinds above; said once more for the reader of this line
        raise BadKey(Flaw(where="key", what="a key is neither RSA nor EC P-256"))
    return key


def _signs(entry: object) -> bool:
    return isinstance(entry, dict) and entry.get("use") != "enc" and (entry.get("kty") == "RSA" or entry.get("crv") == "P-256")


def _bits(modulus: object) -> int:
    """Bits of a base64url number; 0 when it is none. Counted before the import, because joserfc only warns of a short one."""
    if not isinstance(modulus, str):
        return 0
    try:
        data = base64.urlsafe_b64decode(modulus + "=" * (-len(modulus) % 4))
    except ValueError:
        return 0
    return int.from_bytes(data, "big").bit_length()
