"""The parts of a site's own page: what to do next, how the score went, dates, seats, what stands in the way."""
