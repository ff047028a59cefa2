"""What the judge says, by code: one sentence each, for the clerk who must mend it or the person who decides.

No sentence quotes the address; a finding's span points at it.
"""

from __future__ import annotations

CODES = {
    "AD-01": "blank",
    "AD-02": "said not to be given",
    "AD-03": "said to be unknown, or filler",
    "AD-04": "stands for an empty field",
    "AD-05": "street name missing",
    "AD-06": "street number missing",
    "AD-07": "place of custody",
    "AD-08": "ZIP Code only",
    "AD-09": "five or nine digits taken for an address",
    "AD-10": "city, county or state only",
    "AD-11": "unit missing",
    "AD-12": "not deliverable (needs licensed postal data; never guessed)",
    "AD-13": "not a residence by its name",
    "AD-14": "one address for many persons (a fact about a set of requests; not judged here)",
    "AD-15": "office of an agency, court, consulate or charity by its name",
    "AD-16": "box, rural route, island or other lawful form (accepted; never a finding)",
    "AD-17": "placeholder in disguise",
    "AD-18": "last line incomplete",
    "AD-19": "ZIP Code malformed or not assigned",
    "AD-20": "ZIP Code of another state",
    "AD-21": "several addresses in one field",
    "AD-22": "characters, length or text that no address has",
    "AD-23": "place told in words",
    "AD-24": "ZIP Code of one organisation",
    "AD-25": "city not among the ZIP Code's",
    "AD-26": "outside the United States",
    "AD-27": "box or route number missing",
    "AD-28": "through somebody else or a private mailbox",
    "AD-29": "general delivery",
}
"""Every code of this room and what it is about."""

BLANK = "State the taxpayer's address; the address lines are empty."
NOT_GIVEN = "State the taxpayer's address; the text says that none was given."
UNKNOWN = "State the taxpayer's address; the text says that it is unknown or elsewhere, or is filler."
NO_VALUE = "State the taxpayer's address; the text stands for an empty field."
PLACEHOLDER = {"AD-02": NOT_GIVEN, "AD-03": UNKNOWN, "AD-04": NO_VALUE}
EMPTY_LINE = "The second line holds a placeholder; leave it empty."

NO_NAME = "State the name of the street; only a number is given."
NOT_A_NAME = "State number and name of the street; the text is a date, a time or a count."
RANCH_OR_ROOM = "RM may be a ranch road or a room; a person decides."
NAMED_LIKE_MONTH = "The words read like a date; a person decides whether a street of that name is meant."
NAMED_LIKE_CITY = (
    "The words read like a city or state; a person decides whether a street of that name is meant."
)
NO_NUMBER = "State the house number (or the box or route); none is given."
NUMBER_LAST = "The number does not stand before the street; a person decides whether it is the house's."
NUMBER_IN_WORDS = "The number in words may be part of the street's name; a person decides."
ZERO = "The house number is zero, which tells no house from another; a person decides."

CUSTODY_ONLY = "State the street address; a place of custody is named without its location."
CUSTODY = "The address is of a place of custody; a person decides whether it is the taxpayer's address."
ON_THE_LIST = (
    "The address is on the custodian's list of custody facilities ({name}, {version}); a person decides."
)
AGENCY_ONLY = "State the taxpayer's own address; an office, court, consulate or charity is named without one."
AGENCY = "An office, court, consulate or charity is named; a person decides whether the taxpayer lives there."
BUSINESS = "A place where people rarely live is named; a person decides whether the taxpayer does."
THROUGH = "The mail goes through somebody else or a private mailbox; a person decides."
COUNTER = "Mail is held at the post office counter; a person decides."

ZIP_ONLY = "State street and number; a ZIP Code is not an address."
DIGITS_AS_ZIP = "State street and number; five or nine digits do not make the text an address."
CITY_ONLY = "State street and number; only a city, county, state or country is given."
NO_UNIT = "State the unit; the line itself says that the building has several."
NO_BOX = "State the number of the box or of the route; it is missing."
MILITARY = "Military mail names PSC, CMR or unit with a box, and AA, AE or AP; a person decides."
SEVERAL = "State one address; the field holds more than one."
TWO_NUMBERS = "Two numbers stand before the street; a person decides whether they are two houses."
OTHER_LAST_LINE = (
    "The line ends with another state and ZIP Code than the fields; a person decides which counts."
)
DESCRIBED = "The place is told in words, as where streets have no numbers; a person decides."

DOUBTFUL = "The street's name reads like a placeholder; a person decides, since such streets exist."
BESIDE = "A placeholder stands beside a complete address; a person decides which of the two is meant."
DISGUISED = "State the taxpayer's address; the text is a placeholder with look-alike or invisible characters."

NO_CITY = "State the city; it is missing."
NO_REAL_CITY = "State the city; the field holds a placeholder."
NO_STATE = "State the state; it is missing."
NOT_A_STATE = "State a U.S. state, district or territory, or name the country of a foreign address."
NO_ZIP = "State the ZIP Code; it is missing."
LOST_ZERO = "Write all five digits of the ZIP Code; its leading zero seems lost, as happens in spreadsheets."
MALFORMED = "Write the ZIP Code with five digits, or nine as 12345-6789."
UNASSIGNED = "Check the ZIP Code; no post office has this one."
RETIRED = "The ZIP Code is listed as no longer in use; a person decides."
OTHER_STATE = "Check state and ZIP Code; this ZIP Code belongs to {state}."
ONE_ORGANISATION = (
    "This ZIP Code belongs to one organisation; a person decides whether the taxpayer is there."
)
OTHER_CITY = "The city is not among the names that the post office uses for this ZIP Code."
FOREIGN = "The address is outside the United States; a person decides whether it can be taken."

INVISIBLE = "Remove the invisible or control character; an address line is visible text."
LOOKALIKE = "Write the address with Latin letters; a letter here is of another script or only looks like one."
SYMBOL = "Remove the character that no postal address has, such as markup, a mask or a wildcard."
NO_PART = (
    "Remove what is no part of an address, such as a telephone number, a web address or a program's text; "
    "a person decides."
)
FORMULA = "Remove the sign at the beginning; a text that begins like a formula is not accepted."
TOO_LONG = "Shorten the field; it is longer than any line of a postal address."
