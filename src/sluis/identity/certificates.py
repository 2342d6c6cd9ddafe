"""Which client certificate belongs to which partner."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from sluis.core.partner import Partner
from sluis.identity.encoding import fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRule:
    """A pinned fingerprint always counts. The OIN in the subject counts only where the settings say so.

    `oin_counts` is safe only behind a proxy that accepts certificates of one authority that checks OINs (PKIoverheid):
    with any other authority, whoever gets a certificate chooses whose OIN is in it.
    """

    oin_counts: bool = False

    def belongs(self, certificate: bytes, partner: Partner) -> bool:
        """Whether that DER certificate is the partner's."""
        if fingerprint(certificate) in partner.certificates:
            return True
        return self.oin_counts and partner.oin in subject_oins(certificate)


def subject_oins(certificate: bytes) -> frozenset[str]:
    """The subject's serial numbers, where PKIoverheid writes the OIN. Empty for bytes that are no certificate."""
    try:
        subject = x509.load_der_x509_certificate(certificate).subject
    except ValueError:
        return frozenset()
    return frozenset(str(attribute.value) for attribute in subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER))
