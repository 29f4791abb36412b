"""What people say of an answer."""
