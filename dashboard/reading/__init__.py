"""What can be read out of a run: the lower half of Compare."""
