"""One direction, kept by types: nothing goes on that its own stage did not make."""

import copy
import dataclasses
import json
import pickle
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from wicketgate.core.facts import Facts
from wicketgate.core.finding import Finding, Severity
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.law import CompiledLaw
from wicketgate.stages.decide import Approved, Decision, FourEyesError, Refused, decide
from wicketgate.stages.disclose import (
    ADDRESS_FIELDS,
    Package,
    PackageError,
    new_officer_key,
    open_package,
    seal_package,
)
from wicketgate.stages.passage import PassageError
from wicketgate.stages.review import Deficient, Referred, Resolution, Sufficient, review
from wicketgate.stages.verify import Answer, Endorsement, NotVerified, OrderOfActsError, Verified, verify

DAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HANDLE = Handle("WG-2222-3333-4444")
OTHER = Handle("WG-5555-6666-7777")
REQUEST = Request("R-1", taxpayer_first_name="Ada")
SHARE = b"s" * 32
ADDRESS = {"line1": "12 Elm St", "city": "Salem", "state": "OR", "postal_code": "97301"}


class TwoElements:
    """A law of two elements: one is a defect when missing, the other a referral."""

    authority = SimpleNamespace(digest="sha256:law")

    def evaluate(self, facts: Facts) -> int:
        return int(facts.get("complete") is True) | int(facts.get("plain") is True) << 1

    def findings(self, shown: int) -> tuple[Finding, ...]:
        severities = {0: Severity.DEFECT, 1: Severity.REFER}
        return tuple(
            Finding(f"E{bit}", severity, "1 U.S.C. § 1", "Not shown.", "Show it.")
            for bit, severity in severities.items()
            if not shown >> bit & 1
        )


LAW = cast("CompiledLaw", TwoElements())


def sufficient(handle: Handle = HANDLE) -> Sufficient:
    made = review(handle, REQUEST, {"complete": True, "plain": True}, LAW, DAY)
    assert isinstance(made, Sufficient)
    return made


def verified() -> Verified:
    made = verify(sufficient(), Endorsement(HANDLE, "examiner-a", NOW), Answer.ONE)
    assert isinstance(made, Verified)
    return made


def approved() -> Approved:
    made = decide(verified(), Decision(HANDLE, "approver-b", approve=True, at=NOW))
    assert isinstance(made, Approved)
    return made


def test_a_silent_request_is_deficient_and_every_finding_is_told() -> None:
    outcome = review(HANDLE, REQUEST, {}, LAW, DAY)
    assert isinstance(outcome, Deficient)
    assert [finding.code for finding in outcome.findings] == ["E0", "E1"]


def test_counsel_settles_a_referral_and_never_a_defect() -> None:
    settled = [
        Resolution("E1", "counsel-c", "The statute is a crime."),
        Resolution("E0", "counsel-c", "Waived."),
    ]
    assert isinstance(review(HANDLE, REQUEST, {"complete": True}, LAW, DAY), Referred)
    assert isinstance(review(HANDLE, REQUEST, {"complete": True}, LAW, DAY, settled), Sufficient)
    assert isinstance(review(HANDLE, REQUEST, {"plain": True}, LAW, DAY, settled), Deficient)


def test_each_value_carries_the_digest_of_the_one_before() -> None:
    first, second, third = sufficient(), verified(), approved()
    assert second.sufficient == first.digest
    assert third.verified == second.digest
    assert first.basis.authority == "sha256:law"


MAKERS: list[Callable[[], Any]] = [sufficient, verified, approved]


@pytest.mark.parametrize("make", MAKERS)
def test_no_other_construction_works(make: Callable[[], Any]) -> None:
    real = make()
    kind = type(real)
    fields = {field.name: getattr(real, field.name) for field in dataclasses.fields(kind)}
    with pytest.raises(PassageError):
        kind(**fields | {"stamp": b""})
    with pytest.raises(PassageError):
        kind(**fields | {"handle": OTHER})
    with pytest.raises(PassageError):
        dataclasses.replace(real, handle=OTHER)
    for other in MAKERS:  # a stamp of another kind does not pass either
        if other is not make:
            with pytest.raises(PassageError):
                kind(**fields | {"stamp": other().stamp})
    with pytest.raises(dataclasses.FrozenInstanceError):
        real.handle = OTHER


def test_a_value_forged_past_its_constructor_is_refused_by_the_next_stage() -> None:
    def forged(real: Any) -> Any:
        fake = object.__new__(type(real))
        for field in dataclasses.fields(real):
            object.__setattr__(fake, field.name, getattr(real, field.name))
        object.__setattr__(fake, "handle", OTHER)
        return fake

    with pytest.raises(PassageError):
        verify(forged(sufficient()), Endorsement(OTHER, "examiner-a", NOW), Answer.ONE)
    with pytest.raises(PassageError):
        decide(forged(verified()), Decision(OTHER, "approver-b", approve=True, at=NOW))
    with pytest.raises(PassageError):
        sealed(new_officer_key()[0], ADDRESS, forged(approved()))


def test_copies_are_the_same_value_and_changed_pickles_are_refused() -> None:
    real = sufficient()
    assert copy.deepcopy(real) == real
    changed = pickle.loads(pickle.dumps(real).replace(b"4444", b"5555"))
    with pytest.raises(PassageError):
        verify(changed, Endorsement(changed.handle, "examiner-a", NOW), Answer.ONE)


def test_the_seal_does_not_leave_its_process() -> None:
    with pytest.raises(PassageError):
        pickle.dumps(Sufficient.seal)


def test_not_one_and_held_both_end_without_a_verified() -> None:
    endorsement = Endorsement(HANDLE, "examiner-a", NOW)
    assert verify(sufficient(), endorsement, Answer.NOT_ONE) == NotVerified(HANDLE, held=False)
    assert verify(sufficient(), endorsement, Answer.HELD) == NotVerified(HANDLE, held=True)


def test_an_endorsement_or_decision_of_another_request_is_refused() -> None:
    with pytest.raises(OrderOfActsError):
        verify(sufficient(), Endorsement(OTHER, "examiner-a", NOW), Answer.ONE)
    with pytest.raises(OrderOfActsError):
        verify(sufficient(), Endorsement(HANDLE, "  ", NOW), Answer.ONE)
    with pytest.raises(OrderOfActsError):
        decide(verified(), Decision(OTHER, "approver-b", approve=True, at=NOW))


@pytest.mark.parametrize("approver", ["examiner-a", " Examiner-A ", "", "  "])
def test_one_person_cannot_stand_for_two(approver: str) -> None:
    with pytest.raises(FourEyesError, match="two people"):
        decide(verified(), Decision(HANDLE, approver, approve=True, at=NOW))


def test_a_refusal_by_a_person_needs_a_second_person_too() -> None:
    assert decide(verified(), Decision(HANDLE, "approver-b", approve=False, at=NOW)) == Refused(
        HANDLE, "approver-b"
    )


def sealed(key: Mapping[str, str], address: Mapping[str, str | None], of: Approved | None = None) -> Package:
    return seal_package(of or approved(), "A. Agent", key, address, NOW, share=SHARE, purpose="8 U.S.C. 1")


def test_a_package_holds_one_address_and_only_the_officer_opens_it() -> None:
    public, private = new_officer_key()
    package = sealed(public, ADDRESS)
    assert open_package(package.jwe, private, HANDLE, SHARE) == {
        name: ADDRESS.get(name, "") for name in ADDRESS_FIELDS
    }
    assert repr(package) == f"<Package {HANDLE}>"
    with pytest.raises(PackageError, match="cannot be opened"):
        open_package(package.jwe, new_officer_key()[1], HANDLE, SHARE)
    with pytest.raises(PackageError, match="cannot be opened"):
        open_package(package.jwe, private, OTHER, SHARE)


def test_an_officer_without_the_share_opens_nothing_and_the_share_alone_neither() -> None:
    public, private = new_officer_key()
    package = sealed(public, ADDRESS)
    for share in (b"t" * 32, bytes(32), b"", SHARE[:31]):
        with pytest.raises(PackageError, match="cannot be opened"):
            open_package(package.jwe, private, HANDLE, share)
    header = json.loads(urlsafe_b64decode(package.jwe.partition(".")[0] + "=="))
    assert (header["sub"], header["purpose"]) == (str(HANDLE), "8 U.S.C. 1")
    head, _, rest = package.jwe.partition(".")
    other = urlsafe_b64encode(json.dumps(header | {"purpose": "any"}).encode()).decode().rstrip("=")
    with pytest.raises(PackageError, match="cannot be opened"):
        open_package(f"{other}.{rest}", private, HANDLE, SHARE)
    with pytest.raises(PackageError, match="32 bytes"):
        seal_package(approved(), "A. Agent", public, ADDRESS, NOW, share=b"", purpose="p")
    assert open_package(f"{head}.{rest}", private, HANDLE, SHARE)["city"] == "Salem"


def test_packages_of_different_addresses_have_the_same_length() -> None:
    public, _ = new_officer_key()
    long = ADDRESS | {"line1": "1200 Very Long Boulevard Of The Republic", "line2": "Apartment 1200"}
    lengths = {len(sealed(public, a).jwe) for a in (ADDRESS, long)}
    assert len(lengths) == 1


def test_a_package_has_no_room_for_anything_else() -> None:
    public, private = new_officer_key()
    with pytest.raises(PackageError, match="nothing else; remove tin"):
        sealed(public, {**ADDRESS, "tin": "900700001"})
    with pytest.raises(PackageError, match="no address line"):
        sealed(public, {"city": "Salem"})
    for key in (private, {"kty": "RSA"}, {**public, "crv": "P-256"}, {}):
        with pytest.raises(PackageError, match="registered key"):
            sealed(key, ADDRESS)
