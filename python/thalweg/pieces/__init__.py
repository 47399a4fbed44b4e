"""Functions that CPython and compiled pieces run together: CPython what was refused, programs what is around it.

names.py says which local names statements read and bind, cut.py makes the pieces, run.py runs them
(docs/decisions/0039-what-is-refused-runs-in-cpython.md).
"""
