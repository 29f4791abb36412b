"""The database: storing, reading and deleting runs, and the search index."""
