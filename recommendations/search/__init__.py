"""From a query string to ordered results, facets and errors a reader can act on."""
