"""A raise statement of a compiled function, as a function that CPython runs when the program comes to it."""

import ast
import types


def _statement(text, assertion, line):
    """The statement; the first line of its text is that line of the file."""
    if assertion:
        # The parentheses let a message go over several lines.
        text = f"raise AssertionError({text})" if text else "raise AssertionError"
    (statement,) = ast.parse(text).body
    if assertion:  # AssertionError, whatever the function calls so
        name = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        name.id = "__assertion_error"
    return ast.increment_lineno(statement, line - 1)


def _function(name, parameters, body, line):
    arguments = ast.arguments(posonlyargs=[], args=[ast.arg(each) for each in parameters], kwonlyargs=[], kw_defaults=[],
                              defaults=[])
    made = ast.FunctionDef(name=name, args=arguments, body=body, decorator_list=[], type_params=[])
    return ast.fix_missing_locations(ast.copy_location(made, ast.Pass(lineno=line, col_offset=0, end_lineno=line, end_col_offset=0)))


def raising(function, text, assertion, line, parameters, constants):
    """A callable that takes the values of `parameters` and runs the raise statement as `function` would.

    `constants` are further local names with their values (called by the compiled module).
    """
    code = function.__code__
    cells = dict(zip(code.co_freevars, function.__closure__ or ()))
    for name, value in {**constants, "__assertion_error": AssertionError}.items():
        cells[name] = types.CellType(value)
    inner = _function(code.co_name, parameters, [_statement(text, assertion, line)], line)
    outer = _function("outer", [name for name in cells if name not in parameters], [inner], line)
    module = compile(ast.Module([outer], []), code.co_filename, "exec", dont_inherit=True)
    made = next(each for each in module.co_consts if isinstance(each, types.CodeType))
    made = next(each for each in made.co_consts if isinstance(each, types.CodeType))
    return types.FunctionType(made, function.__globals__, code.co_name, None,
                              tuple(cells[name] for name in made.co_freevars))
