"""Feedback on answers: thumbs, stars, best answer, notes and tags."""
