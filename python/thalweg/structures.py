"""Objects of the user's classes as programs see them: what they hold by name, their methods as functions.

A class is *plain* where nothing is done behind an attribute's back: no __getattr__, no __setattr__ but that of frozen
dataclasses, no class written in C among its bases. What is said here of a class is asked when compiling, or once.
"""

import collections
import dataclasses
import sys
import types

_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE
_BEHIND = ("__getattr__", "__getattribute__", "__setattr__", "__delattr__")
_SLOT = types.MemberDescriptorType
_OF_NAMED_TUPLES = frozenset(collections.namedtuple("_", "").__dict__)


def _own_parameters(cls):
    return cls.__dict__.get("__dataclass_params__")


def _is_frozen(cls):
    return any(_own_parameters(each) is not None and _own_parameters(each).frozen for each in cls.__mro__)


def _is_plain(cls):
    if type(cls).__call__ is not type.__call__ or not cls.__flags__ & _HEAP_TYPE or issubclass(cls, BaseException):
        return False
    for each in cls.__mro__[:-1]:
        written_in_c = isinstance(each.__dict__.get("__new__"), types.BuiltinFunctionType)
        if not each.__flags__ & _HEAP_TYPE or each.__itemsize__ or written_in_c:
            return False
        generated = _own_parameters(each) is not None and _own_parameters(each).frozen
        for name in _BEHIND:
            if name in each.__dict__ and not (generated and name in ("__setattr__", "__delattr__")):
                return False
    return True


def _slots_of(cls):
    return [name for each in reversed(cls.__mro__) for name, value in each.__dict__.items() if isinstance(value, _SLOT)]


def shape_of(cls):
    """(names of fields, kind) of a class whose objects are taken apart where they are arguments; else None (called by the
    compiled module, once a class). Kinds: dict and slots, of dataclasses, and tuple, of named ones without more."""
    if issubclass(cls, tuple):
        known = _OF_NAMED_TUPLES.union(getattr(cls, "_fields", ()))
        own = [name for name, value in cls.__dict__.items()
               if name not in known and (not name.startswith("__") or hasattr(type(value), "__get__"))]
        return (cls._fields, "tuple") if cls.__bases__ == (tuple,) and hasattr(cls, "_fields") and not own else None
    if not dataclasses.is_dataclass(cls) or not _is_plain(cls):
        return None
    slots, names = _slots_of(cls), [field.name for field in dataclasses.fields(cls)]
    if slots and cls.__dictoffset__:
        return None
    if any(hasattr(getattr(cls, name, None), "__set__") and name not in slots for name in names):
        return None
    return tuple(dict.fromkeys([*names, *slots] if slots else names)), "slots" if slots else "dict"


def class_of(cls):
    """(frozen, its slots or None, does its truth depend on it?) of a plain class; else None."""
    if not isinstance(cls, type) or not _is_plain(cls):
        return None
    slots = None if cls.__dictoffset__ else tuple(_slots_of(cls))
    return _is_frozen(cls), slots, any(hasattr(cls, name) for name in ("__bool__", "__len__"))


def _owner(cls, name):
    return next((each for each in cls.__mro__ if name in each.__dict__), None)


def member_of(cls, name, setting, behind):
    """(kind, object) of what the class, not the object, has under this name; with `behind`, of the classes behind that
    one in the order of look-up. Kinds: none, method, function, class_method, property, value, other."""
    order = cls.__mro__
    if behind is not None:
        order = order[order.index(behind) + 1:]
    owner = next((each for each in order if name in each.__dict__), None)
    found = owner.__dict__[name] if owner else None
    if owner is None or isinstance(found, _SLOT):
        return "none", None
    if isinstance(found, property):
        function = found.fset if setting else found.fget
        return ("property", function) if function else ("read_only", None)
    if isinstance(found, staticmethod):
        return "function", found.__func__
    if isinstance(found, classmethod):
        return "class_method", found.__func__
    if isinstance(found, types.FunctionType) or hasattr(type(found), "_build_for"):  # a program
        return "method", found
    return ("other" if hasattr(type(found), "__get__") else "value"), found


def _is_generated(init, owner):
    """Is it the __init__ that dataclass() makes of the fields?"""
    if not isinstance(init, types.FunctionType) or init.__code__.co_filename != "<string>":
        return False
    fields = [field for field in owner.__dataclass_fields__.values()
              if field.init and field._field_type.name in ("_FIELD", "_FIELD_INITVAR")]
    names = [field.name for only in (False, True) for field in fields if bool(field.kw_only) == only]
    code = init.__code__
    return list(code.co_varnames[1:code.co_argcount + code.co_kwonlyargcount]) == names


def construction_of(cls):
    """How an object is made: (fields, __init__ or None, has it __post_init__?), or a text that says why it is not.

    A field: (name, kind, is it a parameter?, by keyword only?, default kind, default); kinds "field" and "initvar",
    default kinds "none", "value" and "factory".
    """
    if _owner(cls, "__new__") is not object:
        return "its class has a __new__"
    owner = _owner(cls, "__init__")
    if owner is object:
        return (), None, False
    init = owner.__dict__["__init__"]
    if _own_parameters(owner) is None or not _is_generated(init, owner):
        return (), init, False
    fields = []
    for field in owner.__dataclass_fields__.values():
        kind = {"_FIELD": "field", "_FIELD_INITVAR": "initvar"}.get(field._field_type.name)
        if kind is None:
            continue
        if field.default_factory is not dataclasses.MISSING:
            default = "factory", field.default_factory
        elif field.default is not dataclasses.MISSING:
            default = "value", field.default
        else:
            default = "none", None
        if not field.init and default[0] == "value" and cls.__dictoffset__:
            continue  # it stays with the class
        fields.append((field.name, kind, field.init, bool(field.kw_only), *default))
    return tuple(fields), None, hasattr(cls, "__post_init__")


def is_kind_of(cls, of):
    """isinstance(an object of class `cls`, of), of an object of no such class where that is None; None where `of` itself
    decides what is of its kind."""
    if type(of).__instancecheck__ is not type.__instancecheck__:
        return None
    return cls is not None and issubclass(cls, of)


def note(error, text):
    """Adds a line to what an exception says, as far as it can be said."""
    if sys.version_info >= (3, 11):
        error.add_note(text)
    elif len(error.args) == 1 and isinstance(error.args[0], str):
        error.args = (f"{error.args[0]}\n{text}",)
