"""Cutting a function's tree: runs of statements become calls of pieces, CPython keeps the rest as it stands.

What CPython keeps: the refused statement or those that mention an object of unknown kind, the statements around them, and
what cannot leave its place (jumps out of a run, definitions, what may be unbound). Inside `try` and `with` only what binds no name is cut: bindings that were made before
an exception must be seen.
"""

import ast
from dataclasses import dataclass, field

from thalweg.pieces.names import binds, captured, flow, header_of, live, only_called, reads

PIECES = "<pieces>"  # the name under which the driving function finds its pieces: no name of a user's
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_STAY = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal,
         ast.Delete, ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Try, ast.With)
_WORK = (*_LOOPS, ast.Call, ast.BinOp, ast.AugAssign, ast.Compare, ast.Subscript)
_SEES_LOCALS = {"locals", "vars", "dir", "eval", "exec"}


@dataclass
class Piece:
    """A run of statements as a function of its own: parameters are the names it reads, results those it binds."""

    node: ast.FunctionDef
    inputs: list
    symbols: list  # of the inputs, those that are thalweg symbols: their values are handed over
    outputs: list
    end: tuple     # (line, column) behind the run: the k-th result stands k columns further


@dataclass
class _Place:
    """Where a block stands."""

    live: set                                      # names that are read behind it
    at_break: set = field(default_factory=set)     # and where jumps out of it go
    at_continue: set = field(default_factory=set)
    last: bool = False                             # the function ends behind it
    guarded: bool = False                          # inside try or with

    def inside(self, **changes):
        return _Place(**{**self.__dict__, **changes})


def _contains(node, line, column):
    begin = min([(node.lineno, node.col_offset), *((each.lineno, each.col_offset)
                                                   for each in getattr(node, "decorator_list", ()))])
    return begin <= (line, column) < (node.end_lineno, node.end_col_offset)


def refused_statement(function, line, column):
    """The innermost statement of the function's own at a place, or None."""
    found, body = None, function.body
    while True:
        inner = next((each for each in body if _contains(each, line, column)), None)
        if inner is None:
            return found
        found = inner
        if isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return found
        body = [each for block in _blocks(found) for each in block]


def _blocks(statement):
    inside = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    return inside + [each.body for each in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ()))]


def _jumps_out(statements):
    """Whether break or continue in the statements belongs to a loop around them."""
    for each in statements:
        if isinstance(each, (ast.Break, ast.Continue)):
            return True
        inner = each.orelse if isinstance(each, _LOOPS) else [one for block in _blocks(each) for one in block]
        if not isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and _jumps_out(inner):
            return True
    return False


def _names_that_end(function):
    """Names that are unbound somewhere: by del, or at the end of an except clause."""
    return {name for node in ast.walk(function) for name in (
        [each.id for each in node.targets if isinstance(each, ast.Name)] if isinstance(node, ast.Delete)
        else [node.name] if isinstance(node, ast.ExceptHandler) and node.name else [])}


def _has(statements, kinds):
    return any(isinstance(node, kinds) for each in statements for node in ast.walk(each))


class Cutter:
    """Cuts one function around one refused statement, or around what mentions a name; `pieces` is filled on the way."""

    def __init__(self, function, refused=None, mentioned=None, bound=None, symbols=frozenset()):
        """Statements that mention one name, or bind another one, are left to CPython as well as the refused one.
        `symbols`: names outside of the function that stand for thalweg symbols.
        """
        self.pieces = []
        self._function = function
        self.refused = refused
        self._mentioned = mentioned
        self._bound = bound
        parameters = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        self._parameters = {each.arg for each in parameters}
        self._locals = self._parameters | binds(function.body)
        self._symbols = symbols - self._locals
        declared = {name for node in ast.walk(function) if isinstance(node, (ast.Global, ast.Nonlocal))
                    for name in node.names}
        self._copied = only_called(function)
        self._always = set().union(*map(reads, self._copied.values()))  # what they read, they read when they are called
        self._fixed = declared | captured(function, self._copied.values())  # bound where their functions see it
        self._changing = declared | _names_that_end(function)

    def driver(self):
        """The function with calls of pieces in it, or None where nothing can be cut."""
        called = {node.id for node in ast.walk(self._function) if isinstance(node, ast.Name)}
        if called & _SEES_LOCALS or (self.refused, self._mentioned, self._bound) == (None, None, None):
            return None
        body, _ = self._block(self._function.body, set(self._parameters), _Place(set(), last=True))
        if not self.pieces:
            return None
        made = ast.FunctionDef(**{**{name: getattr(self._function, name) for name in self._function._fields
                                     if hasattr(self._function, name)}, "body": body, "decorator_list": []})
        return ast.copy_location(made, self._function)

    def lines(self):
        """The lines of the statements that CPython runs because they were refused, or mention the name."""
        if self.refused is not None:
            return [self.refused.lineno]
        statements = [node for node in ast.walk(self._function) if isinstance(node, ast.stmt) and node is not self._function]
        return sorted({each.lineno for each in statements if any(map(self.is_left, header_of(each)))})

    def _block(self, statements, bound, place):
        """(the block as CPython runs it, the names bound at its end or None)."""
        out, at = [], 0
        while at < len(statements) and bound is not None:
            end = self._run_from(statements, at, place)
            made = None
            while end > at and made is None:  # the longest run that can be a piece
                made = self._piece(statements[at:end], bound, self._behind(statements[end:], place),
                                   place, end == len(statements))
                end -= made is None
            if made:
                out.append(made[0])
                bound, at = made[1], end
            else:
                kept = statements[at]
                out.append(self._keep(kept, bound, place.inside(
                    live=self._behind(statements[at + 1:], place), last=place.last and at + 1 == len(statements))))
                bound = flow([kept], bound).bound
                at += 1
        return out + statements[at:], bound

    def _behind(self, rest, place):
        return live(rest, place.live, place.at_break, place.at_continue)

    def _run_from(self, statements, at, place):
        """Where the run of statements that may leave their place, from `at` on, ends."""
        end = at
        while end < len(statements) and self._may_leave(statements[end]):
            end += 1
        may_return = place.last and not place.guarded and end == len(statements)
        if not may_return:
            for k in range(at, end):
                if _has([statements[k]], ast.Return):
                    return k
        return end

    def _may_leave(self, statement):
        return not (_has([statement], _STAY) or any(node is self.refused for node in ast.walk(statement))
                    or _jumps_out([statement]) or binds([statement]) & self._fixed or self.is_left(statement))

    def is_left(self, statement):
        """Whether the statement binds or returns the one name, or reads the other one, as local functions may do that it
        calls."""
        if self._bound in binds([statement]) or isinstance(statement, ast.Return) and self._bound in reads(statement):
            return True
        if self._mentioned is None:
            return False
        names = reads(statement)
        return self._mentioned in names | self._read_by(self._functions_in(names))

    def _piece(self, run, bound, behind, place, ends):
        """(the call of a piece that does what the run does, the names bound afterwards), or None."""
        if not _has(run, _WORK):
            return None
        what = flow(run)
        functions = self._functions_in(what.exposed)
        inputs = what.exposed & self._locals - {each.name for each in functions} | self._read_by(functions)
        returns = place.last and not place.guarded and ends and _has(run, ast.Return)
        if _has(run, ast.Return) and not returns:
            return None
        outputs = set() if returns else binds(run) & (behind | self._always)
        inputs |= outputs - (what.bound if what.bound is not None else outputs)  # may keep the value that they had
        if not inputs | {each.name for each in functions} <= bound - self._changing or (place.guarded and outputs) or (outputs and what.bound is None):
            return None
        symbols = sorted(set().union(*map(reads, [*functions, *run])) & self._symbols)
        call = self._call(functions, run, sorted(inputs), symbols, sorted(outputs))
        if returns:
            statement = ast.Return(call)
        elif not outputs:
            statement = ast.Expr(call)
        else:
            names = [ast.Name(name, ast.Store()) for name in sorted(outputs)]
            statement = ast.Assign([ast.Tuple(names, ast.Store())], call)
        ast.copy_location(statement, run[0])
        statement.end_lineno, statement.end_col_offset = run[0].end_lineno, run[0].end_col_offset
        return ast.fix_missing_locations(statement), None if returns else bound | outputs

    def _functions_in(self, names):
        """The local functions among the names, and those that they call, in the order of the text."""
        found, left = set(), [name for name in names if name in self._copied]
        while left:
            name = left.pop()
            if name not in found:
                found.add(name)
                left += [each for each in reads(self._copied[name]) if each in self._copied]
        return [statement for name, statement in self._copied.items() if name in found]

    def _read_by(self, functions):
        return set().union(*map(reads, functions)) & self._locals - {each.name for each in functions}

    def _call(self, functions, run, inputs, symbols, outputs):
        body = [*functions, *run]
        if outputs:
            result = ast.Return(ast.Tuple([ast.Name(name, ast.Load()) for name in outputs], ast.Load()))
            for k, name in enumerate([*result.value.elts, result]):  # not inside any statement
                name.lineno, name.col_offset = run[-1].end_lineno, run[-1].end_col_offset + k
                name.end_lineno, name.end_col_offset = name.lineno, name.col_offset
            body.append(ast.fix_missing_locations(result))
        arguments = ast.arguments([], [ast.arg(name) for name in [*inputs, *symbols]], None, [], [], None, [])
        node = ast.FunctionDef(self._function.name, arguments, body, [], None, None)
        if "type_params" in ast.FunctionDef._fields:
            node.type_params = []
        ast.fix_missing_locations(ast.copy_location(node, run[0]))
        node.end_lineno, node.end_col_offset = run[-1].end_lineno, run[-1].end_col_offset
        self.pieces.append(Piece(node, inputs, symbols, outputs, (run[-1].end_lineno, run[-1].end_col_offset)))
        chosen = ast.Subscript(ast.Name(PIECES, ast.Load()), ast.Constant(len(self.pieces) - 1), ast.Load())
        return ast.Call(chosen, [ast.Name(name, ast.Load()) for name in [*inputs, *symbols]], [])

    def _keep(self, statement, bound, place):
        """The statement as CPython runs it, with pieces in its blocks."""
        if statement is self.refused and not isinstance(statement, (ast.If, *_LOOPS, ast.With, ast.Try)):
            return statement
        if isinstance(statement, ast.If):
            return self._with_blocks(statement, bound, body=place, orelse=place)
        if isinstance(statement, (ast.For, ast.While)):
            behind = self._behind(statement.orelse, place)
            head = live([statement], place.live, place.at_break, place.at_continue)
            around = place.inside(last=False)
            inside = around.inside(live=head | behind, at_break=place.live, at_continue=head | behind)
            begin = bound | (binds([ast.Expr(statement.target)]) if isinstance(statement, ast.For) else set())
            made = self._with_blocks(statement, begin, body=inside)
            return self._with_blocks(made, bound, orelse=around)
        if isinstance(statement, (ast.With, ast.Try)):
            everything = place.live | place.at_break | place.at_continue | reads(statement)
            inside = place.inside(live=everything, last=False, guarded=True)
            if isinstance(statement, ast.With):
                return self._with_blocks(statement, bound | binds(statement.items), body=inside)
            return self._with_blocks(statement, bound, body=inside)
        return statement

    def _with_blocks(self, statement, bound, **places):
        fields = {name: getattr(statement, name) for name in statement._fields}
        for name, place in places.items():
            if fields[name]:
                fields[name] = self._block(fields[name], set(bound), place)[0]
        return ast.copy_location(type(statement)(**fields), statement)
