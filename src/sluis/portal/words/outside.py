"""The texts about those outside the operator: witnesses of the log, and the authority that stamps it with the time."""

from __future__ import annotations

OUTSIDE: dict[str, tuple[str, str]] = {
    "outside_title": ("Wie van buiten meekijkt", "Who watches from outside"),
    "outside_intro": (
        "Zonder getuige buiten de beheerder bewijst het logboek alleen iets aan wie een oud controlepunt bewaarde.",
        "Without a witness outside the operator the log proves something only to who kept an old checkpoint.",
    ),
    "outside_quorum": ("Genoeg getuigen tekenden mee", "Enough witnesses cosigned"),
    "outside_no_quorum": ("nog nooit, of er zijn geen getuigen ingesteld", "never yet, or no witnesses are set"),
    "outside_cosigned": ("tekende {n} regels mee", "cosigned {n} entries"),
    "outside_failed": ("tekende niet mee", "did not cosign"),
    "outside_authority": ("tijdstempeldienst", "time-stamping authority"),
    "outside_stamped": ("{n} regels bestonden op {at}", "{n} entries existed on {at}"),
    "outside_unstamped": ("nog geen tijdstempel", "no time stamp yet"),
    "outside_broken": ("Het logboek is gestopt: er zijn twee geschiedenissen", "The log has stopped: there are two histories"),
    "outside_broken_text": (
        "Een getuige kent een andere geschiedenis dan deze server: er wordt niets meer verstrekt. Waarschuw hem en de FG.",
        "A witness knows another history than this server: nothing is released any more. Warn it and the privacy officer.",
    ),
}
