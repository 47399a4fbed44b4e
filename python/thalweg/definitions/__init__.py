"""Functions of NumPy written in terms of simpler ones: plain functions that the compiler inlines where they are called.

One file a family, one function an entry; `DEFINITIONS` of each maps NumPy's public path to it, `index.py` says which
family has it. They follow NumPy's own
way of computing, so that results have the same bits where NumPy promises them. They are compiled, never run; what a
definition does not do it says with `raise NotImplementedError("...")`, which becomes the error at the user's call, and
what only a value decides with `raise UnsupportedError("...")`, which is raised when the program comes there. Paths
of three parts that NumPy does not have ("numpy.place.masked") are what the compiler itself calls. "numpy.ufunc.reduce" is
`reduce` of every ufunc, which is its first argument: so are the other methods of ufuncs.
"""

import inspect
from importlib import import_module

import numpy as np

from thalweg.definitions.index import FAMILY_OF
from thalweg.program import Program

_programs = {}


def definition_of(path):
    """The function that defines a path; its family is read when the first of it is asked for."""
    return import_module(f"thalweg.definitions.{FAMILY_OF[path]}").DEFINITIONS[path]


_OF_UFUNCS = {"out", "where", "axes", "axis", "keepdims", "casting", "order", "dtype", "subok", "signature"}


def _public(path):
    """The object of a public path."""
    module, *names = path.split(".")
    function = import_module(module)
    for name in names:
        function = getattr(function, name)
    return function


def accepts(path, keyword):
    """Whether the function of this public path has such a parameter; True where it does not say (called by the
    compiled module)."""
    try:
        function = _public(path)
        if isinstance(function, np.ufunc):
            return keyword in _OF_UFUNCS
        parameters = inspect.signature(function).parameters
    except (ImportError, AttributeError, TypeError, ValueError):
        return True
    return keyword in parameters or any(each.kind is each.VAR_KEYWORD for each in parameters.values())


def accepts_positional(path, count):
    """Whether the function of this public path takes so many arguments by position; True where it does not say (called
    by the compiled module)."""
    try:
        function = _public(path)
        if isinstance(function, np.ufunc):
            return count <= function.nargs
        parameters = inspect.signature(function).parameters.values()
    except (ImportError, AttributeError, TypeError, ValueError):
        return True
    by_position = [each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    return count <= len(by_position) or any(each.kind is each.VAR_POSITIONAL for each in parameters)


def program_of(path):
    """The program that has the text of a definition, or None (called by the compiled module)."""
    if path not in FAMILY_OF:
        return None
    if path not in _programs:
        _programs[path] = Program(definition_of(path))
    return _programs[path]
