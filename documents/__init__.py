"""The only writer of what is computed in ``docs/``, in the README and on the slides; it measures nothing."""
