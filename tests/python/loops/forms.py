"""The statement forms of accumulations, by their syntax: `s op= e`, `s = s op e`, `s = min(s, e)`, `if e < s: s = e`, `s = True`."""

import ast
import functools

OPERATIONS = {ast.Add: "+", ast.Sub: "+", ast.Mult: "*", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^"}


def same(left, right):
    return _bare(left) == _bare(right)


@functools.lru_cache(maxsize=None)
def _bare(node):
    return ast.dump(node).replace("Store()", "Load()")


def _mentions(node, target):
    """How often the target itself occurs in an expression."""
    return sum(same(part, target) for part in ast.walk(node) if isinstance(part, (ast.Name, ast.Subscript)))


def accumulation(statement):
    """(target, operation) of a statement that is an accumulation, else None."""
    if isinstance(statement, ast.AugAssign) and type(statement.op) in OPERATIONS:
        return None if _mentions(statement.value, statement.target) else (statement.target, OPERATIONS[type(statement.op)])
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
        if not isinstance(target, (ast.Name, ast.Subscript)):
            return None
        if isinstance(value, ast.Constant) and isinstance(value.value, bool):
            return target, f"set {value.value}"
        operation = _combines(target, value) if _mentions(value, target) == 1 else None
        return (target, operation) if operation else None
    if isinstance(statement, ast.If):
        return _extreme_by_if(statement)
    return None


def _combines(target, value):
    """The operation of `s op e op f`, `min(s, e)`, `s and e`; s stands where the operation is the outermost one."""
    if isinstance(value, ast.BinOp) and type(value.op) in OPERATIONS:
        operation = OPERATIONS[type(value.op)]
        if same(value.left, target) or same(value.right, target) and not isinstance(value.op, ast.Sub):
            return operation
        return operation if _combines(target, value.left) == operation else None
    if isinstance(value, ast.Call) and len(value.args) == 2 and any(same(argument, target) for argument in value.args):
        name = value.func.id if isinstance(value.func, ast.Name) else getattr(value.func, "attr", "")
        return {"min": "min", "max": "max", "minimum": "min", "maximum": "max"}.get(name)
    if isinstance(value, ast.BoolOp) and same(value.values[0], target):
        return "and" if isinstance(value.op, ast.And) else "or"
    return None


def _extreme_by_if(statement):
    """`if e < s: s = e` and its mirror images."""
    test, body = statement.test, statement.body
    if statement.orelse or len(body) != 1 or not isinstance(body[0], ast.Assign) or len(body[0].targets) != 1:
        return None
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    target, value = body[0].targets[0], body[0].value
    smaller, larger = test.left, test.comparators[0]
    if isinstance(test.ops[0], (ast.Gt, ast.GtE)):
        smaller, larger = larger, smaller
    elif not isinstance(test.ops[0], (ast.Lt, ast.LtE)):
        return None
    if same(larger, target) and same(smaller, value):
        return target, "min"
    if same(smaller, target) and same(larger, value):
        return target, "max"
    return None
