"""The table of the full-text search, in the way of each database."""

from django.db import migrations

from recommendations.search import fulltext


def make_index(apps, schema_editor):
    fulltext.create_index_table(schema_editor)


def drop_index(apps, schema_editor):
    fulltext.drop_index_table(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0003_content_version")]
    operations = [migrations.RunPython(make_index, drop_index)]
