"""The accounts' table."""

from typing import ClassVar

from django.db import migrations, models

from wicketgate.web.accounts.models import check_handle, new_handle

_ROLES = [
    "clerk",
    "requesting_official",
    "recipient_officer",
    "examiner",
    "approver",
    "counsel",
    "safeguards_officer",
    "inspector",
    "administrator",
]


class Migration(migrations.Migration):
    """`Account` as it was first."""

    initial = True
    dependencies: ClassVar[list[tuple[str, str]]] = []
    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("sign_in_name", models.CharField(max_length=150, unique=True)),
                (
                    "handle",
                    models.CharField(
                        max_length=64,
                        unique=True,
                        editable=False,
                        default=new_handle,
                        validators=[check_handle],
                    ),
                ),
                ("display_name", models.CharField(max_length=150)),
                ("role", models.CharField(max_length=40, choices=[(key, key) for key in _ROLES])),
                ("agency", models.CharField(blank=True, max_length=40)),
                ("provider_id", models.CharField(blank=True, max_length=40)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(role__in=_ROLES), name="account_role_known")
                ]
            },
        ),
    ]
