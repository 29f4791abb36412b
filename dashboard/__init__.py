"""The screens of Collate. This is the only package that imports Streamlit."""
