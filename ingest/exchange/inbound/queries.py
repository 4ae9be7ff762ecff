"""Records of field values from other systems, as matching queries."""

from classify import normal
from classify.matching.query import Query
from ingest.exchange.inbound.heads import COLUMNS, normal_head

_ROW_IDS = frozenset({"id", "query_id", "row_id", "record_id"})


def knows_any(record: dict[str, str]) -> bool:
    """Whether any head of a record is one that we know."""
    heads = {normal_head(k) for k in record}
    known = {head for names in COLUMNS.values() for head in names} | {"name", "patient_name", "full_name"}
    return bool(heads & (known - _ROW_IDS))


def query_of_record(record: dict[str, str]) -> Query:
    """The query that a record makes, under any head that our patient list knows; `name` may hold it all."""
    compact = {normal_head(k): v.strip() for k, v in record.items()}
    values = {
        field: next(
            (compact[head] for head in heads if head in compact and head not in _ROW_IDS and compact[head]),
            "",
        )
        for field, heads in COLUMNS.items()
    }
    family, given, middle, suffix = (values[k] for k in ("family", "given", "middle", "suffix"))
    whole = compact.get("name") or compact.get("patient_name") or compact.get("full_name")
    if whole and not family:
        family, given, middle, suffix = normal.split_name(whole) or (whole, "", "", "")
    if not suffix and family and family.split()[-1].lower().strip(".") in normal.SUFFIXES and " " in family:
        family, _, suffix = family.rpartition(" ")
    return Query(
        family=family,
        given=given,
        middle=middle,
        suffix=suffix,
        birth_date=normal.parse_date(values["birth_date"]),
        sex=normal.parse_sex(values["sex"]) or "",
        mrn=values["mrn"],
        encounters=tuple(v for v in (values["encounter"], compact.get("account", "")) if v),
        member_id=values["member_id"],
        phone=values["phone"],
        ssn4="".join(c for c in values["ssn"] if c.isdigit())[-4:],
        postcode=values["postcode"],
        address=values["address"],
        city=values["city"],
        served=normal.parse_date(compact.get("service_date", "") or values["discharged"] or values["admitted"]),
    )
