"""The texts of the figures."""

from __future__ import annotations

FIGURES: dict[str, tuple[str, str]] = {
    "nav_figures": ("Cijfers", "Figures"),
    "figures_title": ("Cijfers", "Figures"),
    "figures_period": (
        "{days}, tot nu toe. Geteld uit het logboek; er is niets over personen voor ontsleuteld.",
        "{days}, so far. Counted from the log; nothing about persons was decrypted for it.",
    ),
    "figures_show": ("Periode", "Period"),
    "figures_weeks": ("{n} weken, deze meegerekend", "{n} weeks, this one included"),
    "figures_outcomes": ("Verstrekt, geweigerd, voorgelegd", "Released, refused, referred"),
    "figures_chart": (
        "Staafdiagram per week. De tabel eronder zegt hetzelfde.",
        "Bar chart per week. The table below says the same.",
    ),
    "figures_axis": ("Week", "Week"),
    "figures_from_below": ("Van onder naar boven:", "From the bottom up:"),
    "figures_from_left": ("Van links naar rechts:", "From left to right:"),
    "figures_weeks_caption": ("Vragen per week en wat ervan kwam", "Questions per week and what came of them"),
    "figures_streams": ("Wie gaf aan wie", "Who gave whom"),
    "figures_streams_caption": (
        "Per verstrekker en ontvanger, de drukste stroom eerst",
        "Per provider and recipient, the busiest stream first",
    ),
    "figures_verdicts": ("Oordelen", "Verdicts"),
    "figures_verdicts_caption": (
        "Oordelen in deze periode: {n}; wat later is herzien, telt niet",
        "Verdicts in this period: {n}; what was revised later does not count",
    ),
    "figures_verdicts_none": ("In deze periode is niets beoordeeld.", "Nothing was judged in this period."),
    "figures_backlog": ("Wat op een beoordeling wacht", "What waits for a review"),
    "figures_backlog_caption": ("Ouderdom van wat nu wacht", "Age of what waits now"),
    "figures_none": ("In deze periode is niets gevraagd.", "Nothing was asked in this period."),
    "figures_col_week": ("Week, maandag", "Week, Monday"),
    "figures_col_released": ("Verstrekt", "Released"),
    "figures_col_refused": ("Geweigerd", "Refused"),
    "figures_col_referred": ("Voorgelegd", "Referred"),
    "figures_col_total": ("Samen", "Together"),
    "figures_col_emergency": ("Waarvan noodinzage", "Of which emergency"),
    "figures_col_share": ("Verhouding", "Proportion"),
    "figures_col_verdict": ("Oordeel", "Verdict"),
    "figures_col_count": ("Aantal", "Number"),
    "figures_col_age": ("Ouderdom", "Age"),
    "figures_col_in_time": ("Op tijd", "In time"),
    "figures_col_late": ("Te laat", "Late"),
    "age_fresh": ("minder dan 2 dagen", "less than 2 days"),
    "age_week": ("2 tot 7 dagen", "2 to 7 days"),
    "age_fortnight": ("7 tot 14 dagen", "7 to 14 days"),
    "age_old": ("14 dagen of meer", "14 days or more"),
}
