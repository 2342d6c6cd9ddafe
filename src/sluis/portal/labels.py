"""Names for what the log holds as codes: organisations, purposes, categories, facts, in the reader's language.

What the vocabulary no longer has is shown as its code: an old entry stays readable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sluis.core.terms import Term, Vocabulary
from sluis.portal.visit import Visit
from sluis.portal.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The names of one language."""

    language: Language
    organisations: Mapping[str, str]
    ids: Mapping[str, str]
    vocabulary: Vocabulary

    @property
    def english(self) -> bool:
        """Whether the reader reads English."""
        return self.language is Language.EN

    def organisation(self, key: str) -> str:
        """The name of the organisation with that number or id; the key itself when it no longer takes part."""
        return self.organisations.get(key, key)

    def partner_id(self, oin: str) -> str:
        """The id of the organisation with that number; empty when it no longer takes part."""
        return self.ids.get(oin, "")

    def purpose(self, word: str) -> str:
        """The title of a purpose."""
        purpose = self.vocabulary.purposes.get(word)
        return word if purpose is None else purpose.title_en if self.english else purpose.title

    def category(self, word: str) -> str:
        """The title of a data category."""
        category = self.vocabulary.categories.get(word)
        return word if category is None else category.title_en if self.english else category.title

    def precision(self, word: str) -> str:
        """What a step of the ladder means."""
        return self._term(self.vocabulary.precisions, word)

    def direction(self, word: str) -> str:
        """Who began: the recipient or the provider."""
        return self._term(self.vocabulary.directions, word)

    def person(self, word: str) -> str:
        """Who the person is in the case."""
        return self._term(self.vocabulary.persons, word)

    def case_state(self, word: str) -> str:
        """The state of a case."""
        return self._term(self.vocabulary.case_states, word)

    def reason(self, word: str) -> str:
        """Why a category stays."""
        return self._term({reason.value: term for reason, term in self.vocabulary.reasons.items()}, word)

    def fact(self, word: str) -> str:
        """What a fact says."""
        fact = self.vocabulary.facts.get(word)
        return word if fact is None else fact.en if self.english else fact.nl

    def duty(self, word: str) -> str:
        """What somebody must do along with a release."""
        duty = self.vocabulary.duties.get(word)
        return word if duty is None else duty.en if self.english else duty.nl

    def _term(self, terms: Mapping[str, Term], word: str) -> str:
        term = terms.get(word)
        return word if term is None else term.en if self.english else term.nl


def labels_of(visit: Visit) -> Labels:
    """The names for that visitor. Raises `PolicyUnavailable` when there is no set."""
    partners = visit.services.partners.all()
    return Labels(
        language=visit.language,
        organisations={key: partner.name for partner in partners for key in (partner.id, partner.oin)},
        ids={partner.oin: partner.id for partner in partners},
        vocabulary=visit.services.rules.current().vocabulary,
    )
