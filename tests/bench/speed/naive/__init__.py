"""The site as an ordinary developer would first write it, with django-filter and django-taggit."""
