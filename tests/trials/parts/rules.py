"""What the database itself refuses, and what `verifyquotes` finds where the database could not:
each tried for certain.

One statement breaks each rule of migration 0002, and must be refused in that rule's own
words. Then, with the triggers out of the way, one thing after another is falsified: the proof must
name each.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from .addresses import part
from .publishing import correct, factories
from .server import model

PASSAGE = "an entry must have a passage"
TRUTH = "a quote must equal its passage in the source"
KEEPS = "a quoted text changes only by a correction that keeps the former one"
OWN = "a passage that states a recommendation must stand in its own declaration"
CODE, DELETED = "a code never changes", "a recommendation is never deleted"
CITED = 'recommendation_id, source_id, role, quote, "start", "end", prefix, suffix, paragraph, text_number, note'


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Take back what is done."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Kept:
    """Two entries of a declaration, with a former text, an orphan and a cited work's words."""

    source: object
    entry: object
    left: object  # the entry whose words a correction leaves behind
    corrected: str  # a text without the words of that one
    faults: list[str]
    tried: int = 0

    def try_all(self) -> None:
        """Break each rule, then falsify each thing."""
        with undone():
            self.prepare()
            for rule, statement in self.statements():
                self.refused(rule, statement)
            self.lies()
        part("search.facets.forget")()  # what was taken back may have been held

    def prepare(self) -> None:
        """Correct the text, so that there is a former one and an orphan, and quote it as a work
        that is referred to.
        """
        self.other = model("Source").objects.exclude(pk=self.source.pk).exclude(text="").first()
        factories().changed(self.left, works=[("refers to", self.other.code, "")])
        self.cited = model("Citation").objects.get(recommendation=self.left, role="refers to")
        self.cited.point(0, 20)
        self.cited.save()
        factories().renamed(model("Organisation").objects.get(slug="oecd"), name="Sample")
        correct(self.source, self.corrected)
        self.source = model("Source").objects.get(pk=self.source.pk)  # the caller's stays as it was
        self.passage = model("Citation").objects.get(recommendation=self.entry, role="states")
        self.orphan = model("Citation").objects.get(recommendation=self.left, role="states")

    # --- The database --------------------------------------------------------------------------
    # ----------------------

    def statements(self) -> Iterator[tuple[str, str]]:
        """Yield the statements that each rule must refuse, with what it says."""
        entry, source, passage = (
            f"WHERE id = {each.pk}" for each in (self.entry, self.source, self.passage)
        )
        citation, row = (
            "UPDATE recommendations_citation SET",
            "UPDATE recommendations_recommendation SET",
        )
        text = "UPDATE recommendations_source SET"
        yield TRUTH, f"{citation} quote = upper(quote) {passage}"
        yield TRUTH, f'{citation} "start" = "start" + 1, "end" = "end" + 1 {passage}'
        yield TRUTH, f"{citation} text_number = 9 {passage}"
        yield TRUTH, f"{citation} text_number = 2 WHERE id = {self.orphan.pk}"
        yield TRUTH, f"{citation} quote = upper(quote) WHERE id = {self.orphan.pk}"
        yield TRUTH, f"{citation} quote = upper(quote) WHERE id = {self.cited.pk}"
        yield TRUTH, self.copied(quote="upper(quote)", role="'refers to'")
        yield OWN, self.copied(recommendation_id=str(self.elsewhere().pk))
        yield OWN, f"{citation} source_id = {self.other.pk}, quote = '' {passage}"
        yield PASSAGE, f"{citation} role = 'refers to' {passage}"
        yield PASSAGE, f"{citation} recommendation_id = {self.left.pk} {passage}"
        yield PASSAGE, f"DELETE FROM recommendations_citation {passage}"
        bare = self.row_without_passage()
        yield PASSAGE, f"{bare}; {row} title = 'x' WHERE code = 'WORDS-2021-98'"
        yield PASSAGE, f"{bare}; {self.version_of('WORDS-2021-98')}"
        yield CODE, f"{row} code = 'WORDS-2021-99' {entry}"
        yield CODE, f"{row} number = 99 {entry}"
        yield CODE, f"{row} source_id = {self.other.pk} {entry}"
        yield CODE, f"{row} published_at = '2020-01-01' {entry}"
        yield DELETED, f"DELETE FROM recommendations_recommendation {entry}"
        yield KEEPS, f"{text} text = text || 'x' {source}"
        yield KEEPS, f"{text} sha256 = '{'f' * 64}' {source}"
        yield KEEPS, f"{text} code = 'OTHER-2021' {source}"
        yield KEEPS, f"{text} text_number = 1 {source}"
        yield KEEPS, f"{text} text = text || 'x', text_number = 3 {source}"
        for table, said in (
            ("version", "a version never changes"),
            ("formertext", "a former text never changes"),
            ("change", "the record of a change never changes"),
            ("namechange", "the history of a name never changes"),
        ):
            column = {"version": "reason", "formertext": "text"}.get(table, "who")
            yield said, f"UPDATE recommendations_{table} SET {column} = 'x'"
            yield said, f"DELETE FROM recommendations_{table}"

    def copied(self, **values: str) -> str:
        """Return a statement that adds a copy of the published passage with other values."""
        said = [values.get(name.strip('" '), name) for name in CITED.split(", ")]
        return (
            f"INSERT INTO recommendations_citation ({CITED})"
            f" SELECT {', '.join(said)} FROM recommendations_citation WHERE id = {self.passage.pk}"
        )

    def row_without_passage(self) -> str:
        """Return a statement that adds an entry, which has no passage yet."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM recommendations_recommendation WHERE id = %s", [self.entry.pk]
            )
            names = [column[0] for column in cursor.description if column[0] != "id"]
        values = {"code": "'WORDS-2021-98'", "number": "98"}
        return (
            f"INSERT INTO recommendations_recommendation ({', '.join(names)})"
            f" SELECT {', '.join(values.get(name, name) for name in names)}"
            f" FROM recommendations_recommendation WHERE id = {self.entry.pk}"
        )

    def version_of(self, code: str) -> str:
        """Return a statement that adds a first version of an entry."""
        return (
            "INSERT INTO recommendations_version"
            " (recommendation_id, number, published_at, reason, snapshot, previous_hash, hash)"
            f" SELECT (SELECT id FROM recommendations_recommendation WHERE code = '{code}'),"
            " 1, published_at, reason, snapshot, '', hash FROM recommendations_version"
            f" WHERE recommendation_id = {self.entry.pk} AND number = 1"
        )

    def elsewhere(self):
        """Return an entry of another declaration."""
        return model("Recommendation").objects.filter(source=self.other).first()

    def refused(self, rule: str, statement: str) -> None:
        """Demand that the database refuses a statement, and says which rule forbids it."""
        self.tried += 1
        try:
            with undone(), connection.cursor() as cursor:
                for each in statement.split("; "):
                    cursor.execute(each)
        except DatabaseError as error:
            if rule not in str(error):
                self.faults.append(
                    f"the database refuses {statement}, but says {error}, not {rule}"
                )
            return
        self.faults.append(f"the database takes {statement}: nothing says that {rule}")

    # --- The proof -----------------------------------------------------------------------------
    # ----------------------

    def lies(self) -> None:
        """Demand that the proof fails for each thing that is falsified, and for nothing else."""
        whole = self.proof()
        if whole.failures:
            self.faults.append(f"the proof fails where nothing is false: {whole.failures}")
        counts = {
            "texts": model("Source").objects.exclude(text="").count(),
            "former_texts": model("FormerText").objects.count(),
            "quotes": model("Citation").objects.exclude(quote="").count(),
            "orphans": 1,
            "versions": model("Version").objects.count(),
        }
        for name, count in counts.items():
            if getattr(whole, name) != count:
                self.faults.append(
                    f"the proof looks at {getattr(whole, name)} {name}, and there are {count}"
                )
        for lie, code in self.falsified():
            self.found(lie, code)

    def falsified(self) -> Iterator[tuple[str, str]]:
        """Yield what falsifies one thing each, and the code that must be named."""
        for passage, code in (
            (self.passage, self.entry.code),
            (self.orphan, self.left.code),
            (self.cited, self.left.code),
        ):
            table, row = "UPDATE recommendations_citation SET", f"WHERE id = {passage.pk}"
            yield f"{table} quote = upper(quote) {row}", code
            yield f"{table} quote = replace(quote, 'e', 'е') {row}", code  # the Cyrillic letter
            yield f'{table} "start" = "start" + 1, "end" = "end" + 1 {row}', code
            yield f"{table} prefix = 'x' {row}", code
            yield f"{table} suffix = 'x' {row}", code
            yield f"{table} paragraph = paragraph + 1 {row}", code
            yield f"{table} text_number = 9 {row}", code
        source = f"WHERE id = {self.source.pk}"
        yield f"UPDATE recommendations_source SET text = text || 'x' {source}", self.source.code
        yield f"UPDATE recommendations_source SET sha256 = '{'f' * 64}' {source}", self.source.code
        yield f"UPDATE recommendations_source SET text_number = 3 {source}", self.source.code
        former = f"WHERE source_id = {self.source.pk}"
        yield f"UPDATE recommendations_formertext SET text = text || 'x' {former}", self.source.code
        yield (
            f"UPDATE recommendations_formertext SET sha256 = '{'f' * 64}' {former}",
            self.source.code,
        )
        yield f"UPDATE recommendations_formertext SET number = 7 {former}", self.source.code
        yield f"DELETE FROM recommendations_formertext {former}", self.source.code
        yield from ((lie, self.entry.code) for lie in self.false_versions())

    def false_versions(self) -> Iterator[str]:
        """Yield what falsifies the published entry, or one of its two versions."""
        version, of_entry = (
            "UPDATE recommendations_version SET",
            f"WHERE recommendation_id = {self.entry.pk}",
        )
        for number in (1, 2):
            row = f"{of_entry} AND number = {number}"
            yield f"{version} reason = 'x' {row}"
            yield f"{version} hash = '{'f' * 64}' {row}"
            yield f"{version} previous_hash = '{'f' * 64}' {row}"
            yield f"{version} number = 7 {row}"
            yield f"{version} published_at = '{timezone.now().isoformat()}' {row}"
            yield f"{version} snapshot = '{{}}' {row}"
            yield f"DELETE FROM recommendations_version {row}"
        yield f"DELETE FROM recommendations_version {of_entry}"
        entry = f"WHERE id = {self.entry.pk}"
        for column in ("title", "summary"):
            yield f"UPDATE recommendations_recommendation SET {column} = 'x' {entry}"
        yield f"DELETE FROM recommendations_citation WHERE id = {self.passage.pk}"

    def found(self, lie: str, code: str) -> None:
        """Tell a lie past the database's rules, and demand that the proof names it."""
        self.tried += 1
        with undone():
            unguarded(lie)
            try:
                failures = self.proof().failures
            except Exception as error:  # whatever the proof stumbles over
                self.faults.append(f"the proof breaks off at {lie}: {error!r}")
                return
        if not any(code in failure for failure in failures):
            self.faults.append(f"the proof does not see {lie}: it says {failures}")

    def proof(self):
        return part("editorial.integrity.prove")()


def unguarded(statement: str) -> None:
    """Run a statement with the triggers of its table gone, inside a transaction that is
    taken back.
    """
    table = next(word for word in statement.split() if word.startswith("recommendations_"))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute(statement)
