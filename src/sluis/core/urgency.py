"""How long a provider has to judge what was put before it, per domain; both sides see it in their own words.

Urgency is no legal basis: it shortens the time and changes nothing else (`law.md` 0.1, 10). The words come from the field:
"spoed" is three minutes for the police, a day for the GGZ, three days for social work (seed S4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from sluis.core.request import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseTime:
    """The time to answer, urgent and not, with the words that domain uses."""

    urgent: timedelta
    urgent_words: str
    normal: timedelta
    normal_words: str


_OTHER = ResponseTime(
    urgent=timedelta(days=1), urgent_words="binnen een dag", normal=timedelta(days=5), normal_words="binnen vijf dagen"
)
RESPONSE_TIMES: Mapping[str, ResponseTime] = MappingProxyType(
    {
        "veiligheid": ResponseTime(
            urgent=timedelta(minutes=3),
            urgent_words="direct: binnen drie minuten",
            normal=timedelta(days=1),
            normal_words="binnen een etmaal",
        ),
        "zorg": ResponseTime(
            urgent=timedelta(days=1), urgent_words="binnen een dag", normal=timedelta(days=3), normal_words="binnen drie dagen"
        ),
        "jeugd": ResponseTime(
            urgent=timedelta(days=1), urgent_words="binnen een dag", normal=timedelta(days=5), normal_words="binnen vijf dagen"
        ),
        "sociaal": ResponseTime(
            urgent=timedelta(days=3), urgent_words="binnen drie dagen", normal=timedelta(days=5), normal_words="binnen vijf dagen"
        ),
    }
)  # fmt: skip - one line a domain


def due(domain: str, *, urgent: bool, at: datetime) -> tuple[datetime, str]:
    """When a judgement asked at `at` is due in that domain (`domein` of the provider's kind), and in which words."""
    times = RESPONSE_TIMES.get(domain, _OTHER)
    return (at + times.urgent, times.urgent_words) if urgent else (at + times.normal, times.normal_words)


def words_of(domain: str, *, urgent: bool) -> str:
    """The words of that domain for the time it has."""
    times = RESPONSE_TIMES.get(domain, _OTHER)
    return times.urgent_words if urgent else times.normal_words


def by_due(tasks: Iterable[Task]) -> list[Task]:
    """What should be judged first comes first, so what is late is on top; what has no moment comes last."""
    return sorted(tasks, key=lambda task: (task.due or _NEVER, task.request.at, task.request.id))


def to_escalate(tasks: Iterable[Task], at: datetime) -> list[Task]:
    """What is late at that moment and not yet on record as late, the longest overdue first."""
    return [task for task in by_due(tasks) if task.late(at) and task.escalated is None]


_NEVER = datetime.max.replace(tzinfo=UTC)
