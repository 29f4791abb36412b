"""Files that go along with a prompt: what they are, and what is made of them before they are sent."""
