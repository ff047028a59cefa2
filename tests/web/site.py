"""The web room in this process: real database, real settings, one account for each role."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.seen.kept import folder as kept_in
from wicketgate.cli.serve import found
from wicketgate.embedded import Cluster
from wicketgate.flow.founding import make_keys, make_secret
from wicketgate.flow.key_process import key_socket
from wicketgate.flow.standing import Place
from wicketgate.ledger import LogKey
from wicketgate.store.database import Database

if TYPE_CHECKING:
    from django.test import Client

    from wicketgate.web.accounts.models import Account
    from wicketgate.web.configuration import Configuration

PASSWORD = "open sesame, and then some"
HOST, ORIGIN = "localhost", "gate.example.gov/tests"

_CONFIGURATION = """
hosts = ["localhost", "127.0.0.1"]
secret_key_file = "{folder}/web.key"
state = "{folder}/state"
[database]
url = "{url}"
secrets = "{secrets}"
[gate]
authority = "usc26-6103-i2"
origin = "{origin}"
log_key = "{folder}/log.key"
kin_key = "{folder}/kin.key"
{gate}[listen]
port = {port}
{more}
"""
WATCHED = {"DJANGO_SETTINGS_MODULE": "tests.seen.settings"}
"""The environment of a gate whose pages a test run keeps, to search them for people."""
DEMONSTRATION = "[demonstration]\nday = 2026-03-01"


def place_of(database: Database, *, administrator: bool = False) -> Place:
    """Where a database of the test cluster is; for the services without a password in the address."""
    cluster = database.server
    assert isinstance(cluster, Cluster)
    return Place.in_cluster(cluster, database.name, administrator=administrator)


def write_configuration(
    folder: Path, database: Database, *, port: int = 8000, more: str = DEMONSTRATION, gate: str = ""
) -> Path:
    """A configuration of a gate over this database."""
    place = place_of(database)
    make_secret(folder / "web.key", "k" * 50)
    file = folder / "gate.toml"
    text = _CONFIGURATION.format(
        folder=folder,
        origin=ORIGIN,
        url=place.url,
        secrets=place.secrets,
        port=port,
        more=more,
        gate=gate,
    )
    file.write_text(text)
    return file


@dataclass(slots=True)
class Site:
    """The gate's pages and their people."""

    database: Database
    told: Configuration
    people: dict[str, Account] = field(default_factory=dict)

    def anybody(self, **words: Any) -> Client:
        """A browser in which nobody is signed in."""
        from django.test import Client

        return Client(SERVER_NAME=HOST, **words)

    def person(self, role: str) -> Account:
        """The account of a role."""
        from django.contrib.auth.hashers import PBKDF2PasswordHasher

        from wicketgate.web.accounts.models import Account
        from wicketgate.web.roles import ROLES

        if role not in self.people:
            made = Account.objects.make(
                role,
                display_name=f"{role.replace('_', ' ').capitalize()} One",
                role=role,
                agency="DHS" if ROLES[role].of_agency else "",
                handle=role.replace("_", "-"),
            )
            made.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)
            made.save()
            self.people[role] = made
        return self.people[role]

    def signed_in(self, role: str, *, proved: float = 0, **words: Any) -> Client:
        """A browser in which somebody of this role is signed in; `proved` so many seconds ago."""
        self.person(role).refresh_from_db()
        return self.browser(self.people[role], proved=proved, **words)

    def browser(self, account: Account, *, proved: float = 0, **words: Any) -> Client:
        """A browser in which this person is signed in; `proved` so many seconds ago."""
        client = self.anybody(**words)
        client.force_login(account, "allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time() - proved}]
        session["account_authentication_methods_user"] = str(account.pk)
        session.save()
        return client


@contextmanager
def keyed(folder: Path) -> Iterator[str]:
    """A log's key in the folder and the key process of its gate: gives the line of a configuration for it."""
    key = LogKey.generate(ORIGIN)
    make_secret(folder / "log.key", key.dump())
    with key_socket(folder, key.vkey) as socket:
        yield f'keys = "{socket}"\n'


@contextmanager
def open_site(database: Database, folder: Path) -> Iterator[Site]:
    """Make everything that the pages need, as `wicketgate init` does; a key process lives as long as they."""
    from wicketgate.web.configuration import VARIABLE, read

    with keyed(folder) as keys:
        file = write_configuration(folder, database, gate=keys)
        os.environ[VARIABLE] = str(file)
        if kept_in() is not None:  # a benchmark measures the gate as it is
            os.environ.update(WATCHED)
        told = read(file)
        make_keys(told.standing, told.origin)
        found(place_of(database, administrator=True), told)
        try:
            yield Site(database, told)
        finally:
            from django.db import connections

            from wicketgate.web import gates

            connections.close_all()
            gates.close()
