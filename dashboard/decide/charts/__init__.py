"""The chart of the page Choose, as a pure function that returns an Altair chart."""
