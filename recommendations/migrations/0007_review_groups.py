"""What the groups may do with intakes, proposals and corrections of a text."""

from importlib import import_module

from django.db import migrations

first = import_module("recommendations.migrations.0004_groups")

EDITORS = [f"{verb}_{model}" for model in ("intake", "proposal") for verb in ("add", "change", "delete", "view")]
EDITORS += ["view_change", "view_formertext", "view_formertheme"]
PUBLISHERS = [*EDITORS, "correct_source"]


def grant(apps, schema_editor):
    """Add the permissions, which Django itself makes only after the last migration."""
    first.make_permissions(apps)
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in (("Editors", EDITORS), ("Publishers", PUBLISHERS)):
        own = permission.objects.filter(content_type__app_label="recommendations", codename__in=codenames)
        group.objects.get_or_create(name=name)[0].permissions.add(*own)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0006_rules_of_texts"), ("recommendations", "0004_groups")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
