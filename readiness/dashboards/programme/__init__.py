"""What the page of one programme reads: waves, team, sites that asked to start, bundles, reviews, decisions."""
