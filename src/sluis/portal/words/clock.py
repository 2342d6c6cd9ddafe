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
    "nav_timeliness": ("Tijdigheid", "Timeliness"),
    "timely_title": ("Tijdigheid", "Timeliness"),
    "timely_intro": (
        "Hoe snel mensen beslissen over wat is voorgelegd. Aantallen, geen personen. Dat u dit opvroeg, wordt vastgelegd.",
        "How fast humans decide what was referred to them. Numbers, no persons. That you asked for this is recorded.",
    ),
    "timely_small": (
        "Een streepje: minder dan {n}, of een aantal waaruit dat zou volgen.",
        "A dash: fewer than {n}, or a number that would give that away.",
    ),
    "timely_form": ("Kies een kwartaal", "Choose a quarter"),
    "timely_quarter": ("Kwartaal (UTC)", "Quarter (UTC)"),
    "timely_as_provider": ("Wat uw organisatie beoordeelde", "What your organisation judged"),
    "timely_as_requester": ("Wat uw organisatie vroeg of aangeboden kreeg", "What your organisation asked or was offered"),
    "timely_everyone": ("Alle verstrekkers", "All providers"),
    "timely_caption": ("Per verstrekker, doel en spoed", "Per provider, purpose and urgency"),
    "timely_empty": (
        "In dit kwartaal is niets beoordeeld en er wacht niets.",
        "Nothing was judged in this quarter and nothing waits.",
    ),
    "timely_term": ("Termijn", "Time to answer"),
    "timely_judged": ("Beoordeeld", "Judged"),
    "timely_in_time": ("Op tijd", "In time"),
    "timely_median": ("Mediaan", "Median"),
    "timely_nine_of_ten": ("9 van de 10 binnen", "9 of 10 within"),
    "timely_waiting": ("Wacht nu", "Waits now"),
    "timely_late": ("Nu te laat", "Late now"),
    "timely_minutes": ("{n} minuten", "{n} minutes"),
    "timely_hours": ("{n} uur", "{n} hours"),
    "timely_days": ("{n} dagen", "{n} days"),
    "col_requester": ("Vrager", "Requester"),
    "col_provider": ("Verstrekker", "Provider"),
}
