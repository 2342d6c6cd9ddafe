"""OpenID Connect for officers: code flow with PKCE, state and nonce, from our button to an `Officer`."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from sluis.core.partner import Officer
from sluis.identity import claims as read
from sluis.identity.encoding import fingerprint
from sluis.identity.id_tokens import IdTokens
from sluis.identity.provider import LoginRefused, Provider
from sluis.identity.roles import RoleMapping
from sluis.identity.tickets import Ticket
from sluis.ports import Replay


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginStart:
    """Where to send the browser, and what it must bring back."""

    url: str = field(repr=False)
    ticket: Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerLogin:
    """Begins and finishes logins at one provider."""

    provider: Provider
    mapping: RoleMapping
    replay: Replay

    def begin(self) -> LoginStart:
        """A new login. Raises `LoginRefused` when the provider cannot be reached."""
        rules, metadata = self.provider.rules, self.provider.metadata()
        ticket = Ticket(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            began=self.provider.clock.now().timestamp(),
        )
        asked = {
            "response_type": "code",
            "client_id": rules.client_id,
            "redirect_uri": rules.redirect_uri,
            "scope": "openid",
            "state": ticket.state,
            "nonce": ticket.nonce,
            "code_challenge": fingerprint(ticket.verifier.encode("ascii")),
            "code_challenge_method": "S256",
            "acr_values": " ".join(rules.good_levels()),
            "max_age": str(int(rules.max_age.total_seconds())),
        }
        if metadata.par_endpoint is not None:
            pushed = self.provider.post(metadata.par_endpoint, asked)
            asked = {"client_id": rules.client_id, "request_uri": str(pushed.get("request_uri", ""))}
        joint = "&" if "?" in metadata.authorization_endpoint else "?"
        return LoginStart(url=f"{metadata.authorization_endpoint}{joint}{urlencode(asked)}", ticket=ticket)

    def finish(self, answer: Mapping[str, str], ticket: Ticket | None) -> Officer:
        """The officer who came back with that answer. Raises `LoginRefused`; the ticket is then used up."""
        rules = self.provider.rules
        # (1) our own login, in this browser, for the first time.
        if ticket is None or not hmac.compare_digest(answer.get("state", "").encode(), ticket.state.encode()):
            raise LoginRefused("state")
        until = self.provider.clock.now() + timedelta(minutes=30)
        if not self.replay.first_use("login", rules.issuer, fingerprint(ticket.state.encode()), until):
            raise LoginRefused("state-used")
        # (2) from the provider we sent the browser to (RFC 9207).
        if answer.get("iss", "" if rules.names_itself else rules.issuer) != rules.issuer:
            raise LoginRefused("answer-issuer")
        if "error" in answer or not answer.get("code"):
            raise LoginRefused("provider-said-no")
        # (3) the code for an ID token, with the proof that it was we who began.
        form = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": rules.redirect_uri}
        given = self.provider.post(self.provider.metadata().token_endpoint, form | {"code_verifier": ticket.verifier})
        claims = IdTokens(provider=self.provider).identity(given.get("id_token"), ticket.nonce)
        # (4) who that is here.
        return self._officer(claims)

    def logged_out(self, token: object) -> str:
        """The subject of the officer that a logout token ends. Raises `LoginRefused`, also for the second use of a token."""
        sub, jti, until = IdTokens(provider=self.provider).logout(token)
        if not self.replay.first_use("logout", self.provider.rules.issuer, jti, until):
            raise LoginRefused("logout-used")
        return self.subject(sub)

    def subject(self, sub: str) -> str:
        """How we name an officer: the provider and its pairwise name. Never an e-mail address, never a number."""
        return f"{self.provider.rules.issuer}|{sub}"

    def _officer(self, claims: Mapping[str, object]) -> Officer:
        roles = self.mapping.roles_of(claims)
        if not roles:
            raise LoginRefused("no-role")
        try:
            organisation = self.mapping.organisation_of(claims)
            sub = read.text(claims, "sub")
        except (LookupError, ValueError) as cause:
            raise LoginRefused("no-organisation") from cause
        name = claims.get("name")
        shown = name if isinstance(name, str) and name else "medewerker"
        return Officer(subject=self.subject(sub), name=shown[:100], roles=roles, organisation=organisation)
