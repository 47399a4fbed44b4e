"""One docstring run by CPython, statement by statement."""

import ast
import builtins
import contextlib
import ctypes
import doctest
import io
import linecache
import sys
import types
import warnings
from typing import Any, NamedTuple

import numpy

IMPORTED = ("numpy", "math", "cmath")  # what a statement of a session may import
NOT_RUN = object()
# What a function of the session may find among its globals.
GLOBALS = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type(numpy.sum), numpy.ufunc, type,
           numpy.dtype)


class Step(NamedTuple):
    """A statement, and what CPython made of it."""
    name: str          # of the function whose docstring it is, and its number there
    tree: ast.stmt
    wanted: str        # what the docstring says is printed
    wanted_error: str  # or raised
    names: dict        # of those that it reads, the values before it ran
    reached: dict      # modules, functions and types of the session
    value: Any = None  # of an expression; NOT_RUN
    error: Any = None
    shown: str = ""    # what its value prints
    printed: str = ""  # what it prints besides
    after: Any = None  # values of the names that it binds
    whole: str = ""    # what all statements of the example print


def copies(values):
    """The same values in other memory: strides, shared memory and whether an array may be written are kept."""
    memory = {}

    def copied(value):
        if type(value) in (list, tuple):
            return type(value)(map(copied, value))
        if type(value) is not numpy.ndarray or value.dtype.hasobject:
            return value
        if not value.size:
            return value.copy(order="K")
        base = value
        while isinstance(base.base, numpy.ndarray):
            base = base.base
        low, high = numpy.lib.array_utils.byte_bounds(base)
        if low not in memory:
            memory[low] = numpy.empty(high - low, numpy.uint8)
            ctypes.memmove(memory[low].ctypes.data, low, high - low)
        place = value.__array_interface__["data"][0] - low
        made = numpy.ndarray(value.shape, value.dtype, memory[low], place, value.strides)
        if not value.flags.writeable:
            made.flags.writeable = False
        return made
    with warnings.catch_warnings():  # NumPy warns where the flags of a broadcast array are read
        warnings.simplefilter("ignore")
        return [copied(value) for value in values]


def names_read(tree):
    found = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    return found + (names_bound(tree) if isinstance(tree, ast.AugAssign) else [])


def names_bound(tree):
    targets = tree.targets if isinstance(tree, ast.Assign) else [tree.target] if isinstance(tree, ast.AugAssign) else []
    return [node.id for target in targets for node in ast.walk(target)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def may_run(tree):
    """Imports of anything but NumPy are not run: what is installed beside it must not matter."""
    if isinstance(tree, ast.Import):
        return all(alias.name.split(".")[0] in IMPORTED for alias in tree.names)
    return not isinstance(tree, ast.ImportFrom) or (tree.module or "").split(".")[0] in IMPORTED


@contextlib.contextmanager
def _seeded():
    """What draws random numbers without a seed draws the same ones every time."""
    default_rng, state = numpy.random.default_rng, numpy.random.get_state()
    numpy.random.default_rng = lambda seed=0: default_rng(seed)
    numpy.random.seed(0)
    try:
        yield
    finally:
        numpy.random.default_rng = default_rng
        numpy.random.set_state(state)


def _run(tree, file, names):
    """(value, its text, error, what was printed besides)."""
    shown, before = [], sys.displayhook
    out = io.StringIO()

    def show(value):
        shown.append((value, "" if value is None else repr(value)))
    try:
        sys.displayhook = show
        with contextlib.redirect_stdout(out), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(ast.Interactive([tree]), file, "single"), names)
    except Exception as error:
        return None, "", error, out.getvalue()
    finally:
        sys.displayhook = before
    value, text = shown[-1] if shown else (None, "")
    return value, text, None, out.getvalue()


def steps(name, docstring):
    """The statements of a docstring in order."""
    space, found = {"np": numpy, "__builtins__": builtins, "__name__": "session"}, []
    with numpy.printoptions(), numpy.errstate(), _seeded():
        for k, example in enumerate(doctest.DocTestParser().get_examples(docstring)):
            file, first = f"<example {k} of numpy.{name}>", len(found)
            linecache.cache[file] = (len(example.source), None, example.source.splitlines(True), file)
            try:
                trees = ast.parse(example.source).body
            except SyntaxError:
                trees = []
            skipped = example.options.get(doctest.SKIP, False)
            for tree in trees:
                step = Step(f"{name} {len(found)}", tree, example.want, example.exc_msg or "", {}, {}, NOT_RUN)
                if not skipped and may_run(tree):
                    before = [each for each in dict.fromkeys(names_read(tree)) if each in space]
                    names = dict(zip(before, copies([space[each] for each in before])))
                    reached = {key: each for key, each in space.items()
                               if isinstance(each, GLOBALS)}
                    value, shown, error, printed = _run(tree, file, space)
                    bound = {each: space.get(each) for each in names_bound(tree)}
                    after = dict(zip(bound, copies(list(bound.values()))))
                    (value,) = copies([value])
                    step = step._replace(names=names, reached=reached, value=value, error=error, shown=shown,
                                         printed=printed, after=after)
                found.append(step)
            parts = [part for step in found[first:] for part in (step.printed.rstrip("\n"), step.shown) if part]
            found[first:] = [step._replace(whole="\n".join(parts)) for step in found[first:]]
    return found
