"""Answers side by side, live or recorded: rendering, stream, component."""
