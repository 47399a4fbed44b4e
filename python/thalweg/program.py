"""The decorator: `thalweg.program`."""

import functools
import os
import pickle
import types

import numpy

from thalweg import _thalweg
from thalweg.arrays import borrowed
from thalweg.explain import Explanation, of_build
from thalweg.source_text import UNKNOWN, source_of, stamp_of
from thalweg.types import Annotation, ElementType, Expression, bind_shapes, bound


_REST = 0x04 | 0x08  # inspect.CO_VARARGS, CO_VARKEYWORDS (inspect takes long to import)


def _annotations_of(function):
    """Evaluated annotations; those written as text are evaluated in the function's globals."""
    found = {}
    for name, value in getattr(function, "__annotations__", {}).items():
        if isinstance(value, str):
            try:
                value = eval(value, function.__globals__)
            except Exception:
                continue
        found[name] = value
    return found


def _parameters_of(function):
    code = function.__code__
    return code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]


def _raise_binding_error(function, args, kwargs):
    """Raises the TypeError that CPython would raise for this call (called by the compiled module)."""
    import inspect

    code, empty = function.__code__, (lambda: None).__code__
    names = _parameters_of(function)
    stub = types.FunctionType(
        empty.replace(co_argcount=code.co_argcount, co_posonlyargcount=code.co_posonlyargcount,
                      co_kwonlyargcount=code.co_kwonlyargcount, co_nlocals=len(names), co_varnames=names,
                      co_name=code.co_name, co_flags=empty.co_flags | code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS)),
        {}, function.__name__, function.__defaults__)
    stub.__kwdefaults__, stub.__qualname__ = function.__kwdefaults__, function.__qualname__
    stub(*args, **kwargs)


def _symbols_in(function, declared, kwargs):
    """The symbols among keyword arguments: {name: int}."""
    parameters = _parameters_of(function)
    names = {name for name, value in function.__globals__.items() if isinstance(value, Expression) and name in kwargs}
    for annotation in declared.values():
        for extent in annotation.shape if isinstance(annotation, Annotation) else ():
            names.update(extent.names if isinstance(extent, Expression) else ())
    return {name: kwargs[name] for name in kwargs if name in names and name not in parameters}


def _as_seen(value):
    """An argument as programs see it: arrays of other libraries are NumPy's over the same memory."""
    if value is None or isinstance(value, (numpy.ndarray, numpy.generic, int, float, complex, str, tuple)):
        return value
    try:
        array = borrowed(value)
    except TypeError:
        return value
    return value if array is None else array


def plain_call(function, declared, args, kwargs):
    """Runs a plain function as its annotations say: symbols have values, annotated scalars have their type."""
    args, kwargs = [*map(_as_seen, args)], {name: _as_seen(value) for name, value in kwargs.items()}
    given = _symbols_in(function, declared, kwargs)
    if given:
        kwargs = {name: value for name, value in kwargs.items() if name not in given}
    names = _parameters_of(function)
    if any(isinstance(annotation, ElementType) for annotation in declared.values()):
        def convert(name, value):
            annotation = declared.get(name)
            return annotation.convert(value) if isinstance(annotation, ElementType) else value

        args = [*map(convert, names, args), *args[len(names):]]
        kwargs = {name: convert(name, value) for name, value in kwargs.items()}
    symbols = {**bind_shapes(declared, {**dict(zip(names, args)), **kwargs}), **given}
    if not symbols:
        return function(*args, **kwargs)
    with bound(symbols):
        return function(*args, **kwargs)


class Program(_thalweg.Program):
    """A compiled function. Calling it compiles what the call needs (once) and runs it.

    Attributes:
        f: the plain Python function; `program.f(...)` runs without Thalweg, with the same result.
        builds: what was compiled, and why.
    """

    def __init__(self, function, *, strict=False, optimise=True, bounds=True, stamp=None, source=None):
        annotations = _annotations_of(function)
        source = source or functools.partial(source_of, function, stamp or stamp_of(function))
        super().__init__(function, source, annotations, strict, optimise, bounds)
        functools.update_wrapper(self, function)
        self._function, self._source, self._declared = function, source, annotations
        self._options = {"optimise": optimise, "bounds": bounds}
        self._drivers = {}  # what runs instead where something was refused, by the place of that
        self._results = {}  # of a piece: the names of its results by their places

    def piece(self, function, source):
        """The program of a piece of this one, whose text is `source` (see thalweg.source_text.source_of)."""
        return Program(function, source=lambda: source, **self._options)

    def __get__(self, instance, owner=None):
        """Functions of classes are methods, decorated or not."""
        return self if instance is None else types.MethodType(self, instance)

    def f(self, *args, **kwargs):
        """Runs the plain function; symbols of its annotations have the values that the arguments' shapes give."""
        return plain_call(self._function, self._declared, args, kwargs)

    def compile(self, *args, **kwargs):
        """Compiles for these example arguments, or for the annotations alone; returns the build.

        Raises CompileError (with file, line and caret) for what cannot be compiled.
        """
        build = self._planned(args, kwargs)
        self._compile(build)
        return build

    def _planned(self, args, kwargs):
        """The build without machine code, if nobody has asked for that yet."""
        return self._build_for(*args, **kwargs) if args or kwargs else self._build_annotated()

    def to_sdfg(self, *args, **kwargs):
        """The dataflow graph as the frontend makes it, for these example arguments or the annotations alone."""
        return self._planned(args, kwargs).graph

    def explain(self):
        """What was made of the program: for every build its guards and for every loop nest its verdict and why.

        The result prints as text; `.json()` and `.data` give the same for programs, and it is a list of dicts, one a
        build (see thalweg.explain.Explanation). Builds of pieces, where CPython runs a part, are among them.
        """
        return Explanation(self.__name__, [of_build(build) for each in self.pieces for build in each.builds])

    @property
    def pieces(self):
        """The programs that calls run: this one, and those around statements that CPython runs."""
        inner = [piece.program for driver in self._drivers.values() for piece in driver.pieces]
        return [self, *(each for program in inner for each in program.pieces)]

    @property
    def cpython_lines(self):
        """The lines of the statements that calls so far have left to CPython."""
        return sorted({line for program in self.pieces for driver in program._drivers.values() for line in driver.lines})

    def __copy__(self):
        return self  # programs are copied as functions are

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        """Pickled by name, as functions are."""
        if "<locals>" in self.__qualname__:
            raise pickle.PicklingError(
                f"cannot pickle {self!r}: it is defined inside a function, and programs are pickled by name\n"
                "  fix: define it at the top of a module"
            )
        return self.__qualname__

    def __repr__(self):
        return f"<thalweg program {self.__qualname__}>"


def stand_in(function):
    """The program that has the text of a plain function, to be inlined where another program calls it.

    Raises CompileError where a program cannot have its parameters (called by the compiled module).
    """
    return Program(function, stamp=UNKNOWN)


class _Plain:
    """What `@program` gives under THALWEG=off: the function itself, with the same attributes."""

    builds = ()

    def __init__(self, function):
        functools.update_wrapper(self, function)
        self._function = function
        self._declared = _annotations_of(function)

    f = Program.f
    __get__, __copy__, __deepcopy__ = Program.__get__, Program.__copy__, Program.__deepcopy__
    __reduce__, __repr__ = Program.__reduce__, Program.__repr__

    def __call__(self, *args, **kwargs):
        return self.f(*args, **kwargs)

    def explain(self):
        return Explanation(self.__name__, [])


def program(function=None, *, strict=None, optimise=True, bounds=True):
    """Compiles a function when it is called: `@thalweg.program`.

    Args:
        strict: what would be left to CPython is an error instead of a notice; without it given, THALWEG_STRICT=1 in
            the environment says so for every program.
        optimise: run the optimising passes (off: the frontend's graph is lowered as it is).
        bounds: an index out of bounds raises IndexError, as in NumPy. Off: it is not looked for, and reads or writes
            other memory; for measuring what the checks cost.

    With THALWEG=off in the environment the plain function runs instead.
    """
    if strict is None:
        strict = os.environ.get("THALWEG_STRICT") == "1"
    if function is None:
        return functools.partial(program, strict=strict, optimise=optimise, bounds=bounds)
    if isinstance(function, (Program, _Plain)):
        return function
    if not isinstance(function, types.FunctionType):
        raise TypeError(f"thalweg.program decorates a function, found {function!r}\n"
                        "  fix: decorate a def function; of a class, its methods")
    if os.environ.get("THALWEG") == "off":
        return _Plain(function)
    kind = Program
    if function.__code__.co_flags & _REST:
        from thalweg.variadic import Variadic as kind
    return kind(function, strict=strict, optimise=optimise, bounds=bounds)


def method(function=None, **options):
    """`@thalweg.method`: a program that is a method. Its object's attributes are read at each call, arrays where they lie;
    of a dataclass its numbers are run-time values, of another class a call with another number gets a build of its own.
    Options as for `program`.
    """
    return program(function, **options)
