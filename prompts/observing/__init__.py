"""What those who run Collate see of it from outside: logs, spans and counts, never what was asked or answered."""
