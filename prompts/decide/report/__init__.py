"""The evidence for a task as one file, for readers who never saw the application."""
