"""Files sent with a prompt: recognising them, and preparing them before they are sent."""
