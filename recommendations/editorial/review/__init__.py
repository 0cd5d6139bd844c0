"""The review of a declaration: proposals beside its text, decided on one by one or together."""
