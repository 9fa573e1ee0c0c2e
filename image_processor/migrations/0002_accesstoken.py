"""Tokens of our own, which keep the SHA-256 of a key; keys kept in clear are replaced."""

import django.db.models.deletion
import django_mongodb_backend.fields
from django.conf import settings
from django.db import migrations, models

from image_processor.models import SHOWN_CHARACTERS, digest_of

IN_CLEAR = "authtoken_token"


def replace_keys(apps, schema_editor):
    """Existing keys stay valid. May be run again after it was interrupted."""
    database = schema_editor.connection.database
    tokens = database[apps.get_model("image_processor", "AccessToken")._meta.db_table]
    for token in database[IN_CLEAR].find():
        key = token["_id"]
        kept = {
            "digest": digest_of(key),
            "start": key[:SHOWN_CHARACTERS],
            "created": token["created"],
        }
        tokens.update_one({"user_id": token["user_id"]}, {"$set": kept}, upsert=True)
    database.drop_collection(IN_CLEAR)


class Migration(migrations.Migration):

    dependencies = [
        ("image_processor", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessToken",
            fields=[
                ("id", django_mongodb_backend.fields.ObjectIdAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("start", models.CharField(editable=False, max_length=4, verbose_name="begins with")),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("user", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="access_token", to=settings.AUTH_USER_MODEL)),
            ],
            options={"verbose_name": "token"},
        ),
        migrations.RunPython(replace_keys, migrations.RunPython.noop),
    ]
