"""From a run to its answers: what is asked when, and what is reported while answers arrive."""
