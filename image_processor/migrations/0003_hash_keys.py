"""Keys that were kept in clear are replaced by their SHA-256."""

from django.db import migrations

from image_processor.models import SHOWN_CHARACTERS, digest_of

IN_CLEAR = "authtoken_token"


def replace_keys(apps, schema_editor):
    """Existing keys stay valid. May be run again after it was interrupted."""
    database = schema_editor.connection.database
    tokens = database[apps.get_model("image_processor", "AccessToken")._meta.db_table]
    for token in database[IN_CLEAR].find():
        key = token["key"]
        kept = {
            "digest": digest_of(key),
            "start": key[:SHOWN_CHARACTERS],
            "created": token["created"],
        }
        tokens.update_one({"user_id": token["user_id"]}, {"$set": kept}, upsert=True)
    database.drop_collection(IN_CLEAR)


class Migration(migrations.Migration):

    dependencies = [("image_processor", "0002_accesstoken")]

    operations = [migrations.RunPython(replace_keys, migrations.RunPython.noop)]
