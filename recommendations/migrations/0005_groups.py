"""The groups of the editors' office: Editors write proposals, Publishers publish and withdraw."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EDITED = ["organisation", "source", "theme", "themelabel", "tagging"]
EDITED += ["intake", "proposal"]
READ = ["recommendation", "citation", "version", "change", "namechange", "formertext"]
READ += ["formertheme"]
EDITORS = [f"{verb}_{model}" for model in EDITED for verb in ("add", "change", "delete", "view")]
EDITORS += [f"view_{model}" for model in READ]
PUBLISHERS = [
    *EDITORS,
    "publish_recommendation",
    "withdraw_recommendation",
    "correct_source",
]


def make_permissions(apps):
    """Make the permissions of the models as they are at this migration."""
    for app in apps.get_app_configs():
        app.models_module = True
        create_permissions(app, apps=apps, verbosity=0)
        app.models_module = None


def make_groups(apps, schema_editor):
    """Make the groups with their permissions, which Django itself makes only after the last migration."""
    make_permissions(apps)
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    tags = permission.objects.filter(content_type__app_label="taggit", content_type__model="tag")
    for name, codenames in (("Editors", EDITORS), ("Publishers", PUBLISHERS)):
        own = permission.objects.filter(
            content_type__app_label="recommendations", codename__in=codenames
        )
        group.objects.get_or_create(name=name)[0].permissions.add(*own, *tags)


def drop_groups(apps, schema_editor):
    """Drop the groups."""
    apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Publishers"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0004_search_index"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]
    operations = [migrations.RunPython(make_groups, drop_groups)]
