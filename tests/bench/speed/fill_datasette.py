"""Writes what the naive site holds as one flat table with full-text search, as people give data to
Datasette.
"""

import sqlite3
from pathlib import Path

MANY = (
    "(SELECT json_group_array(slug) FROM {named} AS named JOIN {through} ON {key} = named.id "
    "WHERE {owner})"
)
THEMES = MANY.format(
    named="naive_theme",
    through="naive_recommendation_themes",
    key="theme_id",
    owner="recommendation_id = r.id",
)
TAGS = MANY.format(
    named="taggit_tag", through="taggit_taggeditem", key="tag_id", owner="object_id = r.id"
)
ISSUERS = MANY.format(
    named="naive_organisation",
    through="naive_source_issuers",
    key="organisation_id",
    owner="source_id = r.source_id",
)
ADDRESSEES = MANY.format(
    named="naive_organisation",
    through="naive_recommendation_addressees",
    key="organisation_id",
    owner="recommendation_id = r.id",
)
ROWS = f"""
CREATE TABLE flat.recommendations (
    code TEXT PRIMARY KEY, title TEXT, quote TEXT, source TEXT, issued_on TEXT, year INTEGER,
    theme TEXT, tag TEXT, issuer TEXT, addressee TEXT
);
INSERT INTO flat.recommendations
SELECT r.code, r.title, r.quote, s.code, s.issued_on, CAST(strftime('%Y', s.issued_on) AS INTEGER),
    {THEMES}, {TAGS}, {ISSUERS}, {ADDRESSEES}
FROM naive_recommendation AS r JOIN naive_source AS s ON s.id = r.source_id ORDER BY r.id;
CREATE INDEX flat.by_source ON recommendations (source);
CREATE INDEX flat.by_year ON recommendations (year);
CREATE INDEX flat.by_day ON recommendations (issued_on);
CREATE VIRTUAL TABLE flat.recommendations_fts USING fts5(title, quote, content="recommendations");
INSERT INTO flat.recommendations_fts (recommendations_fts) VALUES ('rebuild');
"""


def fill(corpus: Path, flat: Path) -> None:
    """Write the flat file of a corpus in SQLite."""
    flat.unlink(missing_ok=True)
    connection = sqlite3.connect(corpus, autocommit=True)
    connection.execute("ATTACH ? AS flat", [str(flat)])
    connection.executescript(f"BEGIN; {ROWS} COMMIT; ANALYZE flat;")
    connection.close()
