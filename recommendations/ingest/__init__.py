"""From a file to a text (extract), and from a text to candidate recommendations (detect)."""
