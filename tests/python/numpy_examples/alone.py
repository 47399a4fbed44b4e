"""A statement of a session as a function of what it reads."""

import ast
import builtins
import linecache
import math

import numpy

from .session import copies, names_bound


def printed_values(tree):
    """The arguments of a statement that is one plain call of print."""
    call = tree.value if isinstance(tree, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print" and call.args \
            and not call.keywords and not any(isinstance(each, ast.Starred) for each in call.args):
        return call.args
    return None


def _written(value, name, parameters):
    """Text that makes a value again: lists, tuples and texts as literals; arrays and numbers become parameters."""
    if type(value) in (list, tuple):
        items = []
        for k, item in enumerate(value):
            plain = type(item) in (bool, int) or type(item) in (float, complex) and math.isfinite(abs(item))
            items.append(repr(item) if plain else _written(item, f"{name}_{k}", parameters))
        if type(value) is list:
            return f"[{', '.join(items)}]"
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    if isinstance(value, (numpy.ndarray, numpy.generic, int, float, complex)):
        parameters[name] = value
        return name
    return repr(value)


def _body(step):
    """The lines of the statement, with a return of what it gives."""
    values = printed_values(step.tree)
    if values is not None:
        return [f"return {', '.join(map(ast.unparse, values))}"]
    text = ast.unparse(step.tree)
    if isinstance(step.tree, ast.Expr):
        return [text if step.value is None and step.error is None else f"return {text}"]
    return [text] + ([f"return {', '.join(step.after)}"] if step.after else [])


def function_of(step):
    """(a plain function, its arguments). Functions and modules of the session are its globals."""
    parameters, lines = {}, []
    for name, value in step.names.items():
        if name not in step.reached:
            text = _written(value, name, parameters)
            if text != name:
                lines.append(f"{name} = {text}")
    head = f"def example({', '.join(parameters)}):"
    text = "\n    ".join([head, *lines, *_body(step)]) + "\n"
    file = f"<numpy.{step.name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    space = {**step.reached, "__builtins__": builtins, "__name__": "session"}
    exec(compile(text, file, "exec"), space)
    return space["example"], list(parameters.values())


def text_of(step):
    """The statement as it can be shown: the function's text and its arguments."""
    function, arguments = function_of(step)
    names = function.__code__.co_varnames
    lines = [f"{name} = {value!r}" for name, value in zip(names, arguments)]
    return "\n".join([*lines, *map(str.rstrip, linecache.getlines(f"<numpy.{step.name}>"))])


def run(function, arguments):
    """(result, exception, the arguments afterwards), on copies."""
    given = copies(arguments)
    try:
        with numpy.errstate(all="ignore"):
            return function(*given), None, given
    except Exception as error:
        return None, error, given


def _shown(step, result):
    values = printed_values(step.tree)
    if values is not None:
        return " ".join(map(str, result if len(values) > 1 else (result,)))
    if isinstance(step.tree, ast.Expr):
        return "" if result is None else repr(result)
    return repr(result)


def stands(step):
    """(whether the function alone does what the statement did in its session, its result)."""
    try:
        function, arguments = function_of(step)
    except SyntaxError:
        return False, None
    result, error, _ = run(function, arguments)
    if step.error is not None or error is not None:
        return type(step.error) is type(error), None
    if printed_values(step.tree) is not None:
        return _shown(step, result) == step.printed.rstrip("\n"), result
    if isinstance(step.tree, ast.Expr):
        return _shown(step, result) == step.shown, result
    bound = list(step.after.values())
    return not bound or repr(result) == repr(tuple(bound) if len(bound) > 1 else bound[0]), result
