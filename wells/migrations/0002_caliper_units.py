from django.db import migrations, models
from django_mongodb_backend.fields import ArrayField


class Migration(migrations.Migration):
    dependencies = [("wells", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="well",
            name="caliper_units",
            field=ArrayField(
                base_field=models.CharField(max_length=100, null=True),
                default=list,
                editable=False,
            ),
        ),
    ]
