from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("images", "0001_initial")]

    operations = [
        migrations.RemoveField("imagelog", "lease_until"),
        migrations.AddField(
            "imagelog",
            "bucket",
            models.CharField("GridFS bucket of its files", default="fs", max_length=20),
        ),
    ]
