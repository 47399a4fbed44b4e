"""What can be given by position and by name is what NumPy's own signatures say, for every function that is compiled."""

import inspect

import numpy as np
import pytest

import thalweg
from support import function_from
from thalweg import _thalweg
from thalweg.definitions import definition_of
from thalweg.definitions.index import FAMILY_OF

ROWS = dict(_thalweg.known_functions())
POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
# By position NumPy takes what its signature names last; *args are written as single parameters in a definition.
OTHERWISE = {"numpy.arange": {"start_or_stop", "start", "dtype"}, "numpy.gradient": {"first", "second", "third"},
             **{f"numpy.{name}": {"out[0]", "out[1]", "out"} for name in ("divmod", "modf", "frexp")}}
REST = inspect.Parameter.VAR_POSITIONAL
UFUNCS = {count: [*(inspect.Parameter(f"x{k}", POSITIONAL[0]) for k in range(count)), inspect.Parameter("out", POSITIONAL[1]),
                  *(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY)
                    for name in "where axes axis keepdims casting order dtype subok signature".split())] for count in (1, 2)}


def numpys(path):
    """The parameters that NumPy's function says to have, or None."""
    function = np
    for part in path.split(".")[1:]:
        function = getattr(function, part, None)
    if function is None or isinstance(function, type):
        return None
    if isinstance(function, np.ufunc):
        return UFUNCS[function.nin]
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None


def ours(path):
    """(name, by position, by name) of each parameter."""
    if path not in ROWS:
        return [(each.name, each.kind in POSITIONAL, each.kind not in (inspect.Parameter.POSITIONAL_ONLY, REST))
                for each in inspect.signature(definition_of(path)).parameters.values()]
    found, by_position = [], True
    for part in ROWS[path].split(", "):
        if part == "/":
            found = [(name, True, False) for name, _, _ in found]
        elif part == "*":
            by_position = False
        elif part not in ("...", ""):
            found.append((part.rstrip("?"), by_position, True))
    return found


PATHS = sorted(path for path in {*FAMILY_OF, *ROWS} if path.startswith("numpy.") and numpys(path)
               and not path.startswith(("numpy.random", "numpy.ufunc.")))


def test_there_are_signatures():
    assert len(PATHS) > 230, len(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_as_numpys(path):
    theirs, skipped = numpys(path), OTHERWISE.get(path, set())
    places = [each.name for each in theirs if each.kind in POSITIONAL]
    names = {each.name for each in theirs if each.kind not in (inspect.Parameter.POSITIONAL_ONLY, REST)}
    rest = any(each.kind is REST for each in theirs)
    others = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in theirs)
    for place, (name, by_position, by_name) in enumerate(ours(path)):
        if name in skipped or name == "self":
            continue
        if by_position and not rest:
            assert place < len(places), f"{name} is not by position in NumPy"
            assert by_name is False or places[place] == name, f"NumPy's parameter {place} is {places[place]}, found {name}"
        if by_name and not (rest and by_position):
            assert name in names or others, f"{name} is no keyword in NumPy"


@pytest.mark.parametrize("call", [
    "np.unstack(a, 0)", "np.vdot(a=a, b=a)", "np.argmax(a, 0, None, True)", "np.std(a, 0, None, None, 0, False, True)",
    "np.where(condition=a)", "np.linalg.matrix_norm(a, True)", "np.sort(a, 0, None, None, True)", "np.reshape(a=a, shape=4)",
    "np.concatenate(arrays=(a, a))", "np.linalg.trace(a, 1)", "np.clip(a, 1)", "np.clip(a, a_max=2)", "np.arange(None)",
    "np.arange(start=3)", "np.arange(None, 3)", "np.arange(3, start=2)", "np.sqrt(x=a)", "np.add(x1=a, x2=a)",
    "np.shares_memory(a=a, b=a)"])
def test_wrong_calls(call):
    function = function_from(f"import numpy as np\ndef program(a):\n    return {call}\n", f"<signature {call}>", "program")
    program, a = thalweg.program(function, strict=True), np.arange(4.0).reshape(2, 2)
    with pytest.raises(TypeError):
        function(a)
    with pytest.raises(thalweg.CompileError) as caught:
        program.interpret(a)
    assert isinstance(caught.value, TypeError) and not isinstance(caught.value, thalweg.InternalError), caught.value


@pytest.mark.parametrize("call", [
    "np.arange(5, None, 2)", "np.arange(5, step=2)", "np.arange(stop=5)", "np.arange(stop=5, step=2)", "np.arange(start=1, stop=4)",
    "np.arange(5, None, None, np.float64)", "np.arange(2, 9, None)", "np.clip(a, min=1)", "np.clip(a, max=2, min=1)", "a.clip(1)",
    "a.clip(max=2)", "a.clip(1, 2)", "np.clip(a, None, 2)", "np.clip(a)", "a.clip()", "np.mean(a, dtype=np.int64)",
    "np.mean(a, 0, np.int32)", "np.mean(a, axis=1, dtype=np.int64)", "np.trapezoid(a, dx=np.ones((2, 2, 1)))",
    "np.polymul([], [1.0, 2.0])", "np.isscalar(np.float64)", "np.isscalar(len)", "np.isscalar('a')", "np.isscalar(2j)"])
def test_right_calls(call):
    function = function_from(f"import numpy as np\ndef program(a):\n    return {call}\n", f"<signature {call}>", "program")
    program, a = thalweg.program(function, strict=True), np.arange(4.0).reshape(2, 2) * 1.25
    expected = function(a)
    for found in (program.interpret(a), program(a)):
        assert type(found) is type(expected)
        assert np.asarray(found).dtype == np.asarray(expected).dtype
        np.testing.assert_array_equal(found, expected)


def test_only_by_position():
    """/ of functions that are called from a program."""
    text = ("def program(a):\n    def helper(x, /, y=1, **more):\n        return x + y\n"
            "    def narrow(x, /):\n        return x\n    return {}\n")
    right = function_from(text.format("helper(a, y=2) + helper(a, x=5)"), "<position right>", "program")
    assert thalweg.program(right, strict=True)(2.0) == right(2.0)
    wrong = function_from(text.format("narrow(x=a)"), "<position wrong>", "program")
    with pytest.raises(TypeError):
        wrong(2.0)
    with pytest.raises(thalweg.CompileError, match="'x' only by position"):
        thalweg.program(wrong, strict=True)(2.0)


def test_errors_name_the_function_that_was_called():
    """Not the definition that is written for it."""
    for call, name in (("np.vecdot(a)", "vecdot"), ("np.argsort()", "argsort"), ("np.linalg.vecdot(x1=a, x2=a)", "vecdot")):
        function = function_from(f"import numpy as np\ndef program(a):\n    return {call}\n", f"<name {call}>", "program")
        with pytest.raises(TypeError, match=rf"^{name}\(\) "):
            thalweg.program(function, strict=True).interpret(np.ones((2, 2)))
