"""What was measured, as pages show it: results, costs, drift, and the figures of the README."""
