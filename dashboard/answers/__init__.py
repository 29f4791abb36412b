"""The live answer grid: Markdown to safe HTML, the stream that carries it, the component that shows it."""
