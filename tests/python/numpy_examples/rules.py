"""Which statements of a docstring count ("legal"), and why each other one does not.

These rules were written, and the numbers in denominator.txt committed, before compiled code was run on any example.
They ask only CPython: a statement is legal if it does something with NumPy on arrays or numbers, does the same
whenever it is run, also as a function of what it reads, and prints what the docstring says. What the compiler knows is
not asked.
"""

import ast
import doctest
import re
import types

import numpy

from . import alone
from .session import NOT_RUN, names_read

SETTINGS = {"set_printoptions", "get_printoptions", "printoptions", "errstate", "seterr", "geterr", "seterrcall",
            "geterrcall", "getbufsize", "setbufsize", "info", "show_config", "show_runtime", "test"}
UNINITIALISED = {"empty", "empty_like"}
RANDOM = {"random", "default_rng", "rng", "RandomState"}
OPERATIONS = (ast.Call, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Subscript, ast.Attribute)
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def kind_of(value):
    """What a value is made of: "numbers", "texts", "a type" or "other objects"."""
    if isinstance(value, (type, numpy.dtype)):
        return "a type"
    if type(value) in (bool, int, float, complex):
        return "numbers"
    if isinstance(value, (str, bytes)):
        return "texts"
    if type(value) is numpy.ndarray or isinstance(value, numpy.generic):
        return "numbers" if value.dtype.kind in "?biufc" else "texts"
    if isinstance(value, (tuple, list)):
        kinds = {kind_of(each) for each in value} - {"numbers"}
        return kinds.pop() if kinds else "numbers"
    return "other objects"


def _without_scalar_types(text):
    text = re.sub(r"\bnp\.(True|False)_", r"\1", re.sub(r"\bnp\.complex\d+\(", "(", text))
    return re.sub(r"\bnp\.(?:u?int|float|longdouble)\d*\(([^()]*)\)", r"\1", text)


def as_documented(wanted, printed):
    """The installed NumPy prints what its docstring says, but for blanks, comments and the last digits.

    Many docstrings leave the type of a scalar out: they say 2.5 for np.float64(2.5), True for np.True_.
    """
    wanted, printed = map(_without_scalar_types, (re.sub(r"\s*#.*$", "", wanted, flags=re.MULTILINE), printed))
    if doctest.OutputChecker().check_output(wanted, printed, doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS):
        return True
    texts = [re.sub(r"\s", "", NUMBER.sub("#", text)) for text in (wanted, printed)]
    numbers = [[float(each) for each in NUMBER.findall(text)] for text in (wanted, printed)]
    return texts[0] == texts[1] and len(numbers[0]) == len(numbers[1]) and all(
        abs(one - other) <= 1e-3 * abs(other) + 1e-8 for one, other in zip(*numbers))


def _before_it_runs(step):
    tree, words = step.tree, {node.attr for node in ast.walk(step.tree) if isinstance(node, ast.Attribute)}
    words |= set(names_read(tree))
    if isinstance(tree, (ast.Import, ast.ImportFrom)):
        return "imports"
    if not isinstance(tree, (ast.Expr, ast.Assign, ast.AugAssign)):
        return "another kind of statement"
    if step.value is NOT_RUN and step.error is None:
        return "marked to be skipped"
    if words & RANDOM:
        return "random numbers"
    if words & SETTINGS:
        return "settings"
    if words & UNINITIALISED:
        return "uninitialised elements"
    return None


def _of_numpy(value):
    name = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", None)
    return isinstance(value, numpy.ufunc) or str(name).split(".")[0] == "numpy"


def _holds_array(value):
    if type(value) in (list, tuple):
        return any(map(_holds_array, value))
    return isinstance(value, (numpy.ndarray, numpy.generic))


def _operates(step):
    """It reads an array or NumPy, and does more than naming values."""
    modules = {name for name, value in step.reached.items() if isinstance(value, types.ModuleType)}

    def is_operation(node):
        constant = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules
        return isinstance(node, OPERATIONS) and not constant
    parts = alone.printed_values(step.tree) or [step.tree.value]
    targets = getattr(step.tree, "targets", [])
    stores = isinstance(step.tree, ast.AugAssign) or any(isinstance(each, ast.Subscript) for each in targets)
    read = [step.reached.get(name) for name in names_read(step.tree)]
    known = any(map(_holds_array, step.names.values())) or any(map(_of_numpy, read))
    return known and (stores or any(is_operation(node) for part in parts for node in ast.walk(part)))


def _raises(step):
    """Why a statement that raises does not count."""
    name = step.wanted_error.split(":")[0].strip().split(".")[-1]
    return None if name == type(step.error).__name__ else "raises unlike the docstring"


def _reads(step):
    """Why the values that it reads can be no arguments."""
    for name, value in step.names.items():
        plain = name in step.reached or value is None or value is ... or isinstance(value, (str, slice))
        if not plain and kind_of(value) != "numbers":
            return kind_of(value)
    return None


def _gives(result):
    return None if result is None or kind_of(result) == "numbers" else kind_of(result)


def reason_against(step, again):
    """None for a legal statement; `again` is the same statement when the docstring was run another time."""
    reason = _before_it_runs(step)
    if reason:
        return reason
    if step.error is not None or step.wanted_error:
        reason = _raises(step)
    elif (step.printed and alone.printed_values(step.tree) is None) or (
            (step.shown or step.printed) and not as_documented(step.wanted, step.whole)):
        reason = "printed otherwise by the installed NumPy"
    elif (step.shown, step.printed) != (again.shown, again.printed):
        reason = "not the same when run again"
    reason = reason or _reads(step)
    if reason:
        return reason
    if not _operates(step):
        return "no operation on arrays"
    stands, result = alone.stands(step)
    return _gives(result) if stands else "cannot stand alone"
