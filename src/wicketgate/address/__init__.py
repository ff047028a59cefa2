"""Judges whether a text is a complete postal address. A pure function; no register, no network.

The codes and every sentence the judge can say: `sentences`.
"""

from wicketgate.address.delivery import parse_delivery_point
from wicketgate.address.examine import examine, judge
from wicketgate.address.facilities import FacilityList, facility_list
from wicketgate.address.keys import building_key, delivery_point_key
from wicketgate.address.model import CLEAR, Address, AddressFinding, Verdict
from wicketgate.address.normalise import normalise_line
from wicketgate.address.point import DeliveryPoint
from wicketgate.address.units import split_unit

__all__ = [
    "CLEAR",
    "Address",
    "AddressFinding",
    "DeliveryPoint",
    "FacilityList",
    "Verdict",
    "building_key",
    "delivery_point_key",
    "examine",
    "facility_list",
    "judge",
    "normalise_line",
    "parse_delivery_point",
    "split_unit",
]
