"""Symbols and element types for annotations: ``A: thalweg.float64[N, M + 1]``.

Under plain Python a symbol has a value while an annotated program's function runs (`program.f(...)`), taken from the
shapes of its arguments; outside it only builds expressions. An element type is also NumPy's constructor:
``thalweg.float32(x)`` is ``numpy.float32(x)``.
"""

import operator
import threading

import numpy


class _Bindings(threading.local):
    """Values of symbols while plain functions run, one stack a thread; a later binding hides an earlier one."""

    def __init__(self):
        self.frames = []


_bindings = _Bindings()


def _value(name):
    for frame in reversed(_bindings.frames):
        if name in frame:
            return frame[name]
    return None


class bound:
    """Context manager: gives symbols values (a dict of ints) under plain Python."""

    def __init__(self, values):
        self._values = values

    def __enter__(self):
        _bindings.frames.append(self._values)

    def __exit__(self, *exception):
        _bindings.frames.pop()


class Expression:
    """An integer expression over symbols: text for annotations, and its value once all symbols have one."""

    def __init__(self, text, function, names=frozenset()):
        self._text, self._function, self.names = text, function, names

    def __str__(self):
        return self._text

    def __repr__(self):
        return self._text

    def __index__(self):
        value = self._function()
        if value is None:
            raise NameError(f"symbol expression {self._text} has no value here; symbols have values only while an "
                            "annotated program runs")
        return value

    __int__ = __index__

    def __float__(self):
        return float(self.__index__())

    def __bool__(self):
        return bool(self.__index__())

    def __array_ufunc__(self, function, method, *inputs, **options):
        """In NumPy's functions a symbol is the Python int that it stands for."""
        numbers = [operator.index(each) if isinstance(each, Expression) else each for each in inputs]
        return getattr(function, method)(*numbers, **options)

    def __array__(self, dtype=None, copy=None):
        return numpy.array(operator.index(self), dtype)

    def __neg__(self):
        return 0 - self

    def __hash__(self):
        return hash(self._text)

    def __eq__(self, other):
        value = self._function()
        if value is not None:
            return value == other
        return isinstance(other, Expression) and self._text == other._text

    def __lt__(self, other):
        return self.__index__() < other

    def __le__(self, other):
        return self.__index__() <= other

    def __gt__(self, other):
        return self.__index__() > other

    def __ge__(self, other):
        return self.__index__() >= other


def _binary(name, sign, reflected):
    function = getattr(operator, name)

    def apply(self, other):
        left, right = (other, self) if reflected else (self, other)
        known = self._function()
        if known is not None:
            other = other.__index__() if isinstance(other, Expression) else other
            return function(other, known) if reflected else function(known, other)
        if not isinstance(other, (int, Expression)):
            return NotImplemented

        def value():
            numbers = [side._function() if isinstance(side, Expression) else side for side in (left, right)]
            return None if None in numbers else function(*numbers)

        names = self.names | (other.names if isinstance(other, Expression) else frozenset())
        return Expression(f"({left} {sign} {right})", value, names)

    return apply


for _name, _sign in (("add", "+"), ("sub", "-"), ("mul", "*"), ("floordiv", "//"), ("mod", "%"), ("truediv", "/"),
                     ("pow", "**")):
    setattr(Expression, f"__{_name}__", _binary(_name, _sign, False))
    setattr(Expression, f"__r{_name}__", _binary(_name, _sign, True))


class symbol(Expression):
    """A named size: ``N = thalweg.symbol('N')``."""

    def __init__(self, name):
        if not name.isidentifier():
            raise ValueError(f"a symbol's name is an identifier, found {name!r}")
        self.__thalweg_symbol__ = name
        super().__init__(name, lambda: _value(name), frozenset((name,)))

    def __reduce__(self):
        return symbol, (self.__thalweg_symbol__,)


def _check_extent(extent):
    """Extents are symbols, expressions over them, and whole numbers that are not negative."""
    if isinstance(extent, Expression):
        return
    try:
        size = operator.index(extent)
    except TypeError:
        raise TypeError(f"an extent is a symbol or a whole number, found {extent!r}\n"
                        "  fix: write thalweg.symbol('N') for a size that varies") from None
    if size < 0:
        raise ValueError(f"an extent is not negative, found {extent!r}\n"
                         "  fix: write thalweg.symbol('N') for a size that varies")


class Annotation:
    """An array of an element type and extents; what ``thalweg.float64[N, M]`` gives."""

    def __init__(self, dtype, shape):
        self.dtype, self.shape = dtype, shape
        self.__thalweg_annotation__ = (str(dtype), tuple(str(extent) for extent in shape))

    def __repr__(self):
        return f"thalweg.{self.dtype}[{', '.join(map(str, self.shape))}]"


class ElementType:
    """A NumPy element type that can be subscripted with extents."""

    def __init__(self, name):
        self.name = name
        self.type = getattr(numpy, name if name != "bool" else "bool_")
        self.__thalweg_path__ = f"thalweg.{name}"
        self.__thalweg_annotation__ = (name, None)

    def __getitem__(self, shape):
        shape = shape if isinstance(shape, tuple) else (shape,)
        for extent in shape:
            _check_extent(extent)
        return Annotation(self.name, shape)

    def __call__(self, value):
        return self.type(value)

    def convert(self, value):
        """What an argument annotated with this type is inside the function; refused where a part would be lost."""
        ranks = dict(b=0, i=1, u=1, f=2, c=3)
        kind = numpy.result_type(value).kind if numpy.isscalar(value) and not isinstance(value, str) else ""
        if ranks.get(kind, 4) > ranks[self.type(0).dtype.kind]:
            raise TypeError(f"an argument annotated {self.name} cannot hold {value!r}")
        return self.type(value)

    def __repr__(self):
        return f"thalweg.{self.name}"


bool_ = ElementType("bool")
int8, int16, int32, int64 = (ElementType(f"int{bits}") for bits in (8, 16, 32, 64))
uint8, uint16, uint32, uint64 = (ElementType(f"uint{bits}") for bits in (8, 16, 32, 64))
float16, float32, float64 = (ElementType(f"float{bits}") for bits in (16, 32, 64))
complex64, complex128 = ElementType("complex64"), ElementType("complex128")


class _CompileTime:
    """An annotation: a value of this parameter is a constant of the program, and another value gets another build."""

    __thalweg_compiletime__ = True

    def __repr__(self):
        return "thalweg.compiletime"


compiletime = _CompileTime()


def bind_shapes(annotations, arguments):
    """Values of the symbols in annotations, from the arguments' shapes: {name: int}."""
    values = {}
    for name, annotation in annotations.items():
        if not isinstance(annotation, Annotation) or name not in arguments:
            continue
        for extent, size in zip(annotation.shape, numpy.shape(arguments[name])):
            if isinstance(extent, symbol):
                values.setdefault(extent.__thalweg_symbol__, size)
    return values
