"""The content version, raised by the database itself with every change that readers can see.

On SQLite, Django remakes a table to alter it, and its triggers go with the old one: a migration that alters one of
these tables there must run `make_triggers` again. `tests/test_content_version.py` fails when it does not.
"""

from django.db import migrations

ENTRY = "SELECT {number}, {row}.{column}"
OF_SOURCE = (
    "SELECT {{number}}, r.id FROM recommendations_recommendation AS r"
    " WHERE r.source_id = {{row}}.{column}"
)
NAMES = "SELECT {number}, CAST(NULL AS bigint)"
SOURCE = "code, title, short_title, kind, issued_on, occasion, url, language, text, retrieved_on, note_signs, contents"

# table, event (and for an update of some columns, which), condition, the entries that readers see otherwise from now on
SEEN = [
    ("recommendations_version", "INSERT", "", ENTRY.replace("{column}", "recommendation_id")),
    ("recommendations_recommendation", "UPDATE", "", ENTRY.replace("{column}", "id")),
    *[
        (f"recommendations_{table}", event, "", NAMES)
        for table in ("theme", "themelabel", "formertheme", "organisation")
        for event in ("INSERT", "UPDATE", "DELETE")
    ],
    ("taggit_tag", "UPDATE", "", NAMES),
    ("taggit_tag", "DELETE", "", NAMES),
    (
        "recommendations_source",
        f"UPDATE OF {SOURCE}",
        "",
        f"{NAMES} UNION ALL {OF_SOURCE.format(column='id')}",
    ),
    ("recommendations_source_issuers", "INSERT", "", OF_SOURCE.format(column="source_id")),
    ("recommendations_source_issuers", "DELETE", "", OF_SOURCE.format(column="source_id")),
    ("recommendations_formertext", "INSERT", "", OF_SOURCE.format(column="source_id")),
]
NOW = "(SELECT number FROM recommendations_contentversion WHERE id = 1)"
RAISE = {
    "sqlite": "UPDATE recommendations_contentversion SET number = number + 1 WHERE id = 1",
    # One statement raises it once: a row that a transaction writes for each of many others gets slow.
    "postgresql": "UPDATE recommendations_contentversion"
    " SET number = number + 1, raised_by = txid_current(), raised_at = statement_timestamp() WHERE id = 1"
    " AND (raised_by, raised_at) IS DISTINCT FROM (txid_current(), statement_timestamp())",
}


def statements(vendor, event, entries):
    """Return what a trigger does: raise the number, then say which entries have changed at it."""
    row = "OLD" if event == "DELETE" else "NEW"
    changed = entries.format(number=NOW, row=row)
    return f"{RAISE[vendor]}; INSERT INTO recommendations_contentchange (number, entry) {changed};"


def name_of(table, event):
    """Return the name of a trigger."""
    return f"seen_{table}_{event.split()[0].lower()}"


def make_triggers(apps, schema_editor):
    """Make every trigger, replacing one that is there."""
    vendor = schema_editor.connection.vendor
    drop_triggers(apps, schema_editor)
    for table, event, condition, entries in SEEN:
        name, when = name_of(table, event), f"WHEN ({condition})" if condition else ""
        act = f"BEGIN {statements(vendor, event, entries)} END"
        if vendor == "postgresql":
            function = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {act[:-4]} RETURN NULL; END $$"
            schema_editor.execute(function, params=None)
            act = f"EXECUTE FUNCTION {name}()"
        schema_editor.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when} {act}", params=None
        )


def drop_triggers(apps, schema_editor):
    """Drop every trigger that is there."""
    vendor = schema_editor.connection.vendor
    for table, event, *_rest in SEEN:
        on = f" ON {table}" if vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name_of(table, event)}{on}", params=None)
        if vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name_of(table, event)}()", params=None)


def make_row(apps, schema_editor):
    """Make the one row."""
    apps.get_model("recommendations", "ContentVersion").objects.get_or_create(
        pk=1, defaults={"number": 1}
    )


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0002_rules")]
    operations = [
        migrations.RunPython(make_row, migrations.RunPython.noop),
        migrations.RunPython(make_triggers, drop_triggers),
    ]
