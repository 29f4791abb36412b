"""Export of runs to files, and import from files."""
