"""Your work: what a person has to do, what waits for them, and what changed since they last looked."""
