"""What officers decide: the rules of it, and the database that keeps it."""
