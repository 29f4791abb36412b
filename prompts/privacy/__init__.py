"""Private data: what may be sent from this computer, and what may be recorded."""
