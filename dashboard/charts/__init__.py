"""Charts: finished figures -> Altair. Pure; knows Altair, not Streamlit."""
