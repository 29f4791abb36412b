"""The symbols on the pages: a font of those in use, a seventh of the size of Streamlit's own."""
