from django.db import migrations

import photos.models
import storage.fields


class Migration(migrations.Migration):
    dependencies = [("photos", "0001_initial")]

    operations = [
        migrations.AddField(
            "corephoto",
            "preview",
            storage.fields.GridFSFileField(
                blank=True, max_length=200, storage=photos.models.photo_storage
            ),
        ),
    ]
