"""The XML form of a submission: NIEM's names where it has one for the thing, and the schema made of them.

NIEM Core names (nc: PersonName, Address, Identification, ActivityIdentification …) are used as local names in
the project's own namespace, flat under `Request`, since a row of the interface is flat. `schema()` is what is
shipped and what requesters validate against; the reader accepts exactly what it accepts.
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from wicketgate.core.request import COLUMNS
from wicketgate.stages.intake.rows import Limits

NAMESPACE = "urn:wicketgate:submission:1"

NAMES: dict[str, str] = {
    "request_id": "RequestIdentificationID",
    "requesting_agency": "RequestingAgencyCode",
    "form": "RequestFormCode",
    "authority_cited": "DisclosureAuthorityText",
    "signatory_name": "SignatoryPersonFullName",
    "signatory_capacity": "SignatoryCapacityCode",
    "delegation_reference": "DelegationReferenceText",
    "signed_on": "SignatureDate",
    "taxpayer_first_name": "PersonGivenName",
    "taxpayer_middle_name": "PersonMiddleName",
    "taxpayer_last_name": "PersonSurName",
    "taxpayer_suffix": "PersonNameSuffixText",
    "address_line1": "AddressDeliveryPointText",
    "address_line2": "AddressSecondaryUnitText",
    "address_city": "AddressCityName",
    "address_state": "AddressStateUSPostalServiceCode",
    "address_postal_code": "AddressPostalCode",
    "address_country": "AddressCountryISO3166Alpha2Code",
    "taxpayer_tin": "PersonTaxIdentificationID",
    "taxpayer_birth_date": "PersonBirthDate",
    "taxable_periods": "TaxablePeriodsText",
    "statute": "StatuteText",
    "matter_stage": "MatterStageCode",
    "matter_number": "ActivityIdentificationID",
    "reasons": "RequestReasonsText",
    "items_requested": "ItemsRequestedText",
    "engaged_officers": "EnforcementOfficialsText",
    "sole_use_attested": "SoleUseAttestedIndicator",
    "other_uses": "OtherUsesText",
    "automated_analysis": "AutomatedAnalysisCode",
    "removal_order_final_on": "RemovalOrderFinalDate",
    "removal_order_court_final_on": "RemovalOrderCourtFinalDate",
    "removal_order_ground": "RemovalOrderGroundText",
    "failure_limb": "FailureLimbCode",
    "pending_relief": "PendingReliefCode",
    "prior_removal_on": "PriorRemovalDate",
    "entry_on": "EntryDate",
}
"""Element by column, in the interface's order."""

COLUMN_OF = {name: column for column, name in NAMES.items()}


def schema() -> str:
    """The XML Schema (XSD 1.0) of a submission; the elements of a request may stand in any order."""
    limits = Limits()
    parts = "\n".join(
        f"        <xs:element name={quoteattr(NAMES[column])} minOccurs="
        f'"{int(column == "request_id")}">\n          <xs:annotation><xs:documentation>Column {column}.'
        f"</xs:documentation></xs:annotation>\n          <xs:simpleType><xs:restriction base="
        f'"xs:string"><xs:maxLength value="{limits.of(column)}"/></xs:restriction></xs:simpleType>\n'
        "        </xs:element>"
        for column in COLUMNS
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{NAMESPACE}"
    targetNamespace="{NAMESPACE}" elementFormDefault="qualified">
  <xs:annotation><xs:documentation>
    A submission: one Request is one complete request about one person. Every value is text; an absent or
    empty element is missing. Lists are separated by semicolons, dates are ISO 8601.
  </xs:documentation></xs:annotation>
  <xs:element name="Submission">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="Request" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
  <xs:element name="Request">
    <xs:complexType>
      <xs:all>
{parts}
      </xs:all>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""
