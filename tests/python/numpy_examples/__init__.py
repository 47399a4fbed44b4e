"""The examples of NumPy's own documentation, compiled.

They are taken from the docstrings of the NumPy that is installed when the tests run; no text of NumPy's stands here.
`functions.py`: whose docstrings; `session.py`: one docstring run by CPython; `rules.py`: which statements count, fixed
before compiled code was looked at (`denominator.txt`: how many they are); `alone.py`: a statement as a function;
`compiled.py`: what compiled code makes of it; `results.txt`: how many were right when it was last written.
"""
