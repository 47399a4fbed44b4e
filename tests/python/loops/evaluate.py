"""Runs a function of the corpus from its syntax tree, with NumPy's own arithmetic, and records every access.

It knows nothing of the compiler. Slices are accesses to all their elements, made when a statement uses the values; a
slice or transpose that is only bound to a name is none.
"""

import ast
import builtins
import inspect
import operator
import textwrap

import numpy as np

from .forms import accumulation, same
from .trace import Execution, Tag, Trace, Tracked

BINARY = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
          ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.BitAnd: operator.and_,
          ast.BitOr: operator.or_, ast.BitXor: operator.xor, ast.LShift: operator.lshift, ast.RShift: operator.rshift,
          ast.MatMult: operator.matmul}
UNARY = {ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.invert, ast.Not: operator.not_}
COMPARE = {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
           ast.NotEq: operator.ne}
SHAPE_ONLY = (len, np.zeros_like, np.empty_like, np.ones_like)


class _Break(Exception):
    pass


class _Continue(Exception):
    pass


class _Return(Exception):
    pass


def definition(function):
    """The function's tree with the line numbers of its file."""
    lines, first = inspect.getsourcelines(function)
    tree = ast.parse(textwrap.dedent("".join(lines)))
    ast.increment_lineno(tree, first - 1)
    return tree.body[0]


def loops_of(tree):
    """The for and while statements of a function, in order of lines."""
    return sorted((node for node in ast.walk(tree) if isinstance(node, (ast.For, ast.While))), key=lambda node: node.lineno)


class Evaluator:
    def __init__(self, function, tree=None):
        self.tree = tree or definition(function)
        self.globals = function.__globals__
        self.forms = {id(node): accumulation(node) for node in ast.walk(self.tree) if isinstance(node, ast.stmt)}

    def run(self, arguments):
        """(result, trace); arrays among the arguments are written as the function writes them."""
        self.trace, self.names, self.active, self.line = Trace(), {}, [], self.tree.lineno
        for parameter, value in zip(self.tree.args.args, arguments):
            self.names[parameter.arg] = self.trace.array(value, parameter.arg, False) if isinstance(value, np.ndarray) \
                else value
        self.form = None
        result = None
        try:
            self.block(self.tree.body)
        except _Return as done:
            result = done.args[0]
        return result, self.trace

    # Statements

    def block(self, statements):
        for statement in statements:
            self.statement(statement)

    def statement(self, node):
        self.line = node.lineno
        outer = self.form
        self.form = outer or self.forms[id(node)]
        try:
            getattr(self, "do_" + type(node).__name__)(node)
        finally:
            self.form = outer

    def do_Pass(self, node):
        pass

    def do_Expr(self, node):
        self.plain(self.value(node.value))

    def do_Assign(self, node):
        value = self.value(node.value)
        for target in node.targets:
            self.store(target, value)

    def do_AugAssign(self, node):
        combine = BINARY[type(node.op)]
        if isinstance(node.target, ast.Name):
            old = self.value(node.target)
            new = self.plain(self.value(node.value))
            if isinstance(old, Tracked):
                self.put(old, ..., combine(self.plain(old), new), node.target)
            else:
                self.bind(node.target, combine(old, new))
            return
        base, position = self.value(node.target.value), self.position(node.target.slice)
        old = base.values[position]
        self.touch(base.places[position], False, node.target, old)
        old = old.copy() if isinstance(old, np.ndarray) else old
        self.put(base, position, combine(old, self.plain(self.value(node.value))), node.target)

    def do_If(self, node):
        test = bool(self.plain(self.value(node.test)))
        self.block(node.body if test else node.orelse)

    def do_For(self, node):
        values = self.value(node.iter)
        execution = self.enter(node)
        for value in values:
            execution.starts.append(len(self.trace.events))
            self.store(node.target, value)
            if not self.iteration(node, execution):
                break
        self.leave(execution)

    def do_While(self, node):
        execution = self.enter(node)
        execution.comparison = isinstance(node.test, ast.Compare) and len(node.test.ops) == 1
        while True:
            execution.starts.append(len(self.trace.events))
            self.line = node.lineno
            going = bool(self.plain(self.value(node.test)))
            execution.tests.append(len(self.trace.events))
            if not going or not self.iteration(node, execution):
                break
        self.leave(execution)

    def enter(self, node):
        execution = Execution(node.lineno)
        self.trace.executions.append(execution)
        self.active.append(execution)
        return execution

    def leave(self, execution):
        execution.end = len(self.trace.events)
        self.active.remove(execution)

    def iteration(self, node, execution):
        """Runs the body; False when it ended the loop."""
        try:
            self.block(node.body)
        except _Continue:
            pass
        except _Break:
            execution.left_at = self.line
            return False
        return True

    def do_Break(self, node):
        raise _Break

    def do_Continue(self, node):
        raise _Continue

    def do_Return(self, node):
        result = self.value(node.value) if node.value else None
        result = tuple(self.plain(part) for part in result) if isinstance(result, tuple) else self.plain(result)
        for execution in list(self.active):
            execution.left_at = node.lineno
            self.leave(execution)
        raise _Return(result)

    # Stores

    def store(self, target, value):
        if isinstance(target, (ast.Tuple, ast.List)):
            for part, one in zip(target.elts, value):
                self.store(part, one)
        elif isinstance(target, ast.Name):
            self.bind(target, value)
        else:
            base = self.value(target.value)
            self.put(base, self.position(target.slice), self.plain(value), target)

    def bind(self, target, value):
        if isinstance(value, np.ndarray) and value.ndim:
            value = self.trace.array(value, target.id, True)
            self.trace.elements(value.places, True, self.line)
        self.names[target.id] = value
        self.trace.name(target.id, True, self.line, self.tag(target, value), _whole(value))

    def put(self, base, position, value, target):
        base.values[position] = value
        self.touch(base.places[position], True, target, base.values[position])

    def touch(self, places, write, node, value):
        self.trace.elements(places, write, self.line, self.tag(node, value))

    def tag(self, node, value):
        """The accumulation that this access is part of."""
        if self.form is None or not same(self.form[0], node):
            return None
        kind = np.asarray(value).dtype.kind if not isinstance(value, Tracked) else value.values.dtype.kind
        return Tag(self.form[1], kind in "biu")

    # Expressions

    def value(self, node):
        return getattr(self, "of_" + type(node).__name__)(node)

    def plain(self, value):
        """The values of an array, read now; anything else as it is."""
        if not isinstance(value, Tracked):
            return value
        self.trace.elements(value.places, False, self.line)
        return value.values.copy()

    def of_Constant(self, node):
        return node.value

    def of_Name(self, node):
        if node.id in self.names:
            value = self.names[node.id]
            self.trace.name(node.id, False, self.line, self.tag(node, value), _whole(value))
            return value
        return self.globals[node.id] if node.id in self.globals else getattr(builtins, node.id)

    def of_Tuple(self, node):
        return tuple(self.value(part) for part in node.elts)

    def of_Slice(self, node):
        return slice(*(None if part is None else self.value(part) for part in (node.lower, node.upper, node.step)))

    def of_BinOp(self, node):
        left = self.plain(self.value(node.left))
        return BINARY[type(node.op)](left, self.plain(self.value(node.right)))

    def of_UnaryOp(self, node):
        return UNARY[type(node.op)](self.plain(self.value(node.operand)))

    def of_BoolOp(self, node):
        for part in node.values:
            value = self.plain(self.value(part))
            if bool(value) != isinstance(node.op, ast.And):
                break
        return value

    def of_Compare(self, node):
        left = self.plain(self.value(node.left))
        for op, part in zip(node.ops, node.comparators):
            right = self.plain(self.value(part))
            result = COMPARE[type(op)](left, right)
            if len(node.ops) > 1 and not result:
                break
            left = right
        return result

    def of_IfExp(self, node):
        return self.value(node.body if self.plain(self.value(node.test)) else node.orelse)

    def of_Attribute(self, node):
        base = self.value(node.value)
        if not isinstance(base, Tracked):
            return getattr(base, node.attr)
        if node.attr in ("T", "real", "imag"):
            return Tracked(getattr(base.values, node.attr), base.places.T if node.attr == "T" else base.places)
        if node.attr in ("shape", "ndim", "size", "dtype"):
            return getattr(base.values, node.attr)
        return getattr(self.plain(base), node.attr)

    def of_Call(self, node):
        function = self.value(node.func)
        given = [self.value(part) for part in node.args]
        named = {part.arg: self.plain(self.value(part.value)) for part in node.keywords}
        if function in SHAPE_ONLY:
            return function(*(part.values if isinstance(part, Tracked) else part for part in given), **named)
        return function(*(self.plain(part) for part in given), **named)

    def position(self, node):
        """A subscript's value; positions read from arrays are read here."""
        value = self.value(node)
        return tuple(self.plain(part) for part in value) if isinstance(value, tuple) else self.plain(value)

    def of_Subscript(self, node):
        base, position = self.value(node.value), self.position(node.slice)
        if not isinstance(base, Tracked):
            return base[position]
        found = base.values[position]
        parts = position if isinstance(position, tuple) else (position,)
        if isinstance(found, np.ndarray) and not any(isinstance(part, np.ndarray) for part in parts):
            return Tracked(found, base.places[position])
        self.touch(base.places[position], False, node, found)
        return found


def _whole(value):
    """An int that may be an induction variable."""
    return int(value) if isinstance(value, (int, np.integer)) and not isinstance(value, bool) else None
