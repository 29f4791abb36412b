"""What is asked and what was answered: plans, runs and their record. Knows `providers`; no screen."""
