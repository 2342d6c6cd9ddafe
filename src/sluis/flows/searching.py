"""An officer keeps searches of the register under names of his own, and opens them again.

Laws of this file: a search is its owner's and nobody else sees it; it holds codes and days and never a person (who searches for
a person types that each time, decision 0063); opening one is a search as any, on record with its aim; keeping one reads nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sluis.core.errors import BadInput, Flaw, NotAllowed
from sluis.core.partner import Officer
from sluis.core.search import SavedSearch
from sluis.flows.audit import CONTENT_ROLES
from sluis.ports.services import Services

MAX_NAME = 60
MOST = 30
"""How many searches one officer keeps."""


def keep(officer: Officer, name: str, words: Mapping[str, str], services: Services) -> SavedSearch:
    """Keep a search whose words were checked by who reads them. Raises `NotAllowed`, `BadInput` for its name or one too many."""
    _may_search(officer)
    kept = SavedSearch(
        id=services.ids.public(),
        officer=officer.subject,
        name=_name(name),
        words=dict(words),
        saved=services.clock.now(),
    )
    if len(services.searches.of(officer.subject)) >= MOST:
        raise BadInput(Flaw(where="zoekvragen", what=f"u bewaart er al {MOST}", mend="verwijder er eerst een"))
    services.searches.add(kept)
    return kept


def kept_by(officer: Officer, services: Services) -> Sequence[SavedSearch]:
    """The searches of that officer in order of name. Raises `NotAllowed` for a role that searches nothing."""
    _may_search(officer)
    return sorted(services.searches.of(officer.subject), key=lambda one: (one.name.casefold(), one.saved))


def forget(officer: Officer, search_id: str, services: Services) -> None:
    """Remove one of the officer's own. Raises `NotFound` for any other."""
    _may_search(officer)
    services.searches.remove(officer.subject, search_id)


def _may_search(officer: Officer) -> None:
    if not officer.roles & CONTENT_ROLES:
        raise NotAllowed("this role sees no content of the log")


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise BadInput(
            Flaw(where="naam", what="ontbreekt of is te lang", mend=f"kies een naam van ten hoogste {MAX_NAME} tekens")
        )
    return name
