"""Writes .env.example from the table of variables: python -m tests.environment_example"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| `([A-Z_]+)` \| ([^|]+) \| ([^|]+) \| (.+) \|$", re.MULTILINE)
LINK = re.compile(r"\[([^]]+)\]\([^)]+\)")
HEAD = """\
# The site's environment. Remove the first # of a line to set a variable.
# Values stand in single quotes, which systemd, a shell and Compose read alike; no value holds one.
"""


def example() -> str:
    """Return the file: each variable that the site or ./kb reads, with what it does."""
    said = HEAD
    for section in (ROOT / "docs" / "configuration.md").read_text().split("\n## ")[1:]:
        title, _, rest = section.partition("\n")
        if title == "Development":
            continue
        said += f"\n# --- {title}\n"
        for name, _read_by, default, about in ROW.findall(rest):
            value = (
                default.strip("`") if default.startswith("`") and default.count("`") == 2 else ""
            )
            said += f"\n# {LINK.sub(r'docs/\1', about).replace('`', '')}\n#{name}='{value}'\n"
    return said


if __name__ == "__main__":
    (ROOT / ".env.example").write_text(example())
