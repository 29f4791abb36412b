"""What may leave this computer and what may be kept."""
