"""Which code answers: what was rendered by another release may look otherwise."""

import hashlib
from pathlib import Path

APP = Path(__file__).parents[1]
FILES = sorted([*APP.rglob("*.py"), *(APP.parent / "templates").rglob("*.*")])
RELEASE = hashlib.sha256(b"".join(path.read_bytes() for path in FILES)).hexdigest()
