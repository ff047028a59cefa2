"""The custodian's own list of custody facilities, by delivery point."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wicketgate.address.keys import building_key
from wicketgate.address.model import Address


@dataclass(frozen=True, slots=True)
class FacilityList:
    """Building keys of known facilities. `name` and `version` say which list a finding rests on."""

    name: str
    version: str
    keys: frozenset[str]

    @classmethod
    def of(cls, name: str, version: str, addresses: Iterable[Address]) -> FacilityList:
        """From the facilities' addresses; raises `ValueError` where one has no key."""
        keys = frozenset(map(building_key, addresses))
        if "" in keys:
            raise ValueError(f"{name}: a facility without an address")
        return cls(name, version, keys)
