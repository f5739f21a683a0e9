"""Every figure that people read, measured by commands that anyone can run again (``make bench``)."""
