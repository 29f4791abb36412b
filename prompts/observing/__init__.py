"""Observability for whoever runs Collate: logs, spans and counts, never what was asked or answered."""
