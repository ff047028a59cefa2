"""A served gate for those who come to it over the network: one for each test process that wants it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.agency_gate import AgencyGate, agency_gate


@pytest.fixture(scope="session")
def gate_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgencyGate]:
    """A standing gate over TLS, with an agency's connecting key."""
    with agency_gate(tmp_path_factory.mktemp("served")) as running:
        yield running
