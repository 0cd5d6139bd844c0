"""What a password must not hold: the words that this site is made of, which a guesser
tries first.
"""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

WORDS = ("tech7", "recommendation", "declaration")  # SECURITY.md names them


class ContextWords:
    """Refuse passwords with a word of this site in them (OWASP ASVS 5.0, 6.2.11)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError where a password holds one."""
        for word in WORDS:
            if word in password.casefold():
                raise ValidationError(
                    f"Leave out “{word}”: words of this site are guessed first.",
                    code="password_has_context_word",
                )

    def get_help_text(self) -> str:
        """Say it before it happens."""
        return f"Your password can’t hold a word of this site: {', '.join(WORDS)}."
