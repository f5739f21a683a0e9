"""Clients as the desk meets them: where their dossiers lie, and what their histories say."""
