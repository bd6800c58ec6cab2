"""Networks: an architecture in flat arrays, the compiled loop that trains it, and its probes."""
