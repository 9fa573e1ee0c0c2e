"""Nothing: tokens were a model of the REST framework, until 0002."""

from django.db import migrations


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = []
