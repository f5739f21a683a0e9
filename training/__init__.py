"""Offline room: from the seven raw tables to a registered model and its sealed bundle."""
