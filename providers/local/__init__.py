"""Models on the user's own machines: what Ollama has, and whether a model fits into memory."""
