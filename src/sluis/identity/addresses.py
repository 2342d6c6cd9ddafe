"""Where Sluis can be reached, as the outside sees it: from the settings, never from a `Host` header."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from sluis.core.errors import BadInput, Flaw

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The public address (`issuer`, no path, no trailing slash) and the audience of tokens for the API.

    Raises `BadInput` when the issuer is not https (loopback excepted: the demo), or has a path, query or fragment.
    """

    issuer: str
    audience: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.issuer)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise BadInput(Flaw(where="issuer", what="the public address is not https", mend="use https://"))
        if not parts.hostname or parts.path or parts.query or parts.fragment or parts.username:
            raise BadInput(Flaw(where="issuer", what="the public address has more than scheme, host and port"))

    @property
    def token_endpoint(self) -> str:
        """Where partners ask for tokens."""
        return f"{self.issuer}/oauth2/token"

    def public(self, path: str) -> str:
        """The public address of a path on this server."""
        return self.issuer + path


def plain(url: str) -> str:
    """A URL as DPoP compares it (RFC 9449 4.3): scheme and host in lower case, no default port, no query, no fragment.

    Raises `ValueError` when it is no URL.
    """
    parts = urlsplit(url)
    if not parts.scheme or not parts.hostname:
        raise ValueError("no absolute address")
    default = {"https": 443, "http": 80}.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port in {None, default} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}{quote(unquote(parts.path)) or '/'}"
