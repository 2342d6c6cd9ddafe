"""The texts of every page: frame, login, failures."""

from __future__ import annotations

COMMON: dict[str, tuple[str, str]] = {
    "product": ("Sluis", "Sluis"),
    "portal": ("Toezicht op verstrekkingen", "Oversight of releases"),
    "skip": ("Naar de inhoud", "Skip to content"),
    "demo_banner": (
        "Demonstratie: verzonnen personen en organisaties, aanmelden zonder identiteitscontrole.",
        "Demonstration: invented persons and organisations, login without an identity check.",
    ),
    "demo": ("Demo", "Demo"),
    "nav_label": ("Hoofdmenu", "Main menu"),
    "nav_log": ("Logboek", "Log"),
    "nav_queue": ("Te beoordelen", "To review"),
    "nav_person": ("Zoek op persoon", "Search a person"),
    "nav_policies": ("Regels", "Rules"),
    "nav_integrity": ("Integriteit", "Integrity"),
    "signed_in_as": ("Aangemeld als", "Signed in as"),
    "logout": ("Afmelden", "Sign out"),
    "other_language": ("English", "Nederlands"),
    "other_language_code": ("en", "nl"),
    "footer_logged": (
        "Wat u hier zoekt en bekijkt, wordt vastgelegd in hetzelfde logboek.",
        "What you search and view here is recorded in the same log.",
    ),
    "footer_zone": ("Tijden zijn in Nederlandse tijd.", "Times are in Dutch local time."),
    "yes": ("ja", "yes"),
    "no": ("nee", "no"),
    "none": ("geen", "none"),
    "and": ("en", "and"),
    "error_label": ("Foutmelding", "Error"),
    "there_is_a_problem": ("Er is iets niet goed ingevuld", "Something was not filled in correctly"),
    "fail_back": ("Terug naar het logboek", "Back to the log"),
    "fail_reference": ("Er is niets getoond of veranderd.", "Nothing was shown or changed."),
    "fail_logdoel_title": ("Het logboek dient hier niet voor", "The log does not serve this"),
    "fail_logdoel": (
        "Alleen controle op rechtmatigheid, interne controle, beveiliging en rechtszaken (Wpg 32a). Uw poging is vastgelegd.",
        "Only lawfulness control, internal checks, security and court proceedings (Wpg 32a). Your attempt was recorded.",
    ),
    "fail_notallowed_title": ("Dit mag niet met uw rol", "Your role does not allow this"),
    "fail_notallowed": (
        "Met uw rol of namens uw organisatie is dit niet toegestaan.",
        "This is not allowed for your role or your organisation.",
    ),
    "fail_notfound_title": ("Niet gevonden", "Not found"),
    "fail_notfound": (
        "Deze pagina of regel bestaat niet, of is niet van uw organisatie.",
        "This page or entry does not exist, or is not of your organisation.",
    ),
    "fail_badinput_title": ("De invoer is niet te lezen", "The input cannot be read"),
    "fail_badinput": ("Verbeter het volgende.", "Mend the following."),
    "fail_wrongstate_title": ("Dit kan nu niet meer", "This is no longer possible"),
    "fail_wrongstate": (
        "Iemand anders was u voor, of dit is al afgerond. Bekijk de regel opnieuw.",
        "Somebody else was first, or this is finished. View the entry again.",
    ),
    "fail_form_title": ("Het formulier is verlopen", "The form has expired"),
    "fail_form": (
        "Dit formulier kwam niet van uw eigen sessie. Ga terug, vernieuw de pagina en probeer het opnieuw.",
        "This form did not come from your own session. Go back, reload the page and try again.",
    ),
    "fail_unavailable_title": ("Er is een storing", "Something is out of order"),
    "fail_unavailable": (
        "Het logboek of de opslag antwoordt niet. Omdat inzage eerst moet worden vastgelegd, wordt er niets getoond.",
        "The log or the store does not answer. Because viewing is recorded first, nothing is shown.",
    ),
    "fail_source_title": ("De verstrekker antwoordt niet", "The provider does not answer"),
    "fail_source": (
        "Het systeem waar de gegevens staan, antwoordt niet. Probeer het later. Dat u de inhoud wilde lezen, is vastgelegd.",
        "The system that holds the data does not answer. Try again later. That you wanted to read the content was recorded.",
    ),
    "fail_broken_title": ("Het logboek klopt niet", "The log does not hold together"),
    "fail_broken": (
        "Een regel is niet meer wat is vastgelegd. Waarschuw de beheerder en de coördinerend FG.",
        "An entry is no longer what was recorded. Warn the operator and the coordinating privacy officer.",
    ),
    "fail_method_title": ("Dit kan hier niet", "Not possible here"),
    "fail_method": ("Deze bewerking bestaat hier niet.", "There is no such operation here."),
    "fail_unexpected_title": ("Er ging iets mis", "Something went wrong"),
    "fail_unexpected": (
        "De storing is vastgelegd voor de beheerder.",
        "The fault was recorded for the operator.",
    ),
}
