"""The editors' review: a declaration's text and proposals, each decided on, and all accepted ones
published at once.
"""
