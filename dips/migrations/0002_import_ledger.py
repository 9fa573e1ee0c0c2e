from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("dips", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ImportLedger",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("next", models.IntegerField(default=1)),
                ("under_way", models.JSONField(default=list)),
            ],
        ),
        migrations.AddField(
            model_name="dip",
            name="import_number",
            field=models.IntegerField(
                default=0, verbose_name="number of that import in the ledger"
            ),
        ),
        migrations.RemoveIndex(model_name="dip", name="dips_by_depth"),
        migrations.AddIndex(
            model_name="dip",
            index=models.Index(
                fields=["well", "depth", "id", "import_number"], name="dips_by_place"
            ),
        ),
    ]
