"""Keys: envelope encryption per person and year, blind index, pairwise pseudonyms, the signature of the log."""

from __future__ import annotations

from sluis.keys.deks import DekRows, KekStore
from sluis.keys.files import KeyFiles
from sluis.keys.pseudonyms import PseudonymContext, Pseudonyms
from sluis.keys.ring import KeyRing
from sluis.keys.signing import LogSigner

__all__ = ["DekRows", "KekStore", "KeyFiles", "KeyRing", "LogSigner", "PseudonymContext", "Pseudonyms"]
