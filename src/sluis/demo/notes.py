"""What the organisations of the demo hold: invented records and notes, each in its own voice."""

from __future__ import annotations

Fields = dict[str, object]

POLICE_INCIDENTS: tuple[Fields, ...] = (
    {
        "incident": "overlast",
        "datum": "2026-09-14",
        "rol": "betrokkene",
        "omschrijving": {
            "gelakt": "14-09-2026 23.40 u. Melding Groenhof 12, Veenstad. Betr. OLDEWARRIS, Sem stond te schreeuwen voor de deur "
            "van buurvrouw Fatma Yıldız (06 12 34 56 78). Colls Van der Heide en El Amrani ter plaatse, betr. rustig na gesprek.",
        },
    },
    {"incident": "bedreiging", "datum": "2026-10-02", "rol": "verdachte", "omschrijving": {"gelakt": "Zie PL0900-2026144021."}},
)
FUNCTIONAL: Fields = {
    "bejegening": {
        "advies": "Spreek Sem rustig aan met zijn voornaam, kom met niet meer dan twee mensen en zeg vooraf wat u gaat doen. "
        "Bel bij twijfel casemanager Marloes Terpstra op 030-5550142.",
        "gelakt": "Reageert op drukte met terugtrekken; zus Anouk kan helpen.",
    },
    "kan-en-kan-niet": {"soort": "met-steun", "advies": "Kan zelfstandig wonen met twee keer per week begeleiding."},
    "crisisafspraken": {"advies": "Bij oplopende spanning: crisisdienst De Linde, dag en nacht. Niet alleen laten."},
}
DIAGNOSIS: Fields = {"diagnose": "schizoaffectieve stoornis", "vastgesteld": "2019-03-01"}
LVB: Fields = {
    "ondersteuning": {"advies": "Gebruik korte zinnen en vraag hem in eigen woorden terug te zeggen wat is afgesproken."},
    "testscore": "63",
}
HOUSING: Fields = {
    "woonvorm": "zelfstandig",
    "overlast": {"advies": "Meldingen vooral in het weekend; vaste contactpersoon werkt het best."},
    "huurstatus": "huur",
    "ontruimingsdatum": None,
}
DEBTS: Fields = {"totaal": 8400, "traject": "stabilisatie", "schuldeisers": 6}
NOTIFICATION: dict[str, Fields] = {
    "identiteit.basis": {"naam": "Sem Oldewarris", "geboortedatum": "1991-04-23", "geslacht": "man"},
    "casus.aanmelding": {
        "aanleiding": {"soort": "overlast", "advies": "Oplopende overlast, dreigende ontruiming en zorgmijding tegelijk."},
        "leefgebieden": "wonen",
        "feiten": {"advies": "Elf meldingen in zes maanden; twee keer hulp aangeboden en afgehouden."},
    },
}
IDENTITY: Fields = {"naam": "Sem Oldewarris", "geboortedatum": "1991-04-23", "geslacht": "man"}
CONTACT: Fields = {
    "aanspreeknaam": "Sem",
    "adres": "Groenhof 12, 3999 ZZ Veenstad",
    "telefoon": "0612345678",
    "e-mail": None,
}
MEDICATION: Fields = {"middel": "natriumoxybaat-afbouwschema", "dosering": "zie behandelplan"}
IN_CARE: Fields = {"in-zorg": True}
APPROACH: Fields = {
    "middel": "ghb",
    "benadering": {"advies": "Laat hem niet alleen uitrazen; ontwenning is gevaarlijk. Eerst ambulance, dan gesprek."},
}
ACTION = "Maak met Sem en zijn zus Anouk een afspraak bij hem thuis en schrijf een bejegeningsadvies op."
SIGNAL: Fields = {
    "soort": "agressie-bij-drukte",
    "bron": "wijkagent",
    "geldig-tot": "2027-05-01",
    "wat-te-doen": {"advies": "Bel Sem een uur vooraf en kom niet met meer dan twee mensen."},
}
TURNED_DOWN: Fields = {
    "gegevens": {"casus.aanmelding": {"aanleiding": {"soort": "overlast", "advies": "Een melding van geluid, eenmalig."}}},
    "criteria": ["a", "b", "c", "d"],
    "motivering": "De buurt vraagt om een oplossing.",
    "eigenVisie": "Hij zegt dat het niet meer gebeurt.",
    "feitenGetoetst": True,
}
