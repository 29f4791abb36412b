"""The symbols of the page: a font of those that are used, a seventh of the one that Streamlit ships."""
