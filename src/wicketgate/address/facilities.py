"""The custodian's own list of custody facilities, by delivery point."""

from __future__ import annotations

from collections.abc import Iterable

from wicketgate.address.keys import building_key
from wicketgate.address.model import Address
from wicketgate.core.context import FacilityList

__all__ = ["FacilityList", "facility_list"]


def facility_list(name: str, version: str, addresses: Iterable[Address]) -> FacilityList:
    """A list from the facilities' addresses; raises `ValueError` with the number of one that has no key."""
    keys = set()
    for number, address in enumerate(addresses, 1):
        key = building_key(address)
        if not key:
            raise ValueError(f"{name}: facility {number} has no address by which mail could find it")
        keys.add(key)
    return FacilityList(name, version, frozenset(keys))
