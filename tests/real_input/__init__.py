"""Real places, completions and rotas, turned into one programme pack.

Reads, and never copies into the repository, three public collections:

- `england-trusts-sites`: 212 trusts and 2,858 sites of England, as an estates return wrote them down;
- `training-trajectories`: 3,173 people and 12,073 completions of distance-learning courses;
- `nurse-rota`: four rota problems of 8 to 20 staff, one with nights over midnight.

`python -m tests.real_input DATA TARGET [--day D]` writes the pack and prints what was mended on the way.

How one is read as the other:

| in the source | in the pack |
|---|---|
| trust, site | organisation, site and deployment; a wave of 60 days for each region, from 120 days before `day` |
| three presentations | three staff groups of one programme, each with its own required courses |
| assessment | course; the earliest of a presentation lapses after 180 days |
| enrolment, withdrawal | posting from and to |
| day 0 | 130 days before `day`: the last two due days fall in the month before it |
| region of study | the regions of the sites; Scotland, Wales and Ireland study at sites of a neighbouring region |
| submission | attended and passed; after `day` it is not known yet, so it is booked |
| rota | shift patterns and champions' shifts of four sites that go live in the week of the nearest clock change |

Invented, because no source holds it: the template, its sparse events, which sites have staff (the largest), their
wards (one for each 24 people), a line manager for each ward. Everything else stays empty: unknown is what a score
should say of it. People are numbers.
"""

from .pack import RealInput, build_real_pack, read_real_input, write_pack

__all__ = ["RealInput", "build_real_pack", "read_real_input", "write_pack"]
