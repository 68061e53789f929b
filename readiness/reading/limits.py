"""What a spreadsheet may be at most. The page of the import says the same (`readiness.sheets.limits_words`)."""

MB = 1024 * 1024

CSV_BYTES = 50 * MB
CSV_ROWS = 250_000
XLSX_BYTES = 20 * MB
XLSX_ROWS = 100_000
COLUMNS = 200
SHEETS = 20
CELL_LENGTH = 32_767  # characters, as in a spreadsheet
CELLS = 3_000_000  # of a sheet: rows times columns of its used part, all of which are in memory at once
TEXT = 64 * MB  # characters of a sheet, and of the texts that its cells share

PARTS = 500  # of an XLSX
UNPACKED = 300 * MB
RATIO = 100  # of unpacked to packed bytes

# What no honest file comes near: a spreadsheet ends at this row, and each cell is a handful of elements at most.
LAST_ROW = 1_048_576
ELEMENTS = 4 * CELLS
LINE = 7 * MB  # characters of a line of CSV
SEPARATORS = 100_000  # of a line, those inside of cells included

# Of the process that reads.
MEMORY = 512 * MB
OUTPUT = 512 * MB
SECONDS = 60

# Titles, notes and group names above the headings do not count as rows.
ABOVE = 50
