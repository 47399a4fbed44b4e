"""Programs with `*args` and `**kwargs`: one program for each number of further arguments and each set of their names."""

import ast
import functools
import inspect

from thalweg.explain import Explanation, of_build
from thalweg.pieces.run import function_of
from thalweg.program import Program, plain_call
from thalweg.source_text import source_of, stamp_of


def _fresh(name, taken):
    while name in taken:
        name += "_"
    taken.add(name)
    return name


class Variadic:
    """A function with `*args` or `**kwargs`, compiled when it is called; it has what a Program has.

    In the program of a call the further arguments are parameters of their own, and the function begins by putting them
    into the tuple and the dictionary that it expects.
    """

    def __init__(self, function, **options):
        functools.update_wrapper(self, function)
        self._function = function
        self._options = options
        self._stamp = stamp_of(function)
        self._declared = {}
        self._signature = inspect.signature(function)
        self._programs = {}

    def _bound(self, args, kwargs):
        """(the program for such a call, its arguments)."""
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        values, rest, named = [], (), {}
        for name, parameter in self._signature.parameters.items():
            value = bound.arguments[name]
            if parameter.kind is parameter.VAR_POSITIONAL:
                rest = value
            elif parameter.kind is parameter.VAR_KEYWORD:
                named = value
            else:
                values.append(value)
        key = len(rest), tuple(named)
        program = self._programs.get(key)
        if program is None:
            program = self._programs[key] = self._made(*key)
        return program, [*values, *rest, *named.values()]

    def _made(self, count, names):
        function = self._function
        node, *text = source_of(function, self._stamp)
        taken = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} | set(self._signature.parameters)
        given = node.args
        parameters = [ast.arg(each.arg, each.annotation) for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        begin = []
        if given.vararg:
            own = [_fresh(f"{given.vararg.arg}_{k}", taken) for k in range(count)]
            parameters += map(ast.arg, own)
            items = ast.Tuple([ast.Name(name, ast.Load()) for name in own], ast.Load())
            begin.append(ast.Assign([ast.Name(given.vararg.arg, ast.Store())], items))
        if given.kwarg:
            own = [_fresh(f"{given.kwarg.arg}_{name}", taken) for name in names]
            parameters += map(ast.arg, own)
            items = ast.Dict([ast.Constant(name) for name in names], [ast.Name(name, ast.Load()) for name in own])
            begin.append(ast.Assign([ast.Name(given.kwarg.arg, ast.Store())], items))
        for statement in begin:
            ast.copy_location(statement, node)
        made = ast.FunctionDef(**{**{name: getattr(node, name) for name in node._fields if hasattr(node, name)},
                                  "args": ast.arguments([], parameters, None, [], [], None, []), "decorator_list": [],
                                  "returns": None, "body": [*begin, *node.body]})
        ast.fix_missing_locations(ast.copy_location(made, node))
        inner = function_of(made, function, {})
        inner.__qualname__, inner.__module__ = function.__qualname__, function.__module__
        inner.__annotations__ = {name: value for name, value in function.__annotations__.items()
                                 if name not in (given.vararg and given.vararg.arg, given.kwarg and given.kwarg.arg)}
        return Program(inner, source=lambda: (made, *text), **self._options)

    def __call__(self, *args, **kwargs):
        program, values = self._bound(args, kwargs)
        return program(*values)

    def f(self, *args, **kwargs):
        """Runs the plain function."""
        return plain_call(self._function, self._declared, args, kwargs)

    def compile(self, *args, **kwargs):
        """Compiles for these example arguments; returns the build."""
        program, values = self._bound(args, kwargs)
        return program.compile(*values)

    def to_sdfg(self, *args, **kwargs):
        """The dataflow graph for these example arguments."""
        return self.compile(*args, **kwargs).graph

    def interpret(self, *args, **kwargs):
        """Runs the call in the reference interpreter."""
        program, values = self._bound(args, kwargs)
        return program.interpret(*values)

    def explain(self):
        """As Program.explain."""
        return Explanation(self.__name__, [of_build(build) for build in self.builds])

    @property
    def builds(self):
        """Every build that was made."""
        return [build for each in self.pieces for build in each.builds]

    @property
    def pieces(self):
        """As Program.pieces, of all programs."""
        return [each for program in self._programs.values() for each in program.pieces]

    @property
    def cpython_lines(self):
        """As Program.cpython_lines, of all programs."""
        return sorted({line for program in self._programs.values() for line in program.cpython_lines})

    __get__, __copy__, __deepcopy__ = Program.__get__, Program.__copy__, Program.__deepcopy__
    __reduce__, __repr__ = Program.__reduce__, Program.__repr__
