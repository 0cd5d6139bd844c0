"""What the site says of itself to whoever runs it: log lines, an identifier for each request, and
counts.
"""
