from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("photos", "0002_preview")]

    operations = [
        migrations.AddIndex(
            "corephoto",
            models.Index(fields=["well", "top_depth", "base_depth"], name="photos_by_well"),
        ),
    ]
