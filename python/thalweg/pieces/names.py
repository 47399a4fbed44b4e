"""Which local names statements read, bind and leave bound, and which are read later: on CPython's syntax tree.

Everything errs to one side: `Flow.exposed` and `live` may name too much, `Flow.bound` too little.
"""

import ast
from dataclasses import dataclass

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_ENDS = (ast.Return, ast.Raise, ast.Break, ast.Continue)


def _own_nodes(node):
    """The nodes of a tree but for the insides of functions and classes in it (their defaults and decorators are)."""
    yield node
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        arguments = getattr(node, "args", None)
        outside = [*getattr(node, "decorator_list", ()), *getattr(node, "bases", ())]
        if arguments:
            outside += [*arguments.defaults, *filter(None, arguments.kw_defaults)]
        for each in outside:
            yield from _own_nodes(each)
        return
    for child in ast.iter_child_nodes(node):
        yield from _own_nodes(child)


def _targets_of_comprehensions(node):
    """Ids of the name nodes that belong to comprehensions in a tree."""
    return {id(name) for each in _own_nodes(node) if isinstance(each, _COMPREHENSIONS)
            for clause in each.generators for name in ast.walk(clause.target) if isinstance(name, ast.Name)}


def binds(statements):
    """Names that the statements may bind in their own scope."""
    found = set()
    for statement in statements:
        apart = _targets_of_comprehensions(statement)
        for node in _own_nodes(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in apart:
                found.add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, ast.alias):
                found.add((node.asname or node.name).split(".")[0])
            elif isinstance(node, ast.ExceptHandler) and node.name:
                found.add(node.name)
            elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
                found.add(node.name)
            elif isinstance(node, ast.MatchMapping) and node.rest:
                found.add(node.rest)
    return found


def _parameters(arguments):
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return {each.arg for each in named if each}


def reads(node):
    """Names of this scope that a tree may read, those of functions inside it included."""
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Store) else {node.id}
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return {node.target.id} | reads(node.value)
    if isinstance(node, _COMPREHENSIONS):
        own = {name.id for clause in node.generators for name in ast.walk(clause.target) if isinstance(name, ast.Name)}
        inner = set().union(*(reads(child) for child in ast.iter_child_nodes(node)))
        return inner - own | reads(node.generators[0].iter)
    inner = set().union(*(reads(child) for child in ast.iter_child_nodes(node)))
    if isinstance(node, _FUNCTIONS):
        body = node.body if isinstance(node.body, list) else [node.body]
        theirs = {name for each in body for other in ast.walk(each) if isinstance(other, ast.Nonlocal)
                  for name in other.names}
        own = (_parameters(node.args) | binds(body)) - theirs
        outside = [*getattr(node, "decorator_list", ()), *node.args.defaults, *filter(None, node.args.kw_defaults)]
        return inner - own | theirs | set().union(*map(reads, outside))
    return inner


def captured(function, without=()):
    """Names that functions, lambdas and generators inside a function hold on to: they may be read at any time.

    A generator that is an argument of a call is used up by it. Functions in `without` do not count.
    """
    used_up = {id(each) for node in ast.walk(function) if isinstance(node, ast.Call) for each in node.args}
    return set().union(*(reads(node) for node in ast.walk(function) if node is not function and node not in without and (
        isinstance(node, (*_FUNCTIONS, ast.ClassDef)) or
        isinstance(node, ast.GeneratorExp) and id(node) not in used_up)))


def only_called(function):
    """The local functions of which copies are as good: {name: its statement}.

    They are made once, at the function's own level, from what is known then (no defaults, no decorators), bind nothing
    outside, and are called only.
    """
    found = {}
    called = {id(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
    for statement in function.body:
        if not isinstance(statement, ast.FunctionDef) or statement.decorator_list:
            continue
        arguments, name = statement.args, statement.name
        if arguments.defaults or any(arguments.kw_defaults):
            continue
        inside = list(ast.walk(statement))
        if any(isinstance(node, (ast.Nonlocal, ast.Global, ast.Yield, ast.YieldFrom, ast.Await)) for node in inside):
            continue
        uses = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name]
        others = [each for each in ast.walk(function) if each is not statement and name in _names_bound_by(each)]
        if all(id(node) in called for node in uses) and not others:
            found[name] = statement
    return found


def _names_bound_by(node):
    """Names that one node binds other than as a Name, whichever scope it stands in."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return set(node.names)
    if isinstance(node, ast.arg):
        return {node.arg}
    return binds([node]) if isinstance(node, (ast.alias, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping)) else set()


@dataclass
class Flow:
    """What statements need and leave."""

    exposed: set  # names that may be read before the statements have bound them
    bound: set | None  # names that are bound for sure afterwards; None: what is afterwards is not reached


def _meet(one, other):
    return other if one is None else one if other is None else one & other


def header_of(statement):
    """What a statement evaluates beside its blocks."""
    found = []
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, (ast.ExceptHandler, ast.match_case)):
            found += [each for each in ast.iter_child_nodes(child) if not isinstance(each, ast.stmt)]
        elif not isinstance(child, ast.stmt):
            found.append(child)
    return found


def _blocks(statement):
    """The blocks of a compound statement but for those of except and case."""
    inside = [getattr(statement, field, []) for field in ("body", "orelse", "finalbody")]
    return [block for block in inside if block]


def _is_compound(statement):
    return bool(_blocks(statement) or getattr(statement, "cases", ()))


def flow(statements, bound=frozenset()):
    """The Flow of a block that begins with these names bound."""
    exposed, bound = set(), set(bound)
    for statement in statements:
        needed, bound = _flow_of(statement, bound)
        exposed |= needed
        if bound is None:
            break
    return Flow(exposed, bound)


def _flow_of(statement, bound):
    if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        return reads(statement) - bound - {statement.name}, bound | {statement.name}
    if not _is_compound(statement):
        needed = reads(statement) - bound
        if isinstance(statement, ast.Delete):
            return needed, bound - {each.id for each in statement.targets if isinstance(each, ast.Name)}
        # (name := ...) may lie behind an `and`: it is not bound for sure
        maybe = {node.target.id for node in ast.walk(statement) if isinstance(node, ast.NamedExpr)}
        return needed, None if isinstance(statement, _ENDS) else bound | binds([statement]) - maybe
    needed = set().union(*map(reads, header_of(statement))) - bound
    if isinstance(statement, ast.If):
        parts = [flow(statement.body, bound), flow(statement.orelse, bound)]
        return needed | parts[0].exposed | parts[1].exposed, _meet(parts[0].bound, parts[1].bound)
    inside = set(bound)
    if isinstance(statement, (ast.For, ast.AsyncFor)):
        inside |= {name.id for name in ast.walk(statement.target) if isinstance(name, ast.Name)
                   and isinstance(name.ctx, ast.Store)}
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        inside |= binds(header_of(statement))
    for block in _blocks(statement):
        start = bound if block is getattr(statement, "orelse", None) else inside
        needed |= flow(block, start).exposed
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        needed |= flow(part.body, bound | _bound_by_pattern(part)).exposed
    return needed, bound


def live(statements, after, at_break=frozenset(), at_continue=frozenset(), at_raise=frozenset()):
    """Names that may be read from the beginning of the statements on; `after` is that set at their end."""
    now = set(after)
    for statement in reversed(statements):
        now = _live_at(statement, now, at_break, at_continue, at_raise)
    return now


def _live_at(statement, after, at_break, at_continue, at_raise):
    own = set().union(*map(reads, header_of(statement)))
    jumps = (at_break, at_continue, at_raise)
    if isinstance(statement, ast.Break):
        return set(at_break)
    if isinstance(statement, ast.Continue):
        return set(at_continue)
    if isinstance(statement, (ast.Return, ast.Raise)):
        return reads(statement) | at_raise
    if isinstance(statement, ast.If):
        return own | live(statement.body, after, *jumps) | live(statement.orelse, after, *jumps)
    if isinstance(statement, (ast.For, ast.AsyncFor, ast.While)):
        behind = live(statement.orelse, after, *jumps) | after
        head = own | behind
        while True:  # the set at the head grows until nothing is new
            again = own | behind | live(statement.body, head, after, head, at_raise) - _bound_by_head(statement)
            if again <= head:
                return head
            head |= again
    if _is_compound(statement) and not isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        return reads(statement) | after | at_break | at_continue | at_raise
    if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        return after - {statement.name} | reads(statement) | at_raise
    return after - flow([statement]).bound | reads(statement) | at_raise


def _bound_by_pattern(part):
    """Names that an except or case clause binds before its block."""
    return binds([part.pattern]) if isinstance(part, ast.match_case) else {part.name} if part.name else set()


def _bound_by_head(statement):
    return binds([ast.Expr(statement.target)]) if isinstance(statement, (ast.For, ast.AsyncFor)) else set()
