"""What is known for a purpose as one file that somebody reads who never saw the app."""
