"""What is drawn: the only part of the room that imports Streamlit."""
