"""Command line: `python -m tests.real_input DATA TARGET [--day D]`, from the project root."""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path

from .pack import read_real_input, write_pack
from .plan import ZONE


def main() -> int:
    """Write the pack, say what it holds and what was mended; 1 and one line where a folder does not fit."""
    parser = argparse.ArgumentParser(prog="python -m tests.real_input", description="Build the pack of the real input.")
    parser.add_argument("data", type=Path, help="folder that holds england-trusts-sites and the other sources")
    parser.add_argument("target", type=Path, help="new or empty folder for the pack")
    parser.add_argument("--day", type=date.fromisoformat, help="day around which dates are laid (default: today)")
    chosen = parser.parse_args()
    try:
        real = read_real_input(chosen.data, chosen.day or datetime.now(ZONE).date())
        write_pack(real, chosen.target)
    except (FileNotFoundError, FileExistsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    lines = [f"{len(rows):>7,}  {name}" for name, rows in real.tables.items()]
    lines += ["", "mended, or kept on purpose:"]
    lines += [f"{times:>7,}  {what}" for what, times in sorted(real.mended.items())]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
