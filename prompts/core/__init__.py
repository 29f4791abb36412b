"""Plain data: what is asked and what was answered. No database, no clock."""
