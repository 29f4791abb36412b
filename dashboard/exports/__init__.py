"""Downloads of a run: tables and one HTML file."""
