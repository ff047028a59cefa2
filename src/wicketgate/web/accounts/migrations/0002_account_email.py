"""Where notices go."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """`Account.email`."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("accounts", "0001_accounts")]
    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.AddField(
            "account", "email", models.EmailField(blank=True, default=""), preserve_default=False
        )
    ]
