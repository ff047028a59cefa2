"""A safeguards contact at each agency, and how requests name a recipient officer."""

from typing import ClassVar

from django.db import migrations, models

_ROLES = [
    "clerk",
    "requesting_official",
    "recipient_officer",
    "safeguards_contact",
    "examiner",
    "approver",
    "counsel",
    "safeguards_officer",
    "inspector",
    "administrator",
]


class Migration(migrations.Migration):
    """`Account.officer`, and one role more."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("accounts", "0002_account_email")]
    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.AddField(
            "account",
            "officer",
            models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AlterField(
            "account", "role", models.CharField(choices=[(key, key) for key in _ROLES], max_length=40)
        ),
        migrations.RemoveConstraint("account", "account_role_known"),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(condition=models.Q(role__in=_ROLES), name="account_role_known"),
        ),
    ]
