"""Who is exactly one person, and who is nobody: the rule told in small stories."""

from __future__ import annotations

import pytest

from tests.register.town import home, person, question
from wicketgate.core.identity import Question
from wicketgate.stages.verify_rule import Record, decide

JOSE = "José|Luis|García López|"
APARTMENT = home("17 N Oak Street", "Apt 4")

ONE: dict[str, tuple[Question, tuple[Record, ...]]] = {
    "name, address and number agree": (question(), (person(),)),
    "a birth date is a second discriminator": (question(tin="", born="1980-02-29"), (person(),)),
    "so is a full middle name with the same suffix": (
        question("José|Luis|García López|Jr", tin=""),
        (person("José|Luis|García López|Jr."),),
    ),
    "case, accents, hyphens and abbreviations are no difference": (
        question("JOSE|LUIS|GARCIA-LOPEZ|", line1="17 NORTH OAK ST", postal_code="45402-1234"),
        (person(),),
    ),
    "an address of an earlier year is on file too": (
        question(line1="9 Elm Ave"),
        (person(JOSE, "123456789", "", home("9 Elm Ave", periods=(2012, 2015), last_known=False), home()),),
    ),
    "the town may stand for a changed ZIP code": (question(postal_code="45409"), (person(),)),
    "the ZIP code may stand for another name of the town": (question(city="Kettering"), (person(),)),
    "the unit agrees, however it is called": (
        question(line2="Unit 4"),
        (person(JOSE, "123456789", "", APARTMENT),),
    ),
    "a wife with another initial and the same surnames": (
        question(),
        (person(), person("Marta||García López|", "222334444", "1981-01-01")),
    ),
    "a namesake in another town": (
        question(),
        (person(), person(JOSE, "222334444", "1990-01-01", home(city="Lima", postal_code="45801"))),
    ),
    "a post office box": (
        question(line1="P.O. Box 12"),
        (person(JOSE, "123456789", "", home("PO BOX 12")),),
    ),
    "a middle initial against the full middle name": (question("José|L|García López|"), (person(),)),
    "a suffix that the other side does not state": (question("José||García López|Jr."), (person(),)),
}

NOBODY: dict[str, tuple[Question, tuple[Record, ...]]] = {
    "nobody is on file": (question(), ()),
    "the number agrees and the address does not": (question(line1="400 Elm Ave"), (person(),)),
    "name and address agree and nothing else is given": (
        question("José||García López|", tin=""),
        (person(),),
    ),
    "a middle initial is not enough": (question("José|L|García López|", tin=""), (person(),)),
    "an initial for the first name": (question("J|Luis|García López|"), (person(),)),
    "an initial is no first name on the record either": (
        question("J||García López|"),
        (person("J||García López|"),),
    ),
    "a nickname": (question("Pepe|Luis|García López|"), (person(),)),
    "one of two surnames": (question("José|Luis|García|"), (person(),)),
    "two surnames in another order": (question("José|Luis|López García|"), (person(),)),
    "a letter transposed in the surname": (question("José|Luis|García Lóepz|"), (person(),)),
    "a digit transposed in the number": (question(tin="123-45-6798"), (person(),)),
    "a number that is not nine digits": (question(tin="12345678", born="1980-02-29"), (person(),)),
    "a number where none is on file": (question(born="1980-02-29"), (person(JOSE, ""),)),
    "the number of somebody else": (
        question(tin="222-33-4444", born="1980-02-29"),
        (person(), person("Ann||Smith|", "222334444", "", home("1 Elm Ave"))),
    ),
    "a number that two people share": (
        question(),
        (person(), person("Ann||Smith|", "123456789", "", home("1 Elm Ave"))),
    ),
    "a shared number spoils the record even when it was not given": (
        question(tin="", born="1980-02-29"),
        (person(), person("Ann||Smith|", "123456789", "", home("1 Elm Ave"))),
    ),
    "another birth date": (question(born="1980-02-28"), (person(),)),
    "a birth date that is none": (question(born="1980-02-30"), (person(JOSE, "123456789", ""),)),
    "another middle name": (question("José|Alberto|García López|"), (person(),)),
    "another suffix": (question("José|Luis|García López|Sr"), (person("José|Luis|García López|Jr"),)),
    "a full middle name without a suffix, which the father may have too": (
        question("José|Luis|García López|", tin=""),
        (person(),),
    ),
    "a middle name while only one side has the suffix": (
        question("José|Luis|García López|", tin=""),
        (person("José|Luis|García López|Jr"),),
    ),
    "father and son at home, no suffix given": (
        question(),
        (person("José|Luis|García López|Sr"), person("José|Luis|García López|Jr", "222334444", "2002-05-05")),
    ),
    "father and son at home, even with the suffix": (
        question("José|Luis|García López|Sr"),
        (person("José|Luis|García López|Sr"), person("José|Luis|García López|Jr", "222334444", "2002-05-05")),
    ),
    "twins with one initial": (
        question("Ana||Ruiz|", born="1999-01-01"),
        (person("Ana||Ruiz|", born="1999-01-01"), person("Alma||Ruiz|", "222334444", "1999-01-01")),
    ),
    "one of them under a nickname": (
        question("Robert||Hill|"),
        (person("Robert||Hill|"), person("Bob||Hill|", "222334444")),
    ),
    "a first name one letter apart": (
        question("Elena||Ruiz|"),
        (person("Elena||Ruiz|"), person("Lena||Ruiz|", "222334444")),
    ),
    "a namesake in another unit of the building": (
        question(line2="Apt 4"),
        (
            person(JOSE, "123456789", "", APARTMENT),
            person(JOSE, "222334444", "", home("17 N Oak Street", "Apt 9")),
        ),
    ),
    "a namesake who lived there years ago": (
        question(),
        (
            person(),
            person(JOSE, "222334444", "", home(periods=(2001, 2002), last_known=False), home("1 Elm Ave")),
        ),
    ),
    "a neighbour who shares one of two surnames": (
        question(line2="Apt 4"),
        (
            person(JOSE, "123456789", "", APARTMENT),
            person("Juan||López|", "222334444", "", home("17 N Oak Street", "Apt 9")),
        ),
    ),
    "the unit is missing in the request": (question(), (person(JOSE, "123456789", "", APARTMENT),)),
    "the unit is missing on both sides, and the building has several": (
        question(),
        (person(), person("Ann||Smith|", "222334444", "", APARTMENT)),
    ),
    "another unit": (question(line2="Apt 5"), (person(JOSE, "123456789", "", APARTMENT),)),
    "another directional": (question(line1="17 S Oak Street"), (person(),)),
    "another suffix of the street": (question(line1="17 N Oak Avenue"), (person(),)),
    "another house": (question(line1="71 N Oak Street"), (person(),)),
    "another state with the same ZIP code": (question(state="KY"), (person(),)),
    "neither town nor ZIP code": (question(city="Lima", postal_code="45801"), (person(),)),
    "no address": (question(line1="Unknown"), (person(JOSE, "123456789", "", home("Unknown")),)),
    "no surname": (question("José|Luis||"), (person(),)),
}


@pytest.mark.parametrize("story", ONE)
def test_exactly_one_person_is_meant(story: str) -> None:
    asked, register = ONE[story]
    decision = decide(asked, register)
    assert (decision.outcome, decision.person_id) == ("one", register[0].person.person_id)


@pytest.mark.parametrize("story", NOBODY)
def test_nobody_is_meant(story: str) -> None:
    asked, register = NOBODY[story]
    decision = decide(asked, register)
    assert (decision.outcome, decision.person_id) == ("not_one", None)
