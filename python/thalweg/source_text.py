"""The text of a function, as its file (or notebook cell) holds it, and whether that text is what runs."""

import ast
import linecache
import os
import types

from thalweg.errors import CompileError, make

_COROUTINES = 0x80 | 0x200  # inspect.CO_COROUTINE, CO_ASYNC_GENERATOR (inspect takes long to import)
UNKNOWN = object()  # the stamp of a function of which it is not known what its file was then


def stamp_of(function):
    """What tells whether a function's file is the one that it was made from; None where there is no file."""
    try:
        status = os.stat(function.__code__.co_filename)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _codes_in(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes_in(constant)


def _holds(text, function):
    """Whether text (a module's, or its syntax tree) holds this very function, at the same lines."""
    import __future__

    features = sum(getattr(__future__, each).compiler_flag for each in __future__.all_feature_names)
    try:
        module = compile(text, function.__code__.co_filename, "exec", flags=function.__code__.co_flags & features,
                         dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return any(code == function.__code__ for code in _codes_in(module))


def _lines_of(function):
    file = function.__code__.co_filename
    linecache.checkcache(file)
    return linecache.getlines(file, function.__globals__)


def _indent(line):
    return len(line) - len(line.lstrip())


def _parsed(lines, indented, first):
    """The statement of these lines, with the lines and columns of the file; None where they are not a whole one."""
    text = "".join(lines)
    try:
        tree = ast.parse("if True:\n" + text if indented else text)
    except SyntaxError:
        return None
    ast.increment_lineno(tree, first - (2 if indented else 1))
    (statement,) = tree.body[0].body if indented else tree.body
    return statement


def _block(lines, first):
    """The statement that starts at this line (None: no whole one): it ends before a line that is indented no deeper.

    Such a line may also stand inside brackets or a long string; what is before it is then no whole statement.
    """
    indent = _indent(lines[first - 1])
    for end in range(first, len(lines)):
        line = lines[end]
        if line.strip() and not line.lstrip().startswith("#") and _indent(line) <= indent:
            found = _parsed(lines[first - 1:end], indent > 0, first)
            if found is not None:
                return found
    return _parsed(lines[first - 1:], indent > 0, first)


def source_of(function, stamp=None):
    """(ast.FunctionDef, file, text, first line) of a function; lines and columns count in the file.

    `stamp` is that of the file when the function was made (or UNKNOWN): the text of a file that was edited since is not
    what runs. Raises CompileError where there is no text, or another one.
    """
    code = function.__code__
    if stamp not in (None, UNKNOWN) and stamp_of(function) != stamp and not _holds("".join(_lines_of(function)), function):
        raise CompileError(
            f"{code.co_filename} has changed since {function.__qualname__} was defined; its text is gone\n"
            "  fix: import the file again (importlib.reload, or a new process)"
        )
    if code.co_name == "<lambda>" or code.co_flags & _COROUTINES:
        what = "a lambda" if code.co_name == "<lambda>" else "an async def"
        raise make("UnsupportedError",
                   f"{function.__qualname__} is {what}, which is not compiled\n"
                   f"  --> {code.co_filename}:{code.co_firstlineno}\n  fix: decorate a def function\n  [TW2007]",
                   "TW2007", code.co_firstlineno)
    lines, first = _lines_of(function), code.co_firstlineno  # of a decorated function: the first decorator's
    node = _block(lines, first) if first <= len(lines) else None
    if not isinstance(node, ast.FunctionDef) or node.name != code.co_name:
        raise CompileError(
            f"the text of {function.__qualname__} cannot be found in {code.co_filename}\n"
            "  fix: put the function in a file or a notebook cell; code made by exec or typed at a plain REPL keeps no text"
        )
    if stamp is UNKNOWN and not _holds(ast.Module([node], []), function) and not _holds("".join(_lines_of(function)), function):
        raise CompileError(f"the text of {function.__qualname__} is not what its file holds now")
    return node, code.co_filename, "".join(lines[first - 1:node.end_lineno]), first
