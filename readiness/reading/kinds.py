"""The two kinds of file that are read."""

CSV, XLSX = "csv", "xlsx"
