"""Time stamps of checkpoints (RFC 3161) as they are kept and read again: what one says, and whether it holds.

A stamp is two files in the log's folder: `stamp/<size>.checkpoint`, the signed note as it was stamped, and
`stamp/<size>.tsr`, the authority's reply over exactly those bytes; `stamp/index` lists the sizes. So whoever has the folder
and the authority's certificate needs neither us nor the log's database (`openssl ts -verify`).

Law of this file: a stamp that does not hold raises `LedgerBroken`, and the message starts with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.x509 import (
    Certificate,
    ExtendedKeyUsage,
    ExtensionNotFound,
    load_der_x509_certificate,
    load_pem_x509_certificates,
)
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import (
    PKIStatus,
    TimeStampResponse,
    TimeStampTokenInfo,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from sluis.core.errors import BadInput, Flaw, LedgerBroken
from sluis.core.note import Checkpoint, parse_checkpoint, parse_note
from sluis.core.proof import TreeHead
from sluis.ledger.publishing import Fetch

INDEX = "stamp/index"
MOST_BYTES = 65_536
"""The largest reply that is read; one with its certificates is about 1 to 6 kB."""
SLACK = timedelta(minutes=5)
"""How far the authority's clock and the log's may lie apart."""

_PATH = re.compile(r"stamp/(?:index|[1-9][0-9]{0,18}\.(?:tsr|checkpoint))")
_SHA256 = "2.16.840.1.101.3.4.2.1"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an authority says: this checkpoint existed at that moment, at the latest."""

    checkpoint: Checkpoint
    at: datetime
    authority: str

    @property
    def head(self) -> TreeHead:
        """Size and root of the log that was stamped."""
        return self.checkpoint.head


def is_stamp(path: str) -> bool:
    """Whether a path under the log's prefix is one of a stamp."""
    return _PATH.fullmatch(path) is not None


def stamp_paths(size: int) -> tuple[str, str]:
    """Where the stamp of a log of that size is kept: the checkpoint, and the reply."""
    return f"stamp/{size}.checkpoint", f"stamp/{size}.tsr"


def parse_authority(pem: bytes, where: str) -> tuple[Certificate, ...]:
    """The certificates that are trusted to lead to a time-stamping authority. Raises `BadInput`."""
    try:
        return tuple(load_pem_x509_certificates(pem))
    except ValueError as fault:
        flaw = Flaw(where=where, what="it holds no certificates", mend="give the authority's CA certificates in PEM")
        raise BadInput(flaw) from fault


def check_reply(reply: bytes, stamped: bytes, roots: Sequence[Certificate], nonce: int | None = None) -> tuple[datetime, str]:
    """The moment and the name in a reply over these bytes; `nonce` is that of our request, while we still know it.

    Certificates count as they were at the stamp's own moment: they end long before the evidence does. Whether one was
    revoked is not asked. Raises `LedgerBroken`: reply, status, algorithm, hash, nonce, certificate, signature.
    """
    try:
        return _checked(reply, sha256(stamped).digest(), roots, nonce)
    except LedgerBroken:
        raise
    except VerificationError as fault:
        raise LedgerBroken("signature: it does not lead to the configured authority, or is not over this reply") from fault
    # Bytes of somebody else's making: their parsers raise ValueError, KeyError and errors of X.509 that they do not document.
    # One that slipped through would end the thread that also asks the witnesses, and so in the end stop the releases.
    except Exception as fault:
        raise LedgerBroken("reply: it is no time-stamp reply that can be read") from fault


def _checked(reply: bytes, digest: bytes, roots: Sequence[Certificate], nonce: int | None) -> tuple[datetime, str]:
    response = decode_timestamp_response(reply)
    status = PKIStatus(response.status)
    if status is not PKIStatus.GRANTED:
        raise LedgerBroken(f"status: the authority did not grant a stamp ({status.name.lower()})")
    _check_imprint(response.tst_info, digest, nonce)
    signer = _signer(response)
    # The library goes on from the reply's own bytes: the signature over them, up to one of `roots`.
    VerifierBuilder(roots=list(roots), nonce=nonce).build().verify(response, digest)
    return response.tst_info.gen_time, signer.subject.rfc4514_string()


def check_stamp(size: int, fetch: Fetch, roots: Sequence[Certificate]) -> Stamp:
    """The stamp that is kept for a log of that size. Raises `LedgerBroken`."""
    text, reply = (fetch(path) for path in stamp_paths(size))
    if text is None or reply is None:
        raise LedgerBroken("missing: its checkpoint or its reply is not there")
    try:
        checkpoint = parse_checkpoint(parse_note(text.decode()).text)
    except (BadInput, UnicodeDecodeError) as fault:
        raise LedgerBroken("checkpoint: the stamped bytes are none") from fault
    if checkpoint.head.size != size:
        raise LedgerBroken(f"checkpoint: it is that of {checkpoint.head.size} entries")
    return Stamp(checkpoint, *check_reply(reply, text, roots))


def stamped_sizes(fetch: Fetch) -> list[int]:
    """The sizes at which the log was stamped, smallest first. Raises `LedgerBroken` for an index that is none."""
    lines = (fetch(INDEX) or b"").decode("ascii", "replace").split()
    if not all(is_stamp(f"stamp/{line}.tsr") for line in lines):
        raise LedgerBroken("stamps: their index cannot be read")
    return sorted({int(line) for line in lines})


@dataclass(frozen=True, slots=True)
class Grown:
    """A log whose entries were computed again: the root after each number of them, and when the last of those was recorded."""

    origin: str
    size: int
    root_at: Callable[[int], bytes]
    recorded_at: Callable[[int], datetime] | None = None


def check_stamps(fetch: Fetch, log: Grown, roots: Sequence[Certificate]) -> Iterator[Stamp | Flaw]:
    """Every stamp of a log in turn, or what is wrong with it."""
    for size in stamped_sizes(fetch):
        try:
            stamp = check_stamp(size, fetch, roots)
            _check_grown(stamp, log)
        except LedgerBroken as fault:
            yield Flaw(where=f"stamp {size}", what=str(fault))
        else:
            yield stamp


def _check_grown(stamp: Stamp, log: Grown) -> None:
    """Whether the stamped checkpoint is one of this log. Its signatures do not matter: what existed then is its root."""
    if stamp.checkpoint.origin != log.origin:
        raise LedgerBroken("origin: it is a stamp of another log")
    if stamp.head.size > log.size:
        raise LedgerBroken(f"missing: it covers {stamp.head.size} entries, the log has {log.size}")
    if log.root_at(stamp.head.size) != stamp.head.root:
        raise LedgerBroken("root: the entries before it do not give the stamped root")
    if log.recorded_at is not None and log.recorded_at(stamp.head.size) > stamp.at + SLACK:
        raise LedgerBroken("time: an entry that it covers says that it was recorded later")


def _check_imprint(info: TimeStampTokenInfo, digest: bytes, nonce: int | None) -> None:
    if info.message_imprint.hash_algorithm.dotted_string != _SHA256:
        raise LedgerBroken("algorithm: it is not SHA-256 that was stamped")
    if info.message_imprint.message != digest:
        raise LedgerBroken("hash: it is a stamp of something else")
    if nonce is not None and info.nonce != nonce:
        raise LedgerBroken("nonce: it answers another request")


def _signer(response: TimeStampResponse) -> Certificate:
    """The certificate of who signed, which must be for time stamps and nothing else (RFC 3161 2.3)."""
    signed = response.signed_data
    named = {(info.issuer, info.serial_number) for info in signed.signer_infos}
    found = [cert for cert in map(load_der_x509_certificate, signed.certificates) if (cert.issuer, cert.serial_number) in named]
    if len(named) != 1 or len(found) != 1:
        raise LedgerBroken("certificate: the reply does not carry that of its one signer")
    try:
        usage = found[0].extensions.get_extension_for_class(ExtendedKeyUsage)
    except ExtensionNotFound as fault:
        raise LedgerBroken("certificate: the signer's is not for time stamps") from fault
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise LedgerBroken("certificate: the signer's is not for time stamps, or not for them alone")
    return found[0]
