"""allauth's forms in our words: a label, a hint, no placeholder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def _say(form: forms.Form, name: str, label: StrPromise, hint: StrPromise | str = "", **attrs: str) -> None:
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


class SignIn(LoginForm):
    """Name and password: local accounts of the demonstration."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "login", _("Sign-in name"), spellcheck="false", autocapitalize="none")
        _say(self, "password", _("Password"))
        self.fields["password"].help_text = ""


class ProveAgain(ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password", _("Password"))


def _code(form: forms.Form) -> None:
    _say(form, "code", _("Code"), _("Six digits from your authenticator app."), inputmode="numeric")


class Code(AuthenticateForm):
    """A code from the authenticator app, after the first factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self)


class CodeAgain(CodeAgainForm):
    """A code once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self)


class FirstCode(ActivateTOTPForm):
    """The first code of a new authenticator app: proves that it has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self)


class NewPasskey(AddWebAuthnForm):
    """A passkey of the browser or a key that is plugged in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "name", _("Name"), _("So that you can tell your passkeys apart."))
        if "passwordless" in self.fields:
            _say(
                self,
                "passwordless",
                _("Sign in with it alone"),
                _("The device then asks for a finger, a face or a PIN."),
            )
