"""Every change of who is trained, who champions and who can log in."""
