"""What can be read out of answers that have arrived, without asking any model. Pure."""
