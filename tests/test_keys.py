"""docs/operating.md says of every key how long it lives, and what the site's own key is
used for.
"""

import ast

from django.conf import settings

ROOT = settings.BASE_DIR
LIFE = (
    (ROOT / "docs" / "operating.md")
    .read_text()
    .partition("**The life of the keys.**")[2]
    .partition("\n\n**A lost")[0]
)
MAKERS = {
    "salted_hmac",
    "Signer",
    "TimestampSigner",
    "PasswordResetTokenGenerator",
    "Fernet",
    "MultiFernet",
}
FRAMEWORK = (
    "forms’ tokens",
    "what binds a session to its password",
)  # Django's own uses of the key
USES = {
    "accounts/adapters.py": "encrypting the secrets of second steps (Fernet)",
    "accounts/password_links.py": "links to set a password",
    "accounts/sessions.py": "of sessions on a page",
    "formats/page_cards.py": "the words on pictures for link previews",
    "operations/doctor.py": "questions of `./kb doctor`",
    "search/results.py": "marks of places in selections",
}


def users_of_the_key(source: str) -> set[str]:
    """Return the names from Django and cryptography in a module that sign or encrypt with a key."""
    called = {node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}
    bases = {
        base
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
    }
    names = {getattr(each, "id", None) or getattr(each, "attr", None) for each in called | bases}
    return names & MAKERS | {name for name in map(ast.unparse, called) if name == "signing.dumps"}


def test_every_use_of_the_sites_key_is_documented():
    app = ROOT / "recommendations"
    using = {
        str(path.relative_to(app))
        for path in app.rglob("*.py")
        if "migrations" not in path.parts and users_of_the_key(path.read_text())
    }
    assert using == set(USES)
    assert [use for use in (*USES.values(), *FRAMEWORK) if use not in LIFE] == []


def test_a_new_use_of_the_key_is_noticed():
    assert users_of_the_key("from django.core import signing\nsigning.dumps('x')") == {
        "signing.dumps"
    }
    assert users_of_the_key("class Link(PasswordResetTokenGenerator): pass") == {
        "PasswordResetTokenGenerator"
    }
    assert users_of_the_key("import json\njson.dumps('x')") == set()


def test_each_key_has_every_phase_of_its_life():
    head, _line, *keys = [
        row.strip("|").split("|") for row in LIFE.splitlines() if row.startswith("|")
    ]
    assert [cell.strip() for cell in head] == [
        "Key",
        "Made",
        "In use for",
        "Renewed",
        "Replaced and destroyed",
    ]
    assert [key[0].strip() for key in keys][:2] == ["`SECRET_KEY`", "Keys of second steps"]
    assert all(len(key) == 5 and all(cell.strip() for cell in key) for key in keys)
    assert "every year, and at once after a suspicion" in keys[0][3]
