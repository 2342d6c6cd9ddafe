"""The texts of the page of a released text that is read again."""

from __future__ import annotations

TEXTS_READ: dict[str, tuple[str, str]] = {
    "texts_title": ("De verstrekte tekst", "The released text"),
    "texts_link": ("Lees de verstrekte tekst, en waarom er iets uit ging", "Read the released text, and why passages went"),
    "texts_link_hint": (
        "Dat u de inhoud leest, wordt vastgelegd.",
        "That you read the content is recorded.",
    ),
    "texts_intro": (
        "Van een verstrekking wordt niets bewaard. Dit is zojuist opnieuw gemaakt uit wat de verstrekker nu heeft.",
        "Nothing is kept of a release. This was made anew just now from what the provider has now.",
    ),
    "texts_anew": (
        "De precisie is die van toen. Er is opnieuw gelakt: de nummers van personen zijn andere. Alleen vrije tekst staat hier.",
        "The precision is that of then. It was redacted again, so the numbers of persons are others. Only free text is shown.",
    ),
    "texts_secret": (
        "Wat eruit ging, heeft de ontvanger niet gezien. Laat het niemand zien die het niet mag weten.",
        "What went out, the recipient has not seen. Show it to nobody who may not know it.",
    ),
    "texts_differs": ("Dit kan anders zijn dan wat toen ging", "This may differ from what left then"),
    "texts_counts_differ": (
        "Teksten door de lakker: toen {then}, nu {now}. Er is sindsdien iets ingetrokken, gewist of veranderd.",
        "Texts through the redactor: {then} then, {now} now. Something was withdrawn, erased or changed since.",
    ),
    "texts_later": (
        "Registraties van na de verstrekking, die hier niet staan: {n}.",
        "Records of after the release, which are not shown here: {n}.",
    ),
    "texts_other_redactor": (
        "De lakker is nu een andere versie: toen {then}, nu {now}.",
        "The redactor is another version now: then {then}, now {now}.",
    ),
    "texts_erased": (
        "De sleutel is vernietigd. Wat er is verstrekt, kan niemand meer lezen.",
        "The key was destroyed. What was released, nobody can read any more.",
    ),
    "texts_lost_title": ("De tekst is niet meer te vinden", "The text can no longer be found"),
    "texts_lost": (
        "Deze regel leidt niet meer naar één persoon en één verstrekker. De casus is weg, of de verstrekker doet niet meer mee.",
        "This entry no longer leads to one person and one provider. The case is gone, or the provider takes part no more.",
    ),
    "texts_only_exists": (
        "Alleen of er iets bekend is, is verstrekt; geen tekst.",
        "Only whether something is known was released; no text.",
    ),
    "texts_gone_since": (
        "De verstrekker heeft hiervan nu niets: ingetrokken, gewist, of er was toen ook niets.",
        "The provider has nothing of this now: withdrawn, erased, or there was nothing then either.",
    ),
    "texts_partly": (
        "Hiervan ging alleen wat de ontvanger zelf doet, en de gedeelde doelen. Dat wordt hier niet opnieuw uitgezocht.",
        "Of this only the recipient's own actions and the shared goals left. That is not worked out again here.",
    ),
    "texts_none": ("Hier zit geen vrije tekst in.", "There is no free text in this."),
    "texts_precision": ("Precisie", "Precision"),
    "texts_written": ("vastgelegd op", "recorded on"),
    "texts_marker": ("eruit gegaan, nummer", "went out, number"),
    "texts_went": ("Wat uit tekst {n} ging", "What went out of text {n}"),
    "texts_went_none": ("Uit deze tekst ging niets.", "Nothing went out of this text."),
    "texts_col_number": ("Nr.", "No."),
    "texts_col_original": ("Er stond", "It said"),
    "texts_col_type": ("Gelezen als", "Taken for"),
    "texts_col_why": ("Waarom het ging", "Why it went"),
    "texts_why_known": ("staat in het dossier", "stands in the case file"),
    "texts_why_rule": ("herkend in de tekst", "recognised in the text"),
    "texts_why_elsewhere": ("kwam elders in deze verstrekking voor", "occurred elsewhere in this release"),
    "texts_why_policy": (
        "de regels laten vrije tekst van dit gegeven niet door",
        "the rules let no free text of this category through",
    ),
    "texts_why_proof": (
        "na het lakken was nog iets te herkennen, of de tekst is niet als Nederlands te lezen",
        "after redaction something could still be recognised, or the text does not read as Dutch",
    ),
    "texts_type_person": ("naam", "name"),
    "texts_type_birth": ("geboortedatum", "date of birth"),
    "texts_type_date": ("datum", "date"),
    "texts_type_age": ("leeftijd", "age"),
    "texts_type_address": ("adres", "address"),
    "texts_type_postcode": ("postcode", "postcode"),
    "texts_type_city": ("plaats", "place"),
    "texts_type_organisation": ("instelling", "institution"),
    "texts_type_bsn": ("burgerservicenummer", "citizen service number"),
    "texts_type_phone": ("telefoonnummer", "telephone number"),
    "texts_type_email": ("e-mailadres", "e-mail address"),
    "texts_type_url": ("internetadres", "internet address"),
    "texts_type_handle": ("accountnaam", "account name"),
    "texts_type_iban": ("rekeningnummer", "bank account number"),
    "texts_type_plate": ("kenteken", "number plate"),
    "texts_type_vnr": ("vreemdelingennummer", "immigration number"),
    "texts_type_parket": ("parketnummer", "public prosecution number"),
    "texts_type_case": ("zaaknummer", "case number"),
    "texts_type_document": ("documentnummer", "document number"),
    "texts_type_patient": ("patiëntnummer", "patient number"),
    "texts_type_number": ("nummer of kenmerk", "number or reference"),
    "texts_type_whole": ("de hele tekst", "the whole text"),
}
