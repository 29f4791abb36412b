"""The chart of Choose, as a pure function to Altair."""
