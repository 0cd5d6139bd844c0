"""What must never be false across tables, kept by triggers: no code path, shell or import can break it.

On SQLite, Django remakes a table to alter it, and its triggers go with the old one: a migration that alters one of
these tables there must run `make_rules` again. `tests/test_database_rules.py` fails when it does not.
"""

from django.db import migrations

STATES = "NEW.role = 'states'"
IS_OWN_SOURCE = (
    "NEW.source_id = (SELECT source_id FROM recommendations_recommendation"
    " WHERE id = NEW.recommendation_id)"
)
TEXT = (
    "coalesce("
    "(SELECT text FROM recommendations_source"
    " WHERE id = NEW.source_id AND text_number = NEW.text_number), "
    "(SELECT text FROM recommendations_formertext"
    " WHERE source_id = NEW.source_id AND number = NEW.text_number))"
)
TRUE_QUOTE = f'NEW.quote = substr({TEXT}, NEW."start" + 1, NEW."end" - NEW."start")'
HAS_PASSAGE = (
    "EXISTS (SELECT 1 FROM recommendations_citation AS c"
    " WHERE c.recommendation_id = NEW.{column} AND c.role = 'states')"
)
OTHER_PASSAGE = (
    "EXISTS (SELECT 1 FROM recommendations_citation AS c"
    " WHERE c.recommendation_id = OLD.recommendation_id AND c.role = 'states' AND c.id <> OLD.id)"
)
STILL_STATES = "NEW.role = 'states' AND NEW.recommendation_id = OLD.recommendation_id"
QUOTED = (
    "EXISTS (SELECT 1 FROM recommendations_citation AS c"
    " WHERE c.source_id = OLD.id AND c.quote <> '')"
)
SAME_TEXT = "NEW.text = OLD.text AND NEW.sha256 = OLD.sha256 AND NEW.text_number = OLD.text_number"
FORMER_IS_KEPT = (
    "NEW.text_number = OLD.text_number + 1 AND EXISTS ("
    "SELECT 1 FROM recommendations_formertext AS f WHERE f.source_id = OLD.id"
    " AND f.number = OLD.text_number AND f.text = OLD.text AND f.sha256 = OLD.sha256)"
)
KEEPS = "an entry must have a passage"

# name, table, events, what must hold, what to say when it does not
RULES = [
    (
        "quote_stands_in_text",
        "citation",
        ["INSERT", "UPDATE"],
        f"NEW.quote = '' OR {TRUE_QUOTE}",
        "a quote must equal its passage in the source",
    ),
    (
        "passage_is_of_own_source",
        "citation",
        ["INSERT", "UPDATE"],
        f"NOT ({STATES}) OR {IS_OWN_SOURCE}",
        "a passage that states a recommendation must stand in its own declaration",
    ),
    (
        "entry_keeps_a_passage",
        "citation",
        ["UPDATE"],
        f"OLD.role <> 'states' OR ({STILL_STATES}) OR {OTHER_PASSAGE}",
        KEEPS,
    ),
    (
        "entry_keeps_a_passage",
        "citation",
        ["DELETE"],
        f"OLD.role <> 'states' OR {OTHER_PASSAGE}",
        KEEPS,
    ),
    # An entry is written before its passages, and its version last: the version asks for them.
    (
        "entry_has_a_passage",
        "recommendation",
        ["UPDATE"],
        HAS_PASSAGE.format(column="id"),
        KEEPS,
    ),
    (
        "version_has_a_passage",
        "version",
        ["INSERT"],
        HAS_PASSAGE.format(column="recommendation_id"),
        KEEPS,
    ),
    (
        "code_lasts",
        "recommendation",
        ["UPDATE"],
        "NEW.code = OLD.code AND NEW.number = OLD.number AND NEW.source_id = OLD.source_id"
        " AND NEW.published_at = OLD.published_at",
        "a code never changes",
    ),
    ("code_lasts", "recommendation", ["DELETE"], "FALSE", "a recommendation is never deleted"),
    (
        "quoted_text_lasts",
        "source",
        ["UPDATE"],
        f"(NEW.code = OLD.code AND ({SAME_TEXT} OR ({FORMER_IS_KEPT}))) OR NOT {QUOTED}",
        "a quoted text changes only by a correction that keeps the former one",
    ),
    ("version_is_immutable", "version", ["UPDATE", "DELETE"], "FALSE", "a version never changes"),
    (
        "former_text_is_immutable",
        "formertext",
        ["UPDATE", "DELETE"],
        "FALSE",
        "a former text never changes",
    ),
    (
        "change_is_immutable",
        "change",
        ["UPDATE", "DELETE"],
        "FALSE",
        "the record of a change never changes",
    ),
    (
        "name_change_is_immutable",
        "namechange",
        ["UPDATE", "DELETE"],
        "FALSE",
        "the history of a name never changes",
    ),
]


def make_sqlite(name, table, event, holds, message):
    """Return the statement of one trigger on SQLite."""
    return [
        f"CREATE TRIGGER {name}_{event.lower()} BEFORE {event} ON recommendations_{table}"
        f" WHEN NOT coalesce(({holds}), FALSE) BEGIN SELECT RAISE(ABORT, '{message}'); END"
    ]


def make_postgresql(name, table, event, holds, message):
    """Return the statements of one trigger on PostgreSQL."""
    row = "OLD" if event == "DELETE" else "NEW"
    return [
        f"CREATE FUNCTION {name}_{event.lower()}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NOT coalesce(({holds}), FALSE) THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';"
        f" END IF; RETURN {row}; END $$",
        f"CREATE TRIGGER {name}_{event.lower()} BEFORE {event} ON recommendations_{table}"
        f" FOR EACH ROW EXECUTE FUNCTION {name}_{event.lower()}()",
    ]


def make_rules(apps, schema_editor, rules=RULES):
    """Make every trigger, replacing one that is there."""
    make = make_sqlite if schema_editor.connection.vendor == "sqlite" else make_postgresql
    drop_rules(apps, schema_editor, rules)
    for name, table, events, holds, message in rules:
        for event in events:
            for statement in make(name, table, event, holds, message):
                schema_editor.execute(statement, params=None)


def drop_rules(apps, schema_editor, rules=RULES):
    """Drop every trigger that is there."""
    for name, table, events, _holds, _message in rules:
        for event in events:
            trigger = f"{name}_{event.lower()}"
            if schema_editor.connection.vendor == "sqlite":
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger}", params=None)
            else:
                schema_editor.execute(
                    f"DROP TRIGGER IF EXISTS {trigger} ON recommendations_{table}", params=None
                )
                schema_editor.execute(f"DROP FUNCTION IF EXISTS {trigger}()", params=None)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0001_initial")]
    operations = [migrations.RunPython(make_rules, drop_rules)]
