"""How runs are stored: schema, writing, reading, deletion, search index."""
