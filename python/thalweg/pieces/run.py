"""Running a refused function: CPython runs the driving function, the pieces are programs."""

import ast
import types
import warnings

import numpy

from thalweg.errors import Notice
from thalweg.pieces.cut import PIECES, Cutter, refused_statement
from thalweg.types import Expression

MOST_BUILDS = 8   # of a piece whose arguments are no arrays or numbers; then CPython runs it
MOST_OBJECTS = 4  # whose attributes one piece reads; then CPython runs what mentions them

_ELEMENTS = "?bhilqBHILQefdFD"  # dtype characters that programs take
_NUMBERS = (bool, float, complex, type(None))
_NAMED = (str, type, types.BuiltinFunctionType, types.ModuleType)


def function_of(node, original, cells):
    """The function that a tree says, where the original one was made: its globals, closure and file."""
    import __future__

    code = original.__code__
    features = sum(getattr(__future__, each).compiler_flag for each in __future__.all_feature_names)
    outer = ast.parse("def outer(): pass").body[0]
    outer.args.args = [ast.arg(name) for name in [*code.co_freevars, *cells]]
    outer.body = [node]
    module = ast.fix_missing_locations(ast.Module([outer], []))
    made = compile(module, code.co_filename, "exec", flags=code.co_flags & features, dont_inherit=True)
    for _ in range(2):
        made = next(each for each in made.co_consts if isinstance(each, types.CodeType))
    known = {**dict(zip(code.co_freevars, original.__closure__ or ())), **cells}
    closure = tuple(known[name] for name in made.co_freevars)
    return types.FunctionType(made, original.__globals__, original.__name__, None, closure)


class RunningPiece:
    """One piece: a program of its own, cut again where an argument is none that programs take."""

    def __init__(self, piece, program, source):
        _, file, text, first = source  # the text is that of the whole function: lines and columns count in the file
        function = function_of(piece.node, program._function, {})
        function.__qualname__, function.__module__ = program.__qualname__, program.__module__
        self._names = [*piece.inputs, *piece.symbols]
        self._symbols = [None] * len(piece.inputs) + piece.symbols
        self._objects = set()
        self.program = program.piece(function, (piece.node, file, text, first))
        self.program._results = {(piece.end[0], piece.end[1] + k): name for k, name in enumerate(piece.outputs)}

    def __call__(self, *arguments):
        if any(self._symbols):
            arguments = tuple(value.__index__() if symbol else value for value, symbol in zip(arguments, self._symbols))
        for k, value in enumerate(arguments):
            if not self._takes(value):
                return _driver_of(self.program, self._names[k], value).function(*arguments)
        return self.program(*arguments)

    def _takes(self, value):
        kind = type(value)
        if kind is numpy.ndarray or kind is numpy.memmap:
            return value.dtype.char in _ELEMENTS
        if kind is int:
            return -2**63 <= value < 2**63
        if kind in _NUMBERS:
            return True
        if isinstance(value, numpy.generic):
            return value.dtype.char in _ELEMENTS
        if kind.__module__ == "numpy.random._generator":
            return True
        if kind.__module__.startswith("scipy.sparse"):
            return value.format in ("csr", "csc", "coo") and len(value.shape) == 2
        named = isinstance(value, _NAMED) or kind is types.FunctionType and not value.__closure__
        named = named or kind is tuple and all(type(each) in (int, str, float, bool) for each in value)
        return (named or self._knows(value)) and len(self.program.builds) < MOST_BUILDS

    def _knows(self, value):
        """An object of a class of the user's, whose attributes are looked up at every call."""
        if type(value).__module__ == "builtins" or isinstance(value, (numpy.ndarray, type)):
            return False
        if id(value) not in self._objects and len(self._objects) < MOST_OBJECTS:
            self._objects.add(id(value))
        return id(value) in self._objects


class Driver:
    """What runs instead of a program: CPython runs `function`, which calls the `pieces`.

    Attributes: `lines`, those of the statements that CPython runs because of what was refused.
    """

    def __init__(self, program, what, refused=None, mentioned=None, bound=None):
        """`what` goes into the notice: the reason."""
        original = program._function
        source = node, *_ = program._source()
        symbols = {name for name, value in original.__globals__.items() if isinstance(value, Expression)}
        cutter = Cutter(node, refused and refused(node), mentioned, bound, symbols)
        driving = None if _has_mangled_names(original) else cutter.driver()
        self.lines = [original.__code__.co_firstlineno]
        self.pieces, self.function = [], original
        where, around = "all of", ""
        if driving is not None:
            self.pieces = [RunningPiece(piece, program, source) for piece in cutter.pieces]
            self.function = self._made(driving, original)
        if cutter.refused or driving is not None:
            self.lines = cutter.lines()
            where = f"line{'s' if len(self.lines) > 1 else ''} {', '.join(map(str, self.lines))} of"
            around = "" if self.pieces else ", and nothing around it is compiled"
        text = f"{where} {original.__qualname__}() in CPython{around} (strict=True makes this an error): {what}"
        module = original.__module__ or "<unknown>"  # without one the notice would not be shown
        warnings.warn_explicit(text, Notice, original.__code__.co_filename, self.lines[0], module)

    def _made(self, driving, original):
        driving.args.defaults, driving.args.kw_defaults = [], [None] * len(driving.args.kwonlyargs)
        function = function_of(driving, original, {PIECES: types.CellType(self.pieces)})
        function.__defaults__, function.__kwdefaults__ = original.__defaults__, original.__kwdefaults__
        function.__qualname__, function.__module__ = original.__qualname__, original.__module__
        return function


def _has_mangled_names(function):
    """Whether the class that a method stands in changes names of it (__name)."""
    code = function.__code__
    names = (*code.co_varnames, *code.co_names, *code.co_cellvars, *code.co_freevars)
    return "." in function.__qualname__ and any(
        name.startswith("_") and "__" in name[1:] and not name.endswith("__") for name in names)


def _driver_of(program, name, value):
    """The driver of a program of which a parameter is given an object that programs do not take."""
    driver = program._drivers.get(name)
    if driver is None:
        what = f"'{name}' is an object of class {type(value).__name__}"
        driver = program._drivers[name] = Driver(program, what, mentioned=name)
    return driver


def in_pieces(program, args, kwargs, line, column, why):
    """The call of a program that was refused at a place of its text (called by the compiled module)."""
    from thalweg.program import plain_call

    driver = program._drivers.get((line, column))
    if driver is None:
        def refused(node):
            return refused_statement(node, line, column) if line else None

        # what cannot be a piece's result is left where it is bound
        driver = program._drivers[line, column] = Driver(program, why, refused, bound=program._results.get((line, column)))
    return plain_call(driver.function, program._declared, args, kwargs)
