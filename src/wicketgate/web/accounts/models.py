"""An account: one person in one role. It holds no more about them than a page needs to say."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models

from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role
from wicketgate.web.roles import ROLES, GateRole

_LETTERS = "bcdfghjkmnpqrstvwxyz23456789"


def new_handle() -> str:
    """A handle that is nobody's name: what the ledger keeps of a person."""
    return "p-" + "".join(secrets.choice(_LETTERS) for _ in range(10))


def check_handle(handle: str) -> None:
    """Raises `ValidationError` for a handle under which nobody may act."""
    try:
        Actor(handle, Role.EXAMINER)
    except ValueError as error:
        raise ValidationError(str(error)) from None


class Accounts(BaseUserManager["Account"]):
    """Finds and makes accounts."""

    def make(
        self,
        sign_in_name: str,
        *,
        display_name: str,
        role: str,
        agency: str = "",
        password: str | None = None,
        handle: str | None = None,
        email: str = "",
        officer: str = "",
    ) -> Account:
        """A new account; without a password nobody can sign in to it here. Raises `ValidationError`."""
        account = self.model(sign_in_name=sign_in_name, display_name=display_name, role=role, agency=agency)
        account.email, account.officer = email, officer
        if handle is not None:
            account.handle = handle
        account.set_password(password)
        account.full_clean(exclude=["password"])
        account.save()
        return account


class Account(AbstractBaseUser):
    """Who acts. `handle` never changes and is what the ledger keeps."""

    sign_in_name = models.CharField(max_length=150, unique=True)
    handle = models.CharField(
        max_length=64, unique=True, editable=False, default=new_handle, validators=[check_handle]
    )
    display_name = models.CharField(max_length=150)
    role = models.CharField(max_length=40, choices=[(key, key) for key in ROLES])
    agency = models.CharField(max_length=40, blank=True)
    """The agency's code; empty for people of the custodian and overseers."""
    officer = models.CharField(max_length=200, blank=True)
    """How requests name this recipient officer: Name|badge|agency; empty for everybody else."""
    provider_id = models.CharField(max_length=40, blank=True)
    """The identity provider that vouches for this person; empty for local accounts."""
    email = models.EmailField(blank=True)
    """Where notices go, as the provider says it; without one there are none."""
    is_active = models.BooleanField(default=True)

    objects = Accounts()

    USERNAME_FIELD = "sign_in_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "role"]

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(role__in=list(ROLES)), name="account_role_known")
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def gate_role(self) -> type[GateRole] | None:
        """The role; None when it is none that the gate knows, which opens nothing."""
        return ROLES.get(self.role)

    @property
    def actor(self) -> Actor | None:
        """Who this person is in acts on requests; None for a role that takes part in none."""
        role = self.gate_role
        if role is None or role.acts_as is None:
            return None
        return Actor(self.handle, role.acts_as, self.agency or None)


class SavedView(models.Model):
    """A narrowed queue that a person kept under a name: the query of its address, and nothing else."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "name"], name="saved_view_once")
        ]

    def __str__(self) -> str:
        return self.name
