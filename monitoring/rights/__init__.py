"""What people may ask of their own data: what is kept of one of them, and its erasure."""
