"""PostgreSQL and Valkey from wheels, for a laptop, a demo and the tests: started by whoever comes first, kept by one
small process (`keeper`), stopped when the last process that uses them has gone. Standard library only.
"""
