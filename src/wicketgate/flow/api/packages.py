"""The recipient's own acts over the API: one pick-up, and the certificate that nothing is left.

The system carries them; they are signed by the officer, and the officer's key alone opens the package.
"""

from __future__ import annotations

from wicketgate.core.identifiers import Handle
from wicketgate.flow.api.caller import Caller
from wicketgate.flow.api.reading import one
from wicketgate.flow.api.refusals import CallRefusedError
from wicketgate.flow.gate import Gate
from wicketgate.flow.pick_up import Collected, Collector, SignedPickUp, pick_up
from wicketgate.flow.recall import Certificate, certify_destruction
from wicketgate.store import packages
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.services import Service


def collect(gate: Gate, caller: Caller, handle: Handle, package_key: str, signed: SignedPickUp) -> Collected:
    """The package and its share, once, to whoever its officer's signature stands for.

    Raises `CallRefusedError` (404), the same for every reason why there is nothing to have.
    """
    nothing = CallRefusedError(404, "no-package", "There is no package that this signature could pick up.")
    try:
        one(gate, caller, handle)
    except CallRefusedError:
        raise nothing from None
    with gate.acting(Service.INTAKE) as connection:
        officer = packages.officers_of(connection, [package_key]).get(package_key)
    if officer is None:
        raise nothing
    found = pick_up(gate, {handle: Collector(officer, package_key, signed)}).get(handle)
    if found is None:
        raise nothing
    return found


def certify(gate: Gate, caller: Caller, certificate: Certificate) -> None:
    """Keep an officer's signed certificate of destruction. Raises `CallRefusedError`."""
    one(gate, caller, certificate.handle)
    try:
        certify_destruction(gate, certificate)
    except ActRefusedError as problem:
        raise CallRefusedError(422, "certificate-refused", str(problem)) from None
