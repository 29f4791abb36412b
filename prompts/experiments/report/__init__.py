"""An experiment as a file for others: one module a format, one line each in `formats.py`."""
