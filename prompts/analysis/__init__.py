"""What several answers say together: differences, agreement, spread, significance."""
