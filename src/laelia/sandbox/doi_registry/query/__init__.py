"""The query language of `GET /dois?query=`: parsed, then compiled to a condition on the tables."""
