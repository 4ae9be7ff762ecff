"""When two names or numbers may be the same thing written, spoken or read otherwise."""

import re
from functools import cache

import jellyfish
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from classify import normal

_ALIKE = (
    ("rn", "m"),
    ("cl", "d"),
    ("vv", "w"),
    ("ii", "u"),
    ("li", "h"),
    ("l", "i"),
    ("j", "i"),
    ("e", "c"),
    ("o", "c"),
    ("q", "g"),
)
"""Letter shapes that Tesseract takes for each other."""  # fmt: skip


_DIGITS_IN_NAMES = str.maketrans("0158|!", "olsbll")


def letters(name: str) -> str:
    """The letters of a name, lower case and without accents; a digit in it is a misread letter (J0hn5on)."""
    return normal.letters(name.translate(_DIGITS_IN_NAMES) if any(c.isalpha() for c in name) else name)


def shape(letters: str) -> str:
    """Letters with the shapes that OCR confuses made the same."""
    for wide, narrow in _ALIKE:
        letters = letters.replace(wide, narrow)
    return letters


_ONE_WAY = tuple(
    tuple(pair for pair in _ALIKE if pair not in left_out)
    for left_out in ({("o", "c"), ("j", "i"), ("q", "g")}, {("e", "c"), ("j", "i"), ("q", "g")})
)
"""An e may be a c and an o may be a c, but an e is no o: Jean is not Joan."""


def reads_alike(said: str, known: str) -> bool:
    """Whether the two are the same once letter shapes that OCR confuses are made the same."""
    return len(said) >= 3 and any(_shaped(said, pairs) == _shaped(known, pairs) for pairs in _ONE_WAY)


def _shaped(letters: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for wide, narrow in pairs:
        letters = letters.replace(wide, narrow)
    return letters


def is_close(said: str, known: str) -> bool:
    """At most one edit in short names, two in names of eight letters or more, and alike where names begin."""
    allowed = 1 if max(len(said), len(known)) < 8 else 2
    if min(len(said), len(known)) < 4 or abs(len(said) - len(known)) > allowed:
        return False
    return (
        DamerauLevenshtein.distance(said, known, score_cutoff=allowed) <= allowed
        and JaroWinkler.similarity(said, known) >= 0.92
    )


def is_slip(said: str, known: str) -> bool:
    """Close, and alike where the names begin and end: one name written or read badly.

    Another first letter is another name (Hernandez, Fernandez) unless OCR takes the two for each other, and so is one that
    goes on (Martin, Martinez; William, Williams; Daniel, Danielle).
    """
    if said != known and (said.startswith(known) or known.startswith(said)):
        return False
    return is_close(said, known) and shape(said[0]) == shape(known[0])


def is_similar(said: str, known: str) -> bool:
    """Too much the same to contradict, too little to confirm (Jaro-Winkler from 0.80, docs/evidence.md)."""
    return JaroWinkler.similarity(said, known) >= 0.8


def is_far(said: str, known: str) -> bool:
    """Whether a misreading is no excuse: under half of the letters are the same."""
    return JaroWinkler.similarity(said, known) < 0.7


@cache
def sound(word: str) -> str:
    """How a name sounds, at most five letters (Metaphone)."""
    return str(jellyfish.metaphone(word))[:5] or word[:3]


def fold(number: str) -> str:
    """A record number with the characters that OCR confuses made the same and leading zeros dropped."""
    return normal.number(normal.read_as_digits(number)).lstrip("0")


def edits(said: str, known: str) -> int:
    """Characters that differ, a swap of neighbours counted once; 3 for three and more."""
    return min(3, DamerauLevenshtein.distance(said, known, score_cutoff=2))


def digits_of_phone(text: str) -> str:
    """The last seven digits of a phone number, or nothing: area codes change and are left out."""
    digits = re.sub(r"\D", "", text)[-10:]
    return digits[-7:] if len(digits) >= 7 and len(set(digits)) > 2 else ""


def is_dummy(number: str) -> bool:
    """What is typed where a number is asked for and there is none: 0000, 9999, NONE, SELF PAY; two of them are not one."""
    plain = normal.number(number)
    return not any(c.isdigit() for c in plain) or len(set(plain)) < 2 or plain in ("1234", "12345", "123456789")


_STREET = re.compile(r"(?i)\b(street|st|avenue|ave|road|rd|drive|dr|lane|ln|court|ct|boulevard|blvd|place|pl|way|circle|cir|terrace|ter|parkway|pkwy|highway|hwy|north|south|east|west|n|s|e|w)\b\.?")  # fmt: skip
_LINES = re.compile(r"\\n|[\n\r,;]+")  # exports write the end of a line as backslash and n
_BOX = re.compile(r"(?i)\bp\.?\s*o\.?\s*box\s*#?\s*(\w+)")


def house_of(address: str) -> str:
    """House number and the beginning of the street's name: '927 Juniper Ln' is 927junip; '' when there is no street."""
    if box := _BOX.search(address):
        return f"box{box[1].lower()}"
    lines = [line for line in _LINES.split(address) if line.strip()]  # a company or a "c/o" may stand first
    line = next((line for line in lines if line.lstrip()[:1].isdigit()), lines[0] if lines else "")
    found = re.match(r"\s*(?:(\d+)[a-zA-Z]?\s+)?(.*)", line)
    assert found is not None
    street = re.split(r"\b(?:apt|unit|suite|ste|#)", found[2], flags=re.IGNORECASE)[0]
    named = normal.letters(_STREET.sub(" ", street)) or normal.letters(street)
    return f"{found[1] or ''}{named[:5]}" if named else ""


def street_of(house: str) -> str:
    """The street's name of what house_of gives."""
    return house.lstrip("0123456789")


_NICKNAMES = tuple(
    frozenset(group.split())
    for group in (
        "robert rob bob bobby robbie bert", "william will bill billy willie liam wm", "richard rick dick rich ricky richie",
        "james jim jimmy jamie jas", "john jack johnny jon jno", "jonathan jon johnathan", "joseph joe joey jos", "michael mike mick mickey micheal",
        "thomas tom tommy thos", "charles charlie chuck chas", "christopher chris topher kit", "daniel dan danny", "matthew matt",
        "anthony tony", "andrew andy drew", "edward ed eddie ted ned", "steven steve stephen", "kenneth ken kenny",
        "ronald ron ronnie", "timothy tim timmy", "gregory greg", "lawrence larry laurence lars", "samuel sam sammy", "benjamin ben benny",
        "elizabeth liz beth betty lizzie eliza betsy libby elisabeth", "margaret peggy maggie meg marge margie", "katherine kathy kate katie catherine cathy kathryn katy kay kitty",
        "patricia pat patty trish tricia patsy", "jennifer jen jenny jenn", "barbara barb babs", "susan sue suzie suzanne susie", "deborah deb debbie debra debby",
        "dorothy dot dottie dolly", "theresa teresa terry tess terri", "rebecca becky becca", "jacqueline jackie", "pamela pam", "sandra sandy",
        "virginia ginny ginger", "victoria vicky tori vicki", "alexander alex sandy al", "alexandra alex sandra lexi", "nicholas nick nicky", "frederick fred freddie freddy",
        "francis frank frankie", "frances fran frannie", "gerald jerry gerry", "donald don donnie", "david dave davey", "peter pete", "raymond ray", "walter walt wally",
        "judith judy", "cynthia cindy", "kimberly kim", "christine chris christina tina chrissy", "nancy nan", "anne ann anna annie", "mary molly polly mae",
        "philip phil phillip", "arthur art artie", "albert al bert", "eugene gene", "harold harry hal", "henry hank harry", "leonard len lenny leo",
        "joshua josh", "zachary zach zack", "nathaniel nathan nate", "jeffrey jeff geoffrey", "douglas doug", "vincent vince vinny", "abigail abby", "amanda mandy",
        "angela angie", "carolyn carol carrie", "eleanor ellie nell nora", "evelyn eve evie", "florence flo", "gabrielle gabby", "isabella bella isabel", "jessica jess jessie",
        "josephine jo josie", "lillian lily lil", "madeline maddie", "melissa missy mel", "melanie mel", "michelle shelly", "natalie nat", "olivia liv livvy", "penelope penny",
        "rachel rae", "samantha sam sammie", "sarah sara sally", "stephanie steph", "valerie val", "veronica ronnie roni", "stanley stan", "theodore ted theo teddy", "russell russ",
        "louis lou louie lewis", "martin marty", "maurice morris", "mitchell mitch", "norman norm", "patrick pat paddy", "randall randy", "reginald reggie reg", "roger rog", "solomon sol",
        "jose pepe", "guadalupe lupe", "ignacio nacho", "jesus chuy", "manuel manny", "antonio tono", "enrique kike", "rosario chayo", "consuelo chelo",
    )
)  # fmt: skip


@cache
def groups_of(given: str) -> frozenset[int]:
    """The numbers of the short-form groups a first name belongs to."""
    return frozenset(number for number, group in enumerate(_NICKNAMES) if given in group)


def are_nicknames(said: str, known: str) -> bool:
    """Whether one first name is a short form of the other."""
    return said != known and bool(groups_of(said) & groups_of(known))


_PLACEHOLDERS = frozenset(
    "anonymous unknown unk doe test testing patient baby babyboy babygirl boy girl newborn infant twin nobody noname none "
    "name lastname firstname refused declined unidentified trauma xxx zzz na nn".split()
)


def is_placeholder(name: str) -> bool:
    """Names that hospitals write when they know none; two of them are not the same person (newborns, John Doe)."""
    parts = normal.plain(name).split()
    return bool(parts) and (normal.letters(name) in _PLACEHOLDERS or parts[0] in ("baby", "newborn", "infant"))
