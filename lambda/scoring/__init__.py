"""Online room: score one application with the sealed bundle, and nothing that is not needed for that."""

# That of pyproject.toml, which is not deployed: written by `make lock`.
__version__ = "0.2.0"
