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


class _Fields(ast.NodeTransformer):
    """Fields of objects become names; an object itself is not there."""

    def __init__(self, fields):
        self.names = {field: f"__{field.replace('.', '_')}" for field in fields}
        self.objects, self.complete = {field.split(".")[0] for field in fields}, True

    def visit_Attribute(self, node):
        if not isinstance(node.value, ast.Name) or node.value.id not in self.objects:
            return self.generic_visit(node)
        name = self.names.get(f"{node.value.id}.{node.attr}")
        self.complete = self.complete and name is not None
        return ast.copy_location(ast.Name(name, node.ctx), node) if name else node

    def visit_Name(self, node):
        self.complete = self.complete and node.id not in self.objects
        return node


def raising(function, text, assertion, line, parameters, constants):
    """A callable that takes the values of `parameters` and runs the raise statement as `function` would.

    `constants` are further local names with their values (called by the compiled module). Names with a dot are fields of
    objects; None where the statement asks for more of an object.
    """
    statement = _statement(text, assertion, line)
    fields = _Fields([name for name in (*parameters, *constants) if "." in name])
    statement = fields.visit(statement)
    if not fields.complete:
        return None
    parameters = [fields.names.get(name, name) for name in parameters]
    constants = {fields.names.get(name, name): value for name, value in constants.items()}
    code = function.__code__
    cells = dict(zip(code.co_freevars, function.__closure__ or ()))
    for name, value in {**constants, "__assertion_error": AssertionError}.items():
        cells[name] = types.CellType(value)
    inner = _function(code.co_name, parameters, [statement], line)
    outer = _function("outer", [name for name in cells if name not in parameters], [inner], line)
    module = compile(ast.Module([outer], []), code.co_filename, "exec", dont_inherit=True)
    made = next(each for each in module.co_consts if isinstance(each, types.CodeType))
    made = next(each for each in made.co_consts if isinstance(each, types.CodeType))
    return types.FunctionType(made, function.__globals__, code.co_name, None,
                              tuple(cells[name] for name in made.co_freevars))
