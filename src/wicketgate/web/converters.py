"""Parts of an address that are read before any view."""

from __future__ import annotations

from django.urls.converters import IntConverter

from wicketgate.core.identifiers import HANDLE, Handle


class NumberConverter(IntConverter):
    """``<number:number>``: a number that the gate may have given; what no column holds is no page."""

    regex = "[0-9]{1,18}"


class HandleConverter:
    """``<handle:handle>``: a request's number; anything else is no page."""

    regex = HANDLE

    def to_python(self, value: str) -> Handle:
        """The handle; raises `ValueError`, which Django makes a 404 of."""
        return Handle(value)

    def to_url(self, value: Handle | str) -> str:
        """As it stands in an address."""
        return str(value)


class KeyConverter:
    """``<key:key>``: the name of a key, which is a digest; its digits alone stand in an address."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """The name."""
        return f"sha256:{value}"

    def to_url(self, value: str) -> str:
        """As it stands in an address."""
        return value.removeprefix("sha256:")
