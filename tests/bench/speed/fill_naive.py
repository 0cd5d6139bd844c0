"""Gives the naive site what this site has published, in tables of its own in the same database.

DATABASE_URL=... SECRET_KEY=... python tests/bench/speed/fill_naive.py
"""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "naive.settings"

import django
from django.core.management import call_command
from django.db import connection, transaction

PUBLISHED = "SELECT id FROM recommendations_recommendation WHERE status = 'published'"
TABLES = [  # each with what it is filled from, in an order that foreign keys allow
    (
        "naive_organisation (id, slug, name)",
        "SELECT id, slug, name FROM recommendations_organisation",
    ),
    ("naive_theme (id, slug, label)", "SELECT id, slug, label FROM recommendations_theme"),
    (
        "naive_source (id, code, title, issued_on)",
        "SELECT id, code, title, issued_on FROM recommendations_source WHERE text <> ''",
    ),
    (
        "naive_source_issuers (source_id, organisation_id)",
        "SELECT source_id, organisation_id FROM recommendations_source_issuers"
        " WHERE source_id IN (SELECT id FROM naive_source)",
    ),
    (
        "naive_recommendation (id, code, source_id, number, title, summary, quote)",
        "SELECT id, code, source_id, number, title, summary, quotes FROM "
        "recommendations_recommendation"
        " JOIN (SELECT recommendation_id, {joined}(quote, ' ') AS quotes FROM "
        "recommendations_citation"
        " WHERE role = 'states' GROUP BY recommendation_id) AS stated ON recommendation_id = id"
        " WHERE status = 'published'",
    ),
    (
        "naive_recommendation_themes (recommendation_id, theme_id)",
        f"SELECT recommendation_id, theme_id FROM recommendations_recommendation_themes"
        f" WHERE recommendation_id IN ({PUBLISHED})",
    ),
    (
        "naive_recommendation_addressees (recommendation_id, organisation_id)",
        f"SELECT recommendation_id, organisation_id FROM recommendations_recommendation_addressees"
        f" WHERE recommendation_id IN ({PUBLISHED})",
    ),
    (
        "taggit_taggeditem (object_id, tag_id, content_type_id)",
        "SELECT content_object_id, tag_id, (SELECT id FROM django_content_type WHERE app_label = "
        "'naive'"
        " AND model = 'recommendation') FROM recommendations_tagging WHERE content_object_id IN "
        f"({PUBLISHED})",
    ),
]


def main() -> None:
    """Make the tables, fill them, and let the database know how much is in them."""
    django.setup()
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    joined = "string_agg" if connection.vendor == "postgresql" else "group_concat"
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in TABLES:
            cursor.execute(f"INSERT INTO {table} {rows.format(joined=joined)}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
