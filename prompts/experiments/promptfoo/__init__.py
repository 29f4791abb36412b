"""Import of promptfoo's configuration as a plan, and export of a plan to it."""
