"""A standing gate as a custodian runs it: `wicketgate init`, then `wicketgate serve`, over TLS."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.seen.kept import keep_log
from tests.web.demo import ROOT, free_port
from tests.web.site import WATCHED, keyed, place_of, write_configuration
from wicketgate.store.database import Database

_ENVIRONMENT = WATCHED | {"PYTHONPATH": str(ROOT / "src") + os.pathsep + str(ROOT), "PYTHONUNBUFFERED": "1"}


@dataclass(frozen=True, slots=True)
class Served:
    """A running gate: its address, the certificate that it shows, its configuration and its log."""

    url: str
    certificate: Path
    config: Path
    log: Path
    database: Database


@contextmanager
def served(database: Database, folder: Path, issuer: str) -> Iterator[Served]:
    """Found and serve a gate whose people come from the provider, with a key process of its own."""
    port, certificate = free_port(), folder / "cert.pem"
    _self_signed(certificate, folder / "cert.key")
    (folder / "client.secret").write_text("a secret of the tests\n")
    more = (
        f'certificate = "{certificate}"\nkey = "{folder}/cert.key"\n'
        f'[sign_in]\nname = "Staff sign-in"\nissuer = "{issuer}"\nclient_id = "wicketgate"\n'
        f'client_secret_file = "{folder}/client.secret"\n'
    )
    administrator = {"WICKETGATE_DATABASE_URL": place_of(database, administrator=True).url}
    log = folder / "server.log"
    with keyed(folder) as keys, log.open("w") as output:
        config = write_configuration(folder, database, port=port, more=more, gate=keys)
        _wicketgate("init", config, environment=administrator)
        process = subprocess.Popen(
            [sys.executable, "-m", "wicketgate", "serve", "--config", str(config)],
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=_clean() | _ENVIRONMENT,
        )
        try:
            yield Served(f"https://localhost:{port}", certificate, config, log, database)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 0
            keep_log(log)


@contextmanager
def provider(people: dict[str, dict[str, Any]], folder: Path) -> Iterator[str]:
    """A running provider; gives its issuer."""
    port, file = free_port(), folder / "people.json"
    file.write_text(json.dumps(people))
    with (folder / "provider.log").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.web.provider_process", str(port), str(file)],
            stdout=output,
            stderr=output,
            cwd=ROOT,
            env=_clean() | _ENVIRONMENT,
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wicketgate(command: str, config: Path, environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "wicketgate", command, "--config", str(config)],
        check=True,
        capture_output=True,
        env=_clean() | _ENVIRONMENT | environment,
    )


def doctor(config: Path) -> subprocess.CompletedProcess[str]:
    """What the doctor says about the gate."""
    return subprocess.run(
        [sys.executable, "-m", "wicketgate", "doctor", "--config", str(config)],
        check=False,
        capture_output=True,
        text=True,
        env=_clean() | _ENVIRONMENT,
    )


def _clean() -> dict[str, str]:
    """The environment without what another test has set for its own process."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("WICKETGATE_", "DJANGO_"))
    }


def _self_signed(certificate: Path, key_file: Path) -> None:
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gate")]),
    )
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
