"""The texts about time and people: what is late, how timely judgements are, which roles nobody fills."""

from __future__ import annotations

CLOCK: dict[str, tuple[str, str]] = {
    "late_title": ("Te laat bij de professional", "Late at the professional"),
    "late_intro": (
        "Deze vragen hadden al beslist moeten zijn. Te laat zijn opent niets: er beslist nog steeds een mens.",
        "These questions should have been decided by now. Being late opens nothing: a human still decides.",
    ),
    "late_caption": ("Vragen waarvan de termijn voorbij is", "Questions whose time has passed"),
    "late_empty": ("Er is niets te laat.", "Nothing is late."),
    "late_count": ("{n} te laat", "{n} late"),
    "late_escalated": ("Vastgelegd als te laat", "Recorded as late"),
    "late_not_yet": ("nog niet", "not yet"),
    "late_hours": ("{n} uur te laat", "{n} hours late"),
    "late_days": ("{n} dagen te laat", "{n} days late"),
    "late_minutes": ("{n} minuten te laat", "{n} minutes late"),
    "col_requester": ("Vrager", "Requester"),
    "col_provider": ("Verstrekker", "Provider"),
}
