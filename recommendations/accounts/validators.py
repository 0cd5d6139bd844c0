"""Validators for passwords."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

WORDS = ("tech7", "recommendation", "declaration")  # SECURITY.md names them


class ContextWords:
    """Refuses passwords that contain a word of this site (OWASP ASVS 5.0, 6.2.11)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError if a password contains one."""
        for word in WORDS:
            if word in password.casefold():
                raise ValidationError(
                    f"Leave out “{word}”: words from this site are easy to guess.",
                    code="password_has_context_word",
                )

    def get_help_text(self) -> str:
        return f"Your password can’t contain a word from this site: {', '.join(WORDS)}."
