"""Common first names in the United States, to tell ANA RIVERA from RIVERA ANA where no comma does.

From the yearly lists of the Social Security Administration: names that led them in any decade from 1900 on.
"""

from collections.abc import Sequence

_MEN = """aaron adam alan albert alex alexander alfred allen andrew anthony antonio arthur austin barry benjamin bernard bill billy bobby bradley brandon brian bruce
bryan caleb calvin cameron carl carlos cecil chad charles chester chris christian christopher clarence claude clifford clyde cody connor corey craig curtis dale dan
daniel danny darrell david dean dennis derek donald douglas dustin dylan earl eddie edgar edward edwin elijah elmer eric ernest ethan eugene evan floyd francis frank
franklin fred frederick gabriel gary gene george gerald gilbert glen glenn gordon greg gregory guy harold harry harvey henry herbert herman homer howard hugh hunter ian
isaac isaiah jack jackson jacob james jared jason jay jeff jeffrey jeremiah jeremy jerome jerry jesse jesus jim jimmy joe joel john johnny jon jonathan jordan jorge
jose joseph joshua juan julian justin keith kenneth kevin kyle larry lawrence lee leo leon leonard leroy leslie lester lewis liam lloyd logan louis lucas luis luke
luther manuel marcus mario mark martin marvin mason matthew maurice melvin michael miguel milton mitchell nathan nathaniel neil nicholas noah norman oscar owen patrick
paul peter philip phillip rafael ralph randall randy ray raymond ricardo richard ricky robert roberto rodney roger roland ron ronald ronnie roy russell ryan sam samuel
scott sean sergio shane shawn sidney stanley stephen steve steven stuart ted terry theodore thomas timothy todd tom tommy tony travis troy tyler vernon victor vincent
virgil wallace walter warren wayne wesley willard william willie wyatt xavier zachary""".split()  # fmt: skip

_WOMEN = """abigail agnes alexandra alexis alice alicia alison allison alma alyssa amanda amber amy ana andrea angela anita ann anna anne annette annie april ashley audrey
ava barbara beatrice bernice bertha beth betty beverly bonnie brenda brianna brittany brooke carla carmen carol caroline carolyn carrie catherine cathy charlotte cheryl
chloe christina christine cindy clara claudia connie crystal cynthia dana danielle dawn deborah debra delores denise destiny diana diane dolores donna dora doris dorothy
edith edna eileen elaine eleanor elena elizabeth ella ellen elsie emily emma erica erin esther ethel eva evelyn faith florence frances gail geraldine gladys glenda gloria
grace gwendolyn hailey haley hannah hazel heather helen holly ida irene isabella jackie jacqueline jamie jane janet janice jasmine jean jeanette jeanne jennifer jenny
jessica jill joan joann joanne jocelyn josephine joy joyce juanita judith judy julia julie june karen katherine kathleen kathryn kathy katie kayla kelly kelsey kim
kimberly kristen kristin lauren laura laurie leah lena leona lillian linda lisa lois loretta lori lorraine louise lucille lucy lydia lynn madison marcia margaret maria
marian marie marilyn marion marjorie marlene martha mary maureen maxine megan melanie melinda melissa mia michelle mildred minnie miriam molly monica morgan myrtle nancy
natalie natasha nicole nina nora norma olivia opal pamela patricia patsy paula pauline pearl peggy penny phyllis priscilla rachel rebecca regina rhonda rita roberta robin
rosa rose rosemary ruby ruth sabrina sally samantha sandra sara sarah savannah shannon sharon sheila shelby sheri sherry shirley sophia stacey stacy stella stephanie sue
susan suzanne sydney sylvia tamara tammy tanya tara taylor teresa thelma theresa tiffany tina tracy valerie vanessa vera veronica vicki victoria viola violet virginia
vivian wanda wendy whitney willie wilma yolanda yvonne""".split()  # fmt: skip

GIVEN = frozenset(_MEN) | frozenset(_WOMEN)

_ALSO_SURNAMES = frozenset(
    "lee thomas james scott allen martin lewis taylor jordan kelly howard ray russell wayne warren lloyd gordon kim craig glenn dean barry ross grant tyler curtis "
    "hunter mason lawrence arthur henry morgan neil perry todd wallace douglas francis nelson harvey".split()
)
"""First names that are surnames far oftener at the end of a name: the hundred and some commonest of the Census of 2010."""


def is_given_first(first: str, last: str) -> bool | None:
    """Whether a name of two common first names begins with the first name (GABRIEL LEE, not LEE GABRIEL), or None."""
    if (first in _ALSO_SURNAMES) == (last in _ALSO_SURNAMES):
        return None
    return last in _ALSO_SURNAMES


_OF_PERSONS = 3
"""One in so many names of a list of patients has a comma or a common first name; of descriptions of charges none."""


def are_persons(names: Sequence[Sequence[str]]) -> bool:
    """Whether runs of capitalised words, a row each, are names of people rather than of charges, drugs or tests."""
    named = sum(any("," in word or word.strip(".,").lower() in GIVEN for word in name) for name in names)
    return named > 0 and named * _OF_PERSONS >= len(names)
