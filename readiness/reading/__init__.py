"""Reads people's files in a process of its own, with little memory and time, so that a hostile one harms nothing.

`python -m readiness.reading` is that process; `readiness.sheets` starts it. Nothing here imports Django, nor any other
drawer: it starts in less than a tenth of a second, and says what is wrong by a code that is put into words elsewhere.
"""
