"""From what is typed to a run: the upper half of Compare."""
