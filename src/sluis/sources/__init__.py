"""Where case data comes from: what providers deposited here, or a provider's own system."""

from __future__ import annotations

from sluis.sources.by_provider import SourceByProvider
from sluis.sources.http import HttpSource
from sluis.sources.known import known_of
from sluis.sources.plan import PlanSource
from sluis.sources.stored import StoredSource

__all__ = ["HttpSource", "PlanSource", "SourceByProvider", "StoredSource", "known_of"]
