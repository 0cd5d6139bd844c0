"""The rules of 0002 again, since a text may now be corrected: the former text stays, and so does the proof of its quotes.

A quote equals its passage in the text that its citation names, the current or a former one; a quoted text changes only
when the text it replaces has been kept; former texts and the record of changes are immutable.
"""

from importlib import import_module

from django.db import migrations

first = import_module("recommendations.migrations.0002_rules")

TEXT = (
    "coalesce("
    "(SELECT text FROM recommendations_source WHERE id = NEW.source_id AND text_number = NEW.text_number), "
    "(SELECT text FROM recommendations_formertext WHERE source_id = NEW.source_id AND number = NEW.text_number))"
)
TRUE_QUOTE = f'NEW.quote = substr({TEXT}, NEW."start" + 1, NEW."end" - NEW."start")'
SAME_TEXT = "NEW.text = OLD.text AND NEW.sha256 = OLD.sha256 AND NEW.text_number = OLD.text_number"
FORMER_IS_KEPT = (
    "NEW.text_number = OLD.text_number + 1 AND EXISTS (SELECT 1 FROM recommendations_formertext AS f"
    " WHERE f.source_id = OLD.id AND f.number = OLD.text_number AND f.text = OLD.text AND f.sha256 = OLD.sha256)"
)
RULES = [
    (
        "quote_stands_in_text",
        "citation",
        ["INSERT", "UPDATE"],
        f"NEW.quote = '' OR {TRUE_QUOTE}",
        "a quote must equal its passage in the source",
    ),
    (
        "quoted_text_lasts",
        "source",
        ["UPDATE"],
        f"(NEW.code = OLD.code AND ({SAME_TEXT} OR ({FORMER_IS_KEPT}))) OR NOT {first.QUOTED}",
        "a quoted text changes only by a correction that keeps the former one",
    ),
    ("former_text_is_immutable", "formertext", ["UPDATE", "DELETE"], "FALSE", "a former text never changes"),
    ("change_is_immutable", "change", ["UPDATE", "DELETE"], "FALSE", "the record of a change never changes"),
]
NAMES = {name for name, *_rest in RULES}
ALL = [*(rule for rule in first.RULES if rule[0] not in NAMES), *RULES]


def make_rules(apps, schema_editor):
    """Make every trigger as it now is."""
    first.make_rules(apps, schema_editor, ALL)


def make_first_rules(apps, schema_editor):
    """Make every trigger as it was."""
    first.drop_rules(apps, schema_editor, ALL)
    first.make_rules(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0005_review")]
    operations = [migrations.RunPython(make_rules, make_first_rules)]
