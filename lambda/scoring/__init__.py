"""Online room: score one application with the sealed bundle, and nothing that is not needed for that."""
