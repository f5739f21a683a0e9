"""Delivery room: the package as it is deployed, the events it gets, and the emulator it runs under here."""
