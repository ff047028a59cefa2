"""An office behind the pages of the site: requests come in, and people of every role are signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.stories.people import VALID, write_register
from tests.web.site import PASSWORD, Site
from tests.workplace.office import Office
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow import register_files
from wicketgate.flow.agency_side import AgencySide
from wicketgate.store.services import Service
from wicketgate.store.writer import Writer

if TYPE_CHECKING:
    from django.test import Client

    from wicketgate.web.accounts.models import Account


class _Now:
    """The clock of the standing gate, which tests do not move."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def on(self, **_: float) -> None:
        """Time goes on by itself."""


class Desk(Office):
    """The office of a site; what people do on its pages and what tests do below them is the same gate."""

    def __init__(self, site: Site, folder: Path) -> None:
        from wicketgate.web import gates

        self.site = site
        self.clock = _Now()  # type: ignore[assignment]
        self.gate = gates.gate()
        # The cluster of the tests keeps nothing that matters.
        self.gate.throw_away = True
        self.gate._writer = Writer(self.gate.key, throw_away=True)
        self.kin = gates.kin()
        self.folder = folder
        self._rows = 0
        register = write_register(folder / "register")
        register_files.load(self.gate.acting(Service.LOAD), self.gate.the_keys(), register)
        AgencySide(folder).register(self.gate, [VALID["engaged_officers"].split(";")[0]])

    def account(self, name: str, role: str) -> Account:
        """Another account of a role, made when it is first asked for."""
        from django.contrib.auth.hashers import PBKDF2PasswordHasher

        from wicketgate.web.accounts.models import Account

        found = Account.objects.filter(sign_in_name=name).first()
        if found is None:
            found = Account.objects.make(
                name,
                display_name=name.capitalize(),
                role=role,
                handle=name,
                agency="DHS" if role == "clerk" else "",
            )
            found.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)
            found.save()
        return found

    def client(self, name: str, role: Role | str, *, proved: float = 0, **words: Any) -> Client:
        """A browser of this person, who proved so many seconds ago who they are."""
        return self.site.browser(self.account(name, str(role)), proved=proved, **words)


def send(client: Client, path: str, **sent: str) -> Any:
    """Open the page of a form, keep what it holds hidden, and send it."""
    return client.post(path, {**filled(client, path), **sent})


def filled(client: Client, path: str) -> dict[str, str]:
    """What the form of a page holds when it is opened, by name."""
    shown = client.get(path)
    assert shown.status_code == 200, (shown.status_code, shown.headers.get("Location"), shown.content[:500])
    reader = _Form()
    reader.feed(shown.content.decode())
    return {name: value for name, value in reader.values.items() if value and name != "csrfmiddlewaretoken"}


class _Form(HTMLParser):
    """Reads the fields inside the page's main part."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._inside = False
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._inside = self._inside or tag == "main"
        name = found.get("name")
        if not self._inside or not name:
            return
        if tag == "input" and found.get("type") not in ("radio", "checkbox"):
            self.values[name] = found.get("value") or ""
        elif tag == "textarea":
            self._text = name
            self.values[name] = ""

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self.values[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            self.values[self._text] = self.values[self._text].removeprefix("\n")
            self._text = None


def address(handle: Handle, act: str = "") -> str:
    """The page of a request, or of an act on it."""
    return f"/requests/{handle}/{act}/" if act else f"/requests/{handle}/"
