"""The words that labels are made of: 'Adm Dt', 'Date of Adm.' and 'ADMISSION DATE' are one label.

Abbreviations stand for their word, the order of words and small words between them do not count. What is listed letter
for letter (the fields' own labels) comes first.
"""

import re
from functools import lru_cache

from classify import normal

_SHORT: dict[str, str] = {
    "name": "nm nme", "number": "no nr nbr num numb nos # number's", "record": "rec recd rcd records", "medical": "med", "hospital": "hosp hsp",
    "date": "dt dte", "admission": "adm admit admitted admt admsn", "discharge": "disch dschg dsch dischg discharged disc dchg", "physician": "phys phy",
    "attending": "attn attg att attnd", "insurance": "ins insur insure", "certificate": "cert", "policy": "pol plcy", "telephone": "tel tele ph phone",
    "account": "acct acc", "home": "hm", "nursing": "nsg nurs", "appointment": "appt", "previous": "prev", "arrival": "arr", "authorization": "auth", "birth": "bth brth", "birth date": "bdate bday birthdate birthday bthdate", "patient": "pt pat pts patients ptnt", "address": "addr",
    "encounter": "enc enctr", "visit": "vst", "subscriber": "subs subscr subsc", "group": "grp gp", "id": "ident identification identifier", "member": "mbr memb",
    "primary": "prim pri", "referring": "ref", "service": "svc serv srvc", "procedure": "proc", "diagnosis": "dx diag", "facility": "fac", "gender": "gend",
    "emergency": "emerg emer", "administrative": "admin", "residence": "res", "relation": "rel relat reln", "responsible": "resp", "company": "co", "chart": "chrt", "identity": "identy", "signed": "sgnd",
    "provider": "prov prvdr", "payer": "payor", "doctor": "doc", "printed": "prtd", "clinic": "clin", "history": "hx hist", "control": "cntl ctrl cntrl", "guarantor": "guar",
}  # fmt: skip

_LONG = {short: word for word, shorts in _SHORT.items() for short in shorts.split()}

_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}[A-Za-z]?\b\.?")

_SMALL = frozenset("of the for a s and on".split())
"""Words that labels do without."""


_KEPT = 4096
"""Phrases whose words in full are remembered: a page asks for each some three times."""


@lru_cache(_KEPT)
def canonical(text: str) -> str:
    """The words of a label in full, each once, in the order of the alphabet; empty for what no label begins or ends with."""
    whole = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)  # M.R.N. is MRN
    said = normal.plain(whole.replace("#", " number ")).split()
    if not said or not _SMALL.isdisjoint((said[0], said[-1])):
        return ""
    words = {one for word in said for one in _LONG.get(word, word).split()} - _SMALL
    return " ".join(sorted(words)) if any(len(word) > 1 for word in words) else ""
