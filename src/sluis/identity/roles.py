"""From what the identity provider says to what an officer may do here. No mapping, no access."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sluis.core.errors import BadInput, Flaw


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleMapping:
    """Values of `claim` to roles, and values of `organisation_claim` to a partner id (not given: officers of all partners)."""

    claim: str
    roles: Mapping[str, frozenset[str]]
    organisation_claim: str | None = None
    organisations: Mapping[str, str]

    def roles_of(self, claims: Mapping[str, object]) -> frozenset[str]:
        """The roles of whoever has these claims; empty for nobody we know."""
        return frozenset[str]().union(*(self.roles.get(value, frozenset()) for value in _values(claims.get(self.claim))))

    def organisation_of(self, claims: Mapping[str, object]) -> str | None:
        """The one partner this officer works for; None when the mapping is for all partners.

        Raises `LookupError` when the claim should say and does not, or names several: an officer of nowhere sees nothing.
        """
        if self.organisation_claim is None:
            return None
        found = {
            self.organisations[value] for value in _values(claims.get(self.organisation_claim)) if value in self.organisations
        }
        if len(found) != 1:
            raise LookupError("organisation")
        return found.pop()


def role_mapping(document: Mapping[str, object], known: frozenset[str]) -> RoleMapping:
    """The mapping in a settings file: `claim`, `roles`, and both or none of `organisation_claim`, `organisations`.

    Raises `BadInput` with every flaw: unknown keys, roles outside `known`, a mapping without roles.
    """
    flaws = [
        Flaw(where=name, what="this key is unknown")
        for name in document.keys() - {"claim", "roles", "organisation_claim", "organisations"}
    ]
    roles = document.get("roles")
    given = {str(value): frozenset(_values(names)) for value, names in roles.items()} if isinstance(roles, Mapping) else {}
    if not given or not all(given.values()):
        flaws.append(
            Flaw(where="roles", what="no value of the claim, or one without a role", mend="map each value to a list of roles")
        )
    unknown = sorted(frozenset[str]().union(*given.values()) - known)
    flaws += [
        Flaw(where="roles", what=f"the role `{name}` is unknown", mend=f"use one of {', '.join(sorted(known))}")
        for name in unknown
    ]
    claim, organisation_claim, organisations = (document.get(name) for name in ("claim", "organisation_claim", "organisations"))
    if not isinstance(claim, str) or not claim:
        flaws.append(Flaw(where="claim", what="the claim that holds the roles is not named"))
    if (organisation_claim is None) != (organisations is None):
        flaws.append(Flaw(where="organisations", what="`organisation_claim` and `organisations` go together"))
    if flaws:
        raise BadInput(*flaws)
    return RoleMapping(
        claim=str(claim),
        roles=given,
        organisation_claim=None if organisation_claim is None else str(organisation_claim),
        organisations={str(k): str(v) for k, v in organisations.items()} if isinstance(organisations, Mapping) else {},
    )


def _values(value: object) -> list[str]:
    """The texts in a claim that is one text or a list; anything else is nothing."""
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, (list, tuple)) else []
