"""Every write of checklists, gates, scores and runs."""
