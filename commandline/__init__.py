"""How the commands of every room start, fail and write their files; it knows no room."""
