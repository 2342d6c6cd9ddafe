"""What goes into the audit log, and what comes back: drafts in, receipts out.

The core of an entry holds no personal data: organisations, purpose, policy, rules, counts, hashes and times. What leads to
a person (subject, user, case, categories) goes into cells, each encrypted under that person's key, so that destroying the
key erases the person while every proof still verifies (`docs/audit-log.md`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]
"""What RFC 8785 can put in canonical form without doubt: no floats."""


class Kind(StrEnum):
    """The events of the log. What each is durable before stands in `docs/audit-log.md`."""

    RELEASE_AUTHORISED = "release.authorised"
    RELEASE_DELIVERED = "release.delivered"
    RELEASE_FAILED = "release.failed"
    RELEASE_REFUSED = "release.refused"
    RELEASE_REFERRED = "release.referred"
    RELEASE_OFFERED = "release.offered"
    DECISION_EVALUATED = "decision.evaluated"
    JUDGEMENT_RECORDED = "judgement.recorded"
    JUDGEMENT_OVERDUE = "judgement.overdue"
    EMERGENCY_DECLARED = "emergency.declared"
    KNOWN_ASKED = "known.asked"
    HANDOVER_OFFERED = "handover.offered"
    HANDOVER_ACCEPTED = "handover.accepted"
    HANDOVER_DECLINED = "handover.declined"
    CASEWORK_OVERDUE = "casework.overdue"
    CASE_CHANGED = "case.changed"
    EVIDENCE_RECORDED = "evidence.recorded"
    CONTRIBUTION_CHANGED = "contribution.changed"
    SEARCH_PERFORMED = "search.performed"
    LOG_VIEWED = "log.viewed"
    LOG_EXPORTED = "log.exported"
    REVIEW_OPENED = "review.opened"
    REVIEW_VERDICT = "review.verdict"
    REVIEW_REOPENED = "review.reopened"
    SAMPLE_DRAWN = "sample.drawn"
    REVIEW_SAMPLED = "review.sampled"
    REVIEW_FLAGGED = "review.flagged"
    SCREENING_DONE = "screening.done"
    WITHHOLD_SET = "withhold.set"
    WITHHOLD_LIFTED = "withhold.lifted"
    RIGHT_INVOKED = "right.invoked"
    RIGHT_ANSWERED = "right.answered"
    RIGHT_ENDED = "right.ended"
    ERASURE_EXECUTED = "erasure.executed"
    RETENTION_EXPIRED = "retention.expired"
    POLICY_ACTIVATED = "policy.activated"
    PARTNER_CHANGED = "partner.changed"
    LOG_OPENED = "log.opened"
    LOG_KEY_ROTATED = "log.key_rotated"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellDraft:
    """What an entry says about one person. `role` is `subject` or `actor`; `identifier` names the person, `bucket` the year."""

    role: str
    identifier: str = field(repr=False)
    bucket: str
    data: Mapping[str, Json] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """An entry before it has a position. `core` must hold no personal data.

    The keys of `core` that the log indexes, where present: `provider`, `recipient` (organisation ids), `purpose`,
    `decision`, `about` (the id of the entry this one is about), `review` (why a person must look at it).
    """

    kind: Kind
    at: datetime
    core: Mapping[str, Json]
    cells: tuple[CellDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that an entry is in the log and durable. Made in one place: the sequencer, after COMMIT.

    `proof` is the audit path of RFC 6962 2.1.1, the leaf's sibling first; `checkpoint` the signed note that commits to it.
    """

    origin: str
    index: int
    entry_id: str
    leaf: bytes = field(repr=False)
    proof: tuple[bytes, ...] = field(repr=False)
    checkpoint: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEntry:
    """An entry as a reader of the log gets it. `cells` holds (role, data); data is None once that person was erased.

    `tags` holds (role, blind index) of everybody in it who was not erased: equal for equal persons, and nobody's name.
    """

    index: int
    entry_id: str
    kind: Kind
    recorded: datetime
    core: Mapping[str, Json]
    cells: tuple[tuple[str, Mapping[str, Json] | None], ...] = field(default=(), repr=False)
    tags: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
