"""Accounts: sign-in with a second factor, throttling, and sessions."""
