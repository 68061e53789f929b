"""Words between the process that reads and the one that asked."""

# The two kinds of file that are read.
CSV, XLSX = "csv", "xlsx"

# The exit code where the answer finds no room.
NO_ROOM = 3
