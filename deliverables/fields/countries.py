"""Countries of Twinning: code, Latvian name, English name.

Member States, those that were, and the partner countries that the National Contact Points of
Germany and Estonia list (ncp-twinning.de, estdev.ee): candidates, neighbours, and others.

ISO 3166-1 alpha-2, in which EU is reserved for the European Union (its Delegations contract). XK
is the user-assigned code in general use for Kosovo, and ZZ, QM and QN are user-assigned codes that
no country will ever have: the fictitious sample uses them.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import lazy
from django.utils.translation import get_language

from audit.lists import alphabets

NAMES: dict[str, tuple[str, str]] = {
    "AL": ("Albānija", "Albania"),
    "AM": ("Armēnija", "Armenia"),
    "AT": ("Austrija", "Austria"),
    "AZ": ("Azerbaidžāna", "Azerbaijan"),
    "BA": ("Bosnija un Hercegovina", "Bosnia and Herzegovina"),
    "BE": ("Beļģija", "Belgium"),
    "BG": ("Bulgārija", "Bulgaria"),
    "BY": ("Baltkrievija", "Belarus"),
    "CY": ("Kipra", "Cyprus"),
    "CZ": ("Čehija", "Czechia"),
    "DE": ("Vācija", "Germany"),
    "DK": ("Dānija", "Denmark"),
    "DO": ("Dominikāna", "Dominican Republic"),
    "DZ": ("Alžīrija", "Algeria"),
    "EE": ("Igaunija", "Estonia"),
    "EG": ("Ēģipte", "Egypt"),
    "ES": ("Spānija", "Spain"),
    "ET": ("Etiopija", "Ethiopia"),
    "EU": ("Eiropas Savienība", "European Union"),
    "FI": ("Somija", "Finland"),
    "FR": ("Francija", "France"),
    "GB": ("Apvienotā Karaliste", "United Kingdom"),
    "GE": ("Gruzija", "Georgia"),
    "GR": ("Grieķija", "Greece"),
    "HR": ("Horvātija", "Croatia"),
    "HU": ("Ungārija", "Hungary"),
    "IE": ("Īrija", "Ireland"),
    "IL": ("Izraēla", "Israel"),
    "IT": ("Itālija", "Italy"),
    "JO": ("Jordānija", "Jordan"),
    "KG": ("Kirgizstāna", "Kyrgyzstan"),
    "KH": ("Kambodža", "Cambodia"),
    "KZ": ("Kazahstāna", "Kazakhstan"),
    "LB": ("Libāna", "Lebanon"),
    "LT": ("Lietuva", "Lithuania"),
    "LU": ("Luksemburga", "Luxembourg"),
    "LV": ("Latvija", "Latvia"),
    "LY": ("Lībija", "Libya"),
    "MA": ("Maroka", "Morocco"),
    "MD": ("Moldova", "Moldova"),
    "ME": ("Melnkalne", "Montenegro"),
    "MG": ("Madagaskara", "Madagascar"),
    "MK": ("Ziemeļmaķedonija", "North Macedonia"),
    "MN": ("Mongolija", "Mongolia"),
    "MT": ("Malta", "Malta"),
    "MW": ("Malāvija", "Malawi"),
    "NA": ("Namībija", "Namibia"),
    "NL": ("Nīderlande", "Netherlands"),
    "PL": ("Polija", "Poland"),
    "PS": ("Palestīna", "Palestine"),
    "PT": ("Portugāle", "Portugal"),
    "RO": ("Rumānija", "Romania"),
    "RS": ("Serbija", "Serbia"),
    "RW": ("Ruanda", "Rwanda"),
    "SE": ("Zviedrija", "Sweden"),
    "SI": ("Slovēnija", "Slovenia"),
    "SK": ("Slovākija", "Slovakia"),
    "SV": ("Salvadora", "El Salvador"),
    "SY": ("Sīrija", "Syria"),
    "TN": ("Tunisija", "Tunisia"),
    "TR": ("Turcija", "Türkiye"),
    "TZ": ("Tanzānija", "Tanzania"),
    "UA": ("Ukraina", "Ukraine"),
    "UZ": ("Uzbekistāna", "Uzbekistan"),
    "XK": ("Kosova", "Kosovo"),
    "ZM": ("Zambija", "Zambia"),
    "ZZ": ("Paraugzeme (izdomāta)", "Sampleland (fictitious)"),
    "QM": ("Dalībvalsts A (izdomāta)", "Member State A (fictitious)"),
    "QN": ("Dalībvalsts B (izdomāta)", "Member State B (fictitious)"),
}


def name(code: str, language: str) -> str:
    """The country's name in Latvian (lv) or English; the code itself where it is unknown."""
    latvian, english = NAMES.get(code, (code, code))
    return latvian if language == "lv" else english


def in_order(codes: Iterable[str], language: str) -> list[str]:
    """Codes of countries by their names in the language."""
    return sorted(codes, key=lambda code: alphabets.key(name(code, language), language))


def _label(code: str) -> str:
    return f"{name(code, get_language() or 'en')} ({code})"


_lazy_label = lazy(_label, str)


def choices() -> list[tuple[str, str]]:
    """Code and name in the language that is active when it is shown, in its alphabet.

    Without a language, as for files, in the order above: they are the same for every reader.
    """
    language = get_language()
    codes = in_order(NAMES, language) if language else NAMES
    return [(code, _lazy_label(code)) for code in codes]
