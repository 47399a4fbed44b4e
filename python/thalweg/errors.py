"""The exceptions that Thalweg raises when it says no.

Every class is a `CompileError` and, where CPython or NumPy would refuse the same program, also the builtin class that
they would raise: `except ValueError` keeps working.
"""

import builtins

import numpy

__all__ = ["CompileError", "InternalError", "Notice", "UnsupportedError"]


class CompileError(Exception):
    """A program, or a call of it, that cannot be compiled.

    Attributes: `code` (the entry in docs/errors.md, e.g. "TW0103"), `lineno` (line in the user's file, or 0).
    """

    code = ""
    lineno = 0


class UnsupportedError(CompileError, NotImplementedError):
    """Python or NumPy that Thalweg does not compile; the message says what to write instead."""


class InternalError(CompileError):
    """A bug in Thalweg. The plain function still runs: `program.f(...)`."""


class Notice(UserWarning):
    """Something worth knowing about a call: an argument had to be copied, a call back into CPython."""


def _also(name):
    builtin = getattr(builtins, name)
    return type(name, (CompileError, builtin), {"__doc__": f"A program that would raise {name} under CPython.",
                                                "__module__": __name__})


_CLASSES = {name: _also(name) for name in ("SyntaxError", "TypeError", "ValueError", "IndexError", "OverflowError",
                                          "ZeroDivisionError", "NameError")}
# A local name that is read before it is bound.
_CLASSES["TW1002"] = _also("UnboundLocalError")
# NumPy's own class, where it has one of its own.
_CLASSES["TW1068"] = type("AxisError", (CompileError, numpy.exceptions.AxisError),
                          {"__doc__": "An axis that the array does not have.", "__module__": __name__})
_CLASSES["LinAlgError"] = type("LinAlgError", (CompileError, numpy.linalg.LinAlgError),
                               {"__doc__": "What NumPy's linear algebra would refuse.", "__module__": __name__})
_CLASSES.update(UnsupportedError=UnsupportedError, InternalError=InternalError)


def make(family, text, code, line):
    """The exception object of a diagnostic (called by the compiled module)."""
    error = _CLASSES.get(code, _CLASSES[family])(text)
    error.code = code
    try:
        error.lineno = line
    except AttributeError:
        pass
    return error
