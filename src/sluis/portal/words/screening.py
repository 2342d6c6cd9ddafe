"""The texts of the screening rules: what each looks at, and why it hit."""

from __future__ import annotations

SCREENING: dict[str, tuple[str, str]] = {
    "rule_zoekgedrag": ("Veel vragen zonder verstrekking", "Many questions without a release"),
    "rule_omvang": ("Veel meer vragen dan deze gebruiker gewoon is", "Far more questions than usual for this user"),
    "rule_omvang_organisatie": (
        "Veel meer vragen dan deze organisatie gewoon is",
        "Far more questions than usual for this organisation",
    ),
    "rule_buiten_werktijd": ("Buiten werktijd", "Outside office hours"),
    "rule_herhaald": ("Dezelfde persoon voor steeds een ander doel", "The same person for one purpose after another"),
    "rule_aftasten": ("Telkens anders gevraagd na een weigering", "Asked differently after each refusal"),
    "rule_nieuw_doel": ("Een doel voor het eerst gebruikt", "A purpose used for the first time"),
    "rule_help_zoekgedrag": (
        "Een gebruiker stelde op een dag {count} vragen, en geen ervan leidde tot een verstrekking. De grens is {bound}.",
        "One user asked {count} questions in a day, and none led to a release. The limit is {bound}.",
    ),
    "rule_help_omvang": (
        "Een gebruiker stelde op een dag meer dan {bound} vragen: veel meer dan op zijn andere dagen.",
        "One user asked more than {bound} questions in a day: far more than on his other days.",
    ),
    "rule_help_omvang_organisatie": (
        "Deze organisatie stelde op een dag meer dan {bound} vragen: veel meer dan op haar andere dagen.",
        "This organisation asked more than {bound} questions in a day: far more than on its other days.",
    ),
    "rule_help_buiten_werktijd": (
        "Een gebruiker stelde deze vraag op een uur waarop zijn organisatie niet werkt. Het is zijn eerste van die dag.",
        "A user asked this at an hour at which his organisation does not work. It is his first of that day.",
    ),
    "rule_help_herhaald": (
        "Een gebruiker vroeg over dezelfde persoon voor {count} verschillende doelen. De grens is {bound}.",
        "One user asked about the same person for {count} different purposes. The limit is {bound}.",
    ),
    "rule_help_aftasten": (
        "Een gebruiker werd op een dag {count} keer over een persoon geweigerd, met telkens een ander doel of aantal gegevens.",
        "One user was refused {count} times in a day about one person, each time with another purpose or number of categories.",
    ),
    "rule_help_nieuw_doel": (
        "Deze organisatie doet al langer mee en vroeg voor het eerst voor dit doel.",
        "This organisation has taken part for longer and asked for this purpose for the first time.",
    ),
    "field_upto": ("Getoetst tot en met regel", "Screened up to entry"),
    "field_questions": ("Vragen getoetst", "Questions screened"),
    "field_hits": ("Treffers per regel", "Hits per rule"),
    "field_numbers": ("Met deze getallen", "With these numbers"),
    "flagged_title": ("Waarom een toetsregel dit aanwees", "Why a screening rule flagged this"),
    "flagged_limits": (
        "Een regel telt en weet niet over wie het gaat. Hij beschuldigt niemand. Was er niets mis, kies dan fout-positief.",
        "A rule counts and does not know whom it is about. It accuses nobody. If nothing was wrong, choose false positive.",
    ),
    "flagged_entries": ("De regels van het logboek waarop dit rust", "The entries on which this rests"),
    "flagged_elsewhere": (
        "{n} andere zijn van organisaties waar u niet over gaat, of staan er door hun aantal niet bij.",
        "{n} others are of organisations that are not yours, or were too many to name.",
    ),
    "queue_rule": ("Waarom het wacht", "Why it waits"),
    "queue_rule_all": ("alles", "everything"),
    "queue_rule_none": ("Voor deze keuze wacht er niets.", "Nothing waits for this choice."),
    "figures_rules": ("Toetsregels", "Screening rules"),
    "figures_rules_caption": (
        "Treffers van deze periode en wat ervan gevonden is",
        "Hits of this period and what was found of them",
    ),
    "figures_rules_none": (
        "In deze periode wees geen toetsregel iets aan.",
        "No screening rule flagged anything in this period.",
    ),
    "figures_col_rule": ("Regel", "Rule"),
    "figures_col_hits": ("Treffers", "Hits"),
    "figures_col_judged": ("Beoordeeld", "Judged"),
    "figures_col_false": ("Fout-positief", "False positive"),
}
