"""A drawn population for matching: names as common as in a census, households, twins, juniors, namesakes, moves, marriages.

Nobody in it is real: common names with shares like those of the U.S. census of 2010, and a long tail of made-up ones.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from classify.demographics import PersonName
from storage.roster.messages import Number, PersonUpdate, Registration, VisitUpdate

_SURNAMES = """smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson thomas taylor moore
jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen king wright scott torres nguyen hill flores green
adams nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris morales
murphy cook rogers gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez wood james bennett gray
mendoza ruiz hughes price alvarez castillo sanders patel myers long ross foster jimenez powell jenkins perry russell sullivan bell coleman butler henderson
barnes gonzales fisher vasquez simmons romero jordan patterson alexander hamilton graham reynolds griffin wallace moreno west cole hayes bryant herrera gibson
ellis tran medina aguilar stevens murray ford castro marshall owens harrison fernandez mcdonald woods washington kennedy wells vargas henry chen freeman webb
tucker guzman burns crawford olson simpson porter hunter gordon mendez silva shaw snyder mason dixon munoz hunt hicks holmes palmer wagner black robertson
boyd rose stone salazar fox warren mills meyer rice schmidt garza daniels ferguson nichols stephens soto weaver ryan gardner payne grant dunn kelley spencer
hawkins arnold pierce hansen peters santos hart bradley knight elliott cunningham duncan armstrong hudson carroll lane riley andrews alvarado ray delgado
berry perkins hoffman johnston matthews pena richards contreras willis carpenter lawrence sandoval""".split()  # fmt: skip

_BOYS = """james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven paul andrew joshua kenneth
kevin brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory
alexander frank patrick raymond jack dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle noah ethan jeremy walter christian keith roger
terry austin sean gerald carl harold dylan arthur lawrence jordan jesse bryan billy bruce gabriel joe logan alan juan albert willie elijah wayne randy vincent
mason roy ralph bobby russell bradley philip eugene luis carlos miguel antonio wei hiroshi ahmed omar ivan sergei kwame tomas""".split()  # fmt: skip

_GIRLS = """mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly emily donna michelle carol
amanda melissa deborah stephanie dorothy rebecca sharon laura cynthia amy kathleen angela shirley brenda emma anna pamela nicole samantha katherine christine
helen debra rachel carolyn janet maria catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn judith andrea hannah
megan cheryl jacqueline martha madison teresa gloria sara janice ann kathryn abigail sophia frances jean alice judy isabella julia grace amber denise danielle
marilyn beverly charlotte natalie theresa diana brittany doris kayla alexis lori marie ana lucia guadalupe mei yuki fatima amina olga svetlana ngozi rosa""".split()  # fmt: skip

_BEGIN = "b br c ch cl cr d dr f fr g gr h j k kl kr l m n p pr r s sch sh sl sm st str t tr v w wh z".split()
_MIDDLE = "a e i o u ai au ea ee ei ie oa oo ou y".split()
_END = "ck dd ff ld ll ln lt man mer n nd ner ng ns nt ner r rd rg rk rt s ski son ss st t tz wicz z ley ton field berg stein".split()
_STREETS = "oak maple cedar pine elm walnut juniper chestnut spruce willow park lake hill river church main washington lincoln jefferson madison franklin highland meadow sunset forest ridge valley spring mill garden orchard prospect".split()
_KINDS = "St Ave Rd Dr Ln Ct Blvd Way Pl".split()

_ENOUGH_TAIL = 40_000


@dataclass(frozen=True, slots=True)
class Human:
    """One human being; `maiden` and `was_at` are what old paper may still say."""

    id: int
    family: str
    given: str
    middle: str
    suffix: str
    born: date
    sex: str
    address: str
    postcode: str
    phone: str
    ssn4: str
    mrn: str
    member_id: str
    visits: tuple[tuple[str, date], ...]
    maiden: str = ""
    was_at: str = ""


class Names:
    """Draws names with the shares of a census: a few very common ones, many rare ones."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        tail = sorted({self._made_up() for _ in range(_ENOUGH_TAIL)})
        rng.shuffle(tail)
        self._families = _SURNAMES + tail
        common = [0.0083 / (1 + i / 3.2) ** 0.78 for i in range(len(_SURNAMES))]
        rest = 1 - sum(common)
        shares = [1 / (i + 60) ** 0.85 for i in range(len(tail))]
        whole = sum(shares)
        self._family_weights = _sums(common + [rest * s / whole for s in shares])
        self._given = {"M": _BOYS, "F": _GIRLS}
        self._given_weights = {
            sex: _sums([1 / (i + 6) ** 0.9 for i in range(len(names))]) for sex, names in self._given.items()
        }

    def family(self) -> str:
        """A surname."""
        return self._rng.choices(self._families, cum_weights=self._family_weights)[0]

    def given(self, sex: str) -> str:
        """A first name; one in thirty is made up."""
        if self._rng.random() < 0.03:
            return self._made_up()
        return self._rng.choices(self._given[sex], cum_weights=self._given_weights[sex])[0]

    def _made_up(self) -> str:
        rng = self._rng
        return (
            rng.choice(_BEGIN)
            + rng.choice(_MIDDLE)
            + (rng.choice(_BEGIN) + rng.choice(_MIDDLE) if rng.random() < 0.55 else "")
            + rng.choice(_END)
        )


def draw_people(count: int, seed: int, first: int = 1) -> Iterator[Human]:
    """A population of households: couples, children who share surname and address, twins, fathers with juniors."""
    rng = random.Random(seed)
    names = Names(rng)
    number = first
    while number < first + count:
        for human in _household(rng, names):
            if number >= first + count:
                return
            yield _numbered(rng, human, number)
            number += 1


def _household(rng: random.Random, names: Names) -> Iterator[Human]:
    family, address, postcode = names.family(), _address(rng), f"{rng.randrange(10000, 99000):05d}"
    phone = _phone(rng)
    year = rng.randrange(1930, 1990)
    father = names.given("M")
    who: list[tuple[str, str, str, int]] = []
    if rng.random() < 0.7:
        who.append((family, father, "M", year))
    if rng.random() < 0.75 or not who:
        keeps = rng.random() < 0.15
        who.append((names.family() if keeps else family, names.given("F"), "F", year + rng.randrange(-6, 7)))
    adults = len(who)
    for _ in range(rng.choices((0, 1, 2, 3, 4), (45, 22, 22, 8, 3))[0]):
        sex = rng.choice("MF")
        who.append((family, _other_name(names, sex, who), sex, year + rng.randrange(20, 38)))
    for i, (last, given, sex, born_in) in enumerate(who):
        human = _human(rng, names, last, given, sex, born_in, address, postcode, phone)
        if i >= adults and sex == "M" and who[0][1] == father and rng.random() < 0.03:
            human = replace(human, given=father, suffix="Jr")
        yield human
        if i >= adults and rng.random() < 0.012:  # a twin: all but the first name (24 babies of 1,000 are twins)
            twin_sex = rng.choice("MF")
            name = _other_name(names, twin_sex, who)
            twin = _human(rng, names, last, name, twin_sex, born_in, address, postcode, phone)
            yield replace(twin, born=human.born)


def _other_name(names: Names, sex: str, family: list[tuple[str, str, str, int]]) -> str:
    """A first name that nobody of the family has; only juniors share one."""
    taken = {given for _, given, _, _ in family}
    while (given := names.given(sex)) in taken:
        pass
    return given


def _human(
    rng: random.Random, names: Names, family: str, given: str, sex: str, year: int, address: str, postcode: str, phone: str
) -> Human:  # fmt: skip
    return Human(
        id=0,
        family=family,
        given=given,
        middle=rng.choice("abcdefghjklmnprstw") if rng.random() < 0.6 else "",
        suffix="",
        born=date(year, 1, 1) + timedelta(days=rng.randrange(365)),
        sex=sex,
        address=address,
        postcode=postcode,
        phone=phone if rng.random() < 0.6 else _phone(rng),
        ssn4=f"{rng.randrange(10000):04d}",
        mrn="",
        member_id=f"{rng.choice('ABCDEFGHJKLMNPQRTUVWXYZ')}{rng.randrange(10**9):09d}",
        visits=(),
        maiden=names.family() if sex == "F" and rng.random() < 0.35 else "",
        was_at=_address(rng) if rng.random() < 0.2 else "",
    )


def _numbered(rng: random.Random, human: Human, number: int) -> Human:
    """Numbers given one after another, as hospitals do: the neighbour's number is one digit away."""
    first = date(2015, 1, 1) + timedelta(days=rng.randrange(3600))
    visits = tuple((f"V{number:07d}{i}", first + timedelta(days=90 * i)) for i in range(rng.choice((0, 1, 1, 2))))
    return replace(human, id=number, mrn=f"{10_000_000 + number:08d}", visits=visits)


def registration_of(human: Human) -> Iterator[Registration]:
    """What the patient list knows of a human: a row for each visit, or one without."""
    said = PersonUpdate(
        numbers=(Number(human.mrn),),
        family=human.family.title(),
        given=human.given.title(),
        middle=human.middle.upper(),
        suffix=human.suffix,
        birth_date=human.born,
        sex=human.sex,
        address=human.address,
        postcode=human.postcode,
        phone=human.phone,
        ssn4=human.ssn4,
        member_id=human.member_id,
        names=(PersonName(human.maiden.title(), "", "maiden"),) if human.maiden else (),
    )
    if not human.visits:
        yield Registration(said)
    for visit, day in human.visits:
        yield Registration(said, VisitUpdate(visit, admitted=day, discharged=day + timedelta(days=3)))


def _address(rng: random.Random) -> str:
    return f"{rng.randrange(1, 9999)} {rng.choice(_STREETS).title()} {rng.choice(_KINDS)}"


def _phone(rng: random.Random) -> str:
    return f"({rng.randrange(201, 989)}) {rng.randrange(200, 999)}-{rng.randrange(10000):04d}"


def _sums(weights: list[float]) -> list[float]:
    total, sums = 0.0, []
    for weight in weights:
        total += weight
        sums.append(total)
    return sums
