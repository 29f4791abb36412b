"""Reports of an experiment as files: one module per format; `formats.py` lists them."""
