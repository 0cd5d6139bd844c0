"""Pages: thin functions that ask for data and name a template; `recommendations.urls` is
their map.
"""
