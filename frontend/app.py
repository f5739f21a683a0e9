"""Entry of the page: ``streamlit run frontend/app.py``."""

import sys
from pathlib import Path

# Streamlit puts this folder on the path, not the one above it, where the rooms are.
ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from frontend.views.page import show_page  # noqa: E402  the path comes first

if __name__ == "__main__":
    show_page()
