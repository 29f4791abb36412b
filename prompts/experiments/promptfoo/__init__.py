"""promptfoo's configuration as a plan, and a plan as promptfoo's configuration."""
