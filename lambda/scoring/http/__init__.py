"""The door of the function: routes, request schemas, replies and problems; FastAPI and Starlette stop here."""
