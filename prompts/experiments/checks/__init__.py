"""What an answer must show: one file a family of checks, one line a kind in `kinds.py`."""
