"""Who may work at the desk: signing in with a second factor, guesses that are counted, sessions
that end.
"""
