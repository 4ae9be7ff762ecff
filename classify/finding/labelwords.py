"""The words that labels are made of: 'Adm Dt', 'Date of Adm.' and 'ADMISSION DATE' are one label.

Abbreviations stand for their word, the order of words and small words between them do not count. What is listed letter
for letter (the fields' own labels) comes first.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from classify import normal

_SHORT: dict[str, str] = {
    "name": "nm nme prenom nombre nombres nom names", "number": "no nr nbr num numb nos # number's numero", "record": "rec recd rcd records expediente dossier", "medical": "med medico", "hospital": "hosp hsp",
    "date": "dt dte fecha", "date time": "dttm", "service date": "dos", "treatment": "tx", "coverage": "cov", "mobile": "mob", "registration": "reg", "admission": "adm admit admitted admt admsn admd admn admitting admision ingreso", "discharge": "disch dschg dsch dischg discharged disc dchg dschrg dischd dc alta sortie conge", "physician": "phys phy medecin",
    "attending": "attn attg att attnd attend atn atiende traitant", "insurance": "ins insur insure seguro assurance", "certificate": "cert", "policy": "pol plcy poliza police", "telephone": "tel tele ph phone telefono phones",
    "account": "acct acc cuenta compte acct's", "home": "hm dom", "nursing": "nsg nurs", "appointment": "appt", "previous": "prev", "arrival": "arr", "authorization": "auth", "birth": "bth brth nacimiento nac naissance naiss bth", "birth date": "bdate bday birthdate birthday bthdate ddn", "patient": "pt pat pts patients ptnt paciente", "address": "addr",
    "encounter": "enc enctr encuentro", "visit": "vst visita visite", "subscriber": "subs subscr subsc", "group": "grp gp", "id": "ident identification identifier", "member": "mbr memb mem afiliado",
    "primary": "prim pri primario", "referring": "ref", "service": "svc serv srvc servicio services", "procedure": "proc", "diagnosis": "dx diag", "facility": "fac", "gender": "gend gndr genero",
    "emergency": "emerg emer", "administrative": "admin", "residence": "res", "relation": "rel relat reln", "responsible": "resp", "company": "co", "chart": "chrt", "identity": "identy", "signed": "sgnd",
    "provider": "prov prvdr", "payer": "payor payors", "sex": "sexo sexe sx", "insurer": "aseguradora assureur asegurador", "contract": "contrato", "financial": "fin", "casenote": "casenotes", "resident": "residents res't", "client": "clients", "veteran": "veterans", "individual": "individuals", "consumer": "consumers", "separation": "sep", "preferred": "pref", "charge": "cargo", "cell": "celular cellular", "surname": "apellidos apellido", "inpatient": "inpt", "doctor": "doc", "printed": "prtd", "clinic": "clin", "history": "hx hist", "control": "cntl ctrl cntrl", "guarantor": "guar",
}  # fmt: skip

_LONG = {short: word for word, shorts in _SHORT.items() for short in shorts.split()}

_SIGNS = (
    (re.compile(r"(?i)\bb/d\b"), "birth date"),
    (re.compile(r"(?i)\ba/c\b"), "account"),
    (re.compile(r"(?i)\bi/m\b"), "inmate"),
    (re.compile(r"(?i)\bi/c\b"), "in charge"),
    (re.compile(r"(?i)\bin-patient\b"), "inpatient"),
    (re.compile(r"\(s\)"), ""),
    (re.compile(r"(?i)\bd/c(?:'?d)?\b"), "discharge"),
    (re.compile(r"(?i)\bd/t\b"), "date time"),
    (re.compile(r"(?i)\bd/o/b\b"), "birth date"),
)
"""Short forms with a stroke: D/C Date, Adm D/T, D/O/B."""

_DOTTED = re.compile(r"\b(?:[A-Za-z]\.)+[A-Za-z]\b\.?")

_POSSESSIVE = re.compile(r"(?i)(?<=\w)['’](?=d\b)|(?<=\w)['’]s?\b")
"""The ending of whose it is: Patient's, and the stroke of Adm'd and Auth'd."""


def without_possessive(text: str) -> str:
    """A text without the endings of whose it is."""
    return _POSSESSIVE.sub("", text)


_SMALL = frozenset("of the for a s and on de del la el los du des que".split())
"""Words that labels do without."""


_KEPT = 4096
"""Phrases whose words in full are remembered: a page asks for each some three times."""


def in_full(words: Iterable[str]) -> list[str]:
    """Words in small letters, each in full where it is a short form of labels."""
    return [whole for word in words for whole in _LONG.get(word, word).split()]


@lru_cache(_KEPT)
def canonical(text: str) -> str:
    """The words of a label in full, each once, in the order of the alphabet; empty for what no label begins or ends with."""
    whole = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)  # M.R.N. is MRN
    for sign, word in _SIGNS:
        whole = sign.sub(word, whole)
    said = normal.plain(without_possessive(whole).replace("#", " number ")).split()
    if said[1:] and said[-1] == "on":  # Admitted on, Seen on
        said[-1] = "date"
    if not said or not _SMALL.isdisjoint((said[0], said[-1])):
        return ""
    words = set(in_full(said)) - _SMALL
    return " ".join(sorted(words)) if any(len(word) > 1 for word in words) else ""
