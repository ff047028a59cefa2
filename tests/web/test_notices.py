"""Notices leave over a real SMTP server: by handle and link, one reader each, and nothing about anybody.

1. An examiner refers a request: counsel is told. 2. A colleague objects: whoever acted on it is told.
3. A mail server that is away keeps nobody from acting, and its failure is logged without an address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.stories.people import VALID
from tests.web.demo import free_port
from tests.web.desk import Desk, address, send
from tests.web.site import Site
from wicketgate.core.roles import Role


class Inbox:
    """Keeps what a server was given."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], Message]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        self.taken.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 OK"


@pytest.fixture(scope="module")
def desk(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One office for this file."""
    return Desk(site, tmp_path_factory.mktemp("notices"))


@pytest.fixture
def inbox(site: Site) -> Iterator[Inbox]:
    """A mail server, and a gate that is told of it."""
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with told_of(site, controller.port):
            yield inbox
    finally:
        controller.stop()


def told_of(site: Site, port: int) -> Any:
    """Settings with a mail server on this machine."""
    from django.test import override_settings

    from wicketgate.web.configuration import Mail

    mail = Mail("Wicketgate <gate@example.gov>", "127.0.0.1", port, "none")
    return override_settings(
        GATE=replace(site.told, mail=mail),
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST=mail.host,
        EMAIL_PORT=port,
        EMAIL_TIMEOUT=5,
        DEFAULT_FROM_EMAIL=mail.sender,
    )


def reachable(desk: Desk, name: str, role: Role) -> None:
    """Give a person an address."""
    account = desk.account(name, str(role))
    account.email = f"{name}@example.gov"
    account.save()


def test_counsel_is_told_of_a_referral_and_those_who_acted_of_a_dissent(desk: Desk, inbox: Inbox) -> None:
    from wicketgate.web import notices

    for name, role in (("cora", Role.COUNSEL), ("erin", Role.EXAMINER), ("elias", Role.EXAMINER)):
        reachable(desk, name, role)
    handle = desk.one()
    erin = desk.client("erin", str(Role.EXAMINER))
    erin.post(address(handle, "take"))
    question = {"point-0-code": "B5", "point-0-words": "Is it open?", "reasons": "Is the matter open?"}
    sent = send(erin, address(handle, "refer"), **question)
    assert sent.status_code == 302
    elias = desk.client("elias", str(Role.EXAMINER))
    signed = {"reasons": "Ask first.", "way": "gate"}
    assert elias.post(address(handle, "dissent"), signed).status_code == 302
    notices.finish()

    assert [to for to, _ in inbox.taken] == [["cora@example.gov"], ["erin@example.gov"]]
    for to, message in inbox.taken:
        assert message["To"] == to[0]
        assert message["Subject"] == f"Wicketgate: {handle}"
        body = str(message.get_payload())
        assert f"http://localhost:8000/requests/{handle}/" in body.replace("=\n", "")
        whole = message.as_string()
        for secret in (VALID["taxpayer_last_name"], VALID["address_line1"], "Ask first", "matter open"):
            assert secret not in whole


def test_a_mail_server_that_is_away_keeps_nobody_from_acting(
    desk: Desk, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    from wicketgate.web import notices

    reachable(desk, "cora", Role.COUNSEL)
    with told_of(site, free_port()):
        notices.tell(notices.Notice.REFERRED, desk.one(), roles=["counsel"])
        notices.finish()
    assert "a notice did not leave: ConnectionRefusedError" in caplog.text
    assert "example.gov" not in caplog.text
