"""Classes of values: those of `dataclasses`, whose methods are only made once they are needed.

`dataclasses.dataclass` writes and compiles the source of up to six methods for each class when a module is imported
and imports `inspect` for it; for the seventy classes that a short call loads, that was a fifth of its time. Here
equality, hash, order and ``repr`` are functions that all classes share, and ``__init__`` is compiled once a class has
made some objects: of most classes a call makes few, and each takes less time than compiling. Type checkers see those
of the standard library, and its functions (``fields``, ``asdict``, ``replace``) take these objects as well; `fields`
and `replace` of this module do without importing them. `NamedTuple` is that of `typing`, which compiles annotations.

For modules with ``from __future__ import annotations``. Not there: ``InitVar``, ``unsafe_hash``, ``weakref_slot``.
"""

# type checkers never see the second half; its names are those of `dataclasses` and of Python's protocols
# ruff: noqa: ANN001, ANN002, ANN003, ANN201, ANN202, ANN204, A002, N807, RUF063

from __future__ import annotations

TYPE_CHECKING = False  # as in `bibtool.lazy`
if TYPE_CHECKING:
    from dataclasses import dataclass, field, fields, replace
    from typing import Any, NamedTuple

    def open_twin(cls: type) -> Any:
        """See below."""

else:
    from collections import namedtuple
    from operator import attrgetter

    _MISSING = object()
    _FEW = 8  # objects that are made without a compiled method

    class _Field:
        """One field: what `field` was given, and its name."""

        __slots__ = ("compare", "default", "factory", "init", "kw_only", "metadata", "name", "repr")

        def __init__(self, default, factory, init, repr, compare, kw_only, metadata):
            self.default = default
            self.factory = factory
            self.init = init
            self.repr = repr
            self.compare = compare
            self.kw_only = kw_only
            self.metadata = {} if metadata is None else metadata
            self.name = ""

    def field(
        *,
        default=_MISSING,
        default_factory=_MISSING,
        init=True,
        repr=True,
        compare=True,
        kw_only=None,
        metadata=None,
    ):
        """What `dataclasses.field` gives."""
        return _Field(default, default_factory, init, repr, compare, kw_only, metadata)

    def fields(struct, /):
        """The fields of a class of ours, or of its object, as `dataclasses.fields` gives them, but without their types.

        That one makes a class of its own for it, which takes a millisecond.
        """
        return struct.__struct_fields__

    class _Standard:
        """The fields or parameters of a class as `dataclasses` has them, made when something asks for them."""

        __slots__ = ("name", "options")

        def __init__(self, name, options):
            self.name = name
            self.options = options

        def __get__(self, instance, owner):
            import dataclasses

            made = dataclasses.make_dataclass(
                owner.__name__, [_standard_field(owner, one) for one in owner.__struct_fields__], **self.options
            )
            told = getattr(made, self.name)
            setattr(owner, self.name, told)  # asked for again with each object that `asdict` takes
            return told

    def _standard_field(owner, one):
        import dataclasses

        told = {name: getattr(one, name) for name in ("init", "repr", "compare", "kw_only", "metadata")}
        if one.default is not _MISSING:
            told["default"] = one.default
        if one.factory is not _MISSING:
            told["default_factory"] = one.factory
        return one.name, _types(owner).get(one.name, object), dataclasses.field(**told)

    def _types(owner):
        types = {}
        for base in reversed(owner.__mro__):
            types.update(base.__dict__.get("__annotations__", {}))
        return types

    class _Signature:
        """The parameters of a class for `inspect.signature`, also before the first object is made."""

        __slots__ = ("cls", "init")

        def __init__(self, cls, init):
            self.cls = cls
            self.init = init

        def __get__(self, instance, owner):
            if owner is not self.cls:
                raise AttributeError("__signature__")
            from inspect import signature

            found = signature(_compiled_init(owner, owner.__struct_fields__, *self.init))
            types = _types(owner)
            shown = [one.replace(annotation=types[name]) for name, one in found.parameters.items() if name in types]
            return found.replace(parameters=shown, return_annotation=None)

    def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, frozen=False, kw_only=False, slots=False):
        """What `dataclasses.dataclass` does."""

        def make(cls):
            return _made(cls, init, repr, eq, order, frozen, kw_only, slots)

        return make if cls is None else make(cls)

    def _made(cls, init, repr, eq, order, frozen, kw_only, slots):
        space = cls.__dict__
        known = {}
        for base in cls.__mro__[-1:0:-1]:
            for one in base.__dict__.get("__struct_fields__", ()):
                known[one.name] = one
            if "__struct_fields__" not in base.__dict__ and "__dataclass_fields__" in base.__dict__:
                raise TypeError(f"{cls.__name__} derives from the class {base.__name__}, which dataclasses made")
        inherited = frozenset(known)
        plain = {}  # the class attributes that stay: defaults
        for name, kind in space.get("__annotations__", {}).items():
            if kind.startswith(("ClassVar", "typing.ClassVar")):
                continue
            value = space.get(name, _MISSING)
            one = value if value.__class__ is _Field else _Field(value, _MISSING, True, True, True, None, None)
            one.name = name
            if one.kw_only is None:
                one.kw_only = kw_only
            known[name] = one
            plain[name] = one.default
        fields = tuple(known.values())
        if slots:
            attributes = {name: value for name, value in space.items() if name not in plain}
            attributes.pop("__dict__", None)
            attributes.pop("__weakref__", None)
            attributes["__slots__"] = tuple(name for name in known if name not in inherited)
            attributes["__qualname__"] = cls.__qualname__
            cls = type(cls)(cls.__name__, cls.__bases__, attributes)
        else:
            for name, value in plain.items():
                if value is not _MISSING:
                    setattr(cls, name, value)
                elif name in space:
                    delattr(cls, name)
        space = cls.__dict__
        options = {"frozen": frozen, "order": order, "eq": eq, "kw_only": kw_only}
        cls.__struct_fields__ = fields
        cls.__dataclass_fields__ = _Standard("__dataclass_fields__", options)
        cls.__dataclass_params__ = _Standard("__dataclass_params__", options)
        if "__match_args__" not in space:
            cls.__match_args__ = tuple(one.name for one in fields if one.init and not one.kw_only)
        if init:
            cls.__init__ = _first_init(cls, fields, frozen, slots)
            cls.__signature__ = _Signature(cls, (frozen, slots))
        if repr and "__repr__" not in space:
            cls.__repr__ = _repr
        own_hash = space.get("__hash__", _MISSING)
        if eq or order:
            get = _getter([one.name for one in fields if one.compare])
            if eq:
                if own_hash is _MISSING or (own_hash is None and "__eq__" in space):
                    cls.__hash__ = _hash_by(get) if frozen else None
                if "__eq__" not in space:
                    cls.__eq__ = _equal_by(get)
            if order:
                cls.__lt__, cls.__le__, cls.__gt__, cls.__ge__ = _order_by(get)
        if frozen:
            cls.__setattr__, cls.__delattr__ = _frozen_for(cls, frozenset(known))
            if slots and "__getstate__" not in space:
                cls.__getstate__, cls.__setstate__ = _getstate, _setstate
        return cls

    def _getter(names):
        """What gives the values that are compared: of several fields a tuple, of one field its value."""
        return attrgetter(*names) if names else lambda _: ()

    def _first_init(cls, fields, frozen, slots):
        made = None
        left = _FEW
        fill = None

        def __init__(self, /, *args, **named):
            nonlocal made, left, fill
            if made is None and left:
                left -= 1
                if fill is None:
                    fill = _filler(cls, fields, frozen, slots)
                if fill(self, args, named):
                    return
            if made is None:
                made = _compiled_init(cls, fields, frozen, slots)
                if cls.__init__ is __init__:  # otherwise somebody has put another one around it
                    cls.__init__ = made
            made(self, *args, **named)

        return __init__

    def _filler(cls, fields, frozen, slots):
        """What does the same as the compiled method, one field after the other; false for arguments that don't fit.

        The object is as it was then, and the compiled method says what is wrong.
        """
        positional = [one.name for one in fields if one.init and not one.kw_only]
        known = frozenset(one.name for one in fields if one.init)
        set_one = object.__setattr__ if frozen else setattr
        finish = getattr(cls, "__post_init__", None)
        # as the compiled method, leave out what is a class attribute, or nothing
        filled = [
            one for one in fields if one.init or one.factory is not _MISSING or (slots and one.default is not _MISSING)
        ]
        required = [one.name for one in fields if one.init and one.default is _MISSING and one.factory is _MISSING]

        def fill(self, args, named):
            if args:
                given = dict(zip(positional, args, strict=False))
                if len(args) > len(positional) or not given.keys().isdisjoint(named):
                    return False
                given.update(named)
            else:
                given = named
            if not known.issuperset(named):
                return False
            for name in required:
                if name not in given:
                    return False
            for one in filled:
                name = one.name
                if name in given:
                    set_one(self, name, given[name])
                else:
                    set_one(self, name, one.default if one.factory is _MISSING else one.factory())
            if finish is not None:
                finish(self)
            return True

        return fill

    _models = {}  # one ``__init__`` for each number of parameters

    def _compiled_init(cls, fields, frozen, slots):
        """``__init__`` of a class; most differ in names only, so that they are copies of one."""
        if frozen and slots and not hasattr(cls, "__post_init__"):
            parameters = sorted(fields, key=_is_named)
            given = [one.default is not _MISSING for one in parameters if not one.kw_only]
            if given == sorted(given) and all(one.init and one.factory is _MISSING for one in parameters):
                return _copied_init(cls, parameters)
        return _written_init(cls, fields, frozen, slots)

    def _is_named(one):
        return one.kw_only

    def _copied_init(cls, parameters):
        """``__init__`` of a class that only sets its slots: to copy one takes a tenth of the time of compiling it."""
        count = len(parameters)
        if count not in _models:
            names = [f"a{number}" for number in range(count)]
            body = [f"_s{number}(self, {name})" for number, name in enumerate(names)]
            space = {}
            source = f"def __init__({', '.join(['self', *names])}):\n " + "\n ".join(body or ["pass"])
            exec(source, space)  # noqa: S102 # the source is made of numbers only
            _models[count] = space["__init__"]
        model = _models[count]
        named = {one.name: one.default for one in parameters if one.kw_only}
        code = model.__code__.replace(
            co_varnames=("self", *[one.name for one in parameters]),
            co_argcount=1 + count - len(named),
            co_kwonlyargcount=len(named),
        )
        made = type(model)(code, {f"_s{at}": getattr(cls, one.name).__set__ for at, one in enumerate(parameters)})
        defaults = [one.default for one in parameters if not one.kw_only and one.default is not _MISSING]
        made.__defaults__ = tuple(defaults)
        made.__kwdefaults__ = {name: default for name, default in named.items() if default is not _MISSING}
        made.__name__ = "__init__"
        made.__qualname__ = f"{cls.__qualname__}.__init__"
        made.__module__ = cls.__module__
        return made

    def _written_init(cls, fields, frozen, slots):
        """``__init__`` of a class, written as `dataclasses` would."""
        space = {"_missing": _MISSING, "_set": object.__setattr__}
        positional, named, body = [], [], []
        for number, one in enumerate(fields):
            name = one.name
            value = name
            if one.default is not _MISSING:
                space[f"_d{number}"] = one.default
                default = f"=_d{number}"
            else:
                default = "=_missing" if one.factory is not _MISSING else ""
            if one.factory is not _MISSING:
                space[f"_f{number}"] = one.factory
                value = f"_f{number}() if {name} is _missing else {name}" if one.init else f"_f{number}()"
            elif not one.init:
                if one.default is _MISSING or not slots:
                    continue
                value = f"_d{number}"
            if one.init:
                (named if one.kw_only else positional).append(name + default)
            if not frozen:
                body.append(f"self.{name} = {value}")
            elif slots:
                space[f"_s{number}"] = getattr(cls, name).__set__
                body.append(f"_s{number}(self, {value})")
            else:
                body.append(f'_set(self, "{name}", {value})')
        if hasattr(cls, "__post_init__"):
            body.append("self.__post_init__()")
        parameters = ", ".join(["self", *positional, *(["*", *named] if named else [])])
        source = f"def __init__({parameters}):\n " + "\n ".join(body or ["pass"])
        exec(source, space)  # noqa: S102 # names and numbers only; dataclasses does the same
        made = space["__init__"]
        made.__qualname__ = f"{cls.__qualname__}.__init__"
        made.__module__ = cls.__module__
        return made

    class _NamedTuples(type):
        def __new__(cls, name, bases, space):
            if not bases:
                return type.__new__(cls, name, bases, space)
            types = space.pop("__annotations__", {})
            defaults = [space.pop(field) for field in types if field in space]
            made = namedtuple(name, types, defaults=defaults, module=space.pop("__module__"))  # noqa: PYI024  (typing.NamedTuple is made by it too)
            made.__annotations__ = made.__new__.__annotations__ = types
            for attribute, value in space.items():
                setattr(made, attribute, value)
            return made

    class NamedTuple(metaclass=_NamedTuples):
        """What `typing.NamedTuple` gives. That one compiles the annotation of each field, which nobody asks for."""

        __slots__ = ()

    def open_twin(cls):
        """A class with the attributes of a frozen one with slots, free to be set: then ``__class__`` makes it frozen.

        To set the attributes of a frozen object takes several times as long, which tells where many thousands are made.
        """
        return type(f"_Open{cls.__name__}", (), {"__slots__": cls.__slots__})

    def _repr(self):
        from reprlib import recursive_repr

        cls = self.__class__
        if cls.__repr__ is not _repr:
            return _repr_of(self)
        cls.__repr__ = recursive_repr()(_repr_of)
        return cls.__repr__(self)

    def _repr_of(self):
        shown = (f"{one.name}={getattr(self, one.name)!r}" for one in self.__struct_fields__ if one.repr)
        return f"{self.__class__.__qualname__}({', '.join(shown)})"

    def _hash_by(get):
        def __hash__(self):
            return hash(get(self))

        return __hash__

    def _equal_by(get):
        def __eq__(self, other):
            if other.__class__ is self.__class__:
                return get(self) == get(other)
            return NotImplemented

        return __eq__

    def _order_by(get):
        def __lt__(self, other):
            return get(self) < get(other) if other.__class__ is self.__class__ else NotImplemented

        def __le__(self, other):
            return get(self) <= get(other) if other.__class__ is self.__class__ else NotImplemented

        def __gt__(self, other):
            return get(self) > get(other) if other.__class__ is self.__class__ else NotImplemented

        def __ge__(self, other):
            return get(self) >= get(other) if other.__class__ is self.__class__ else NotImplemented

        return __lt__, __le__, __gt__, __ge__

    def _frozen_for(cls, names):
        """``__setattr__`` and ``__delattr__`` of a class whose fields never change."""

        def __setattr__(self, name, value):
            if type(self) is cls or name in names:
                from dataclasses import FrozenInstanceError

                raise FrozenInstanceError(f"cannot assign to field {name!r}")
            super(cls, self).__setattr__(name, value)

        def __delattr__(self, name):
            if type(self) is cls or name in names:
                from dataclasses import FrozenInstanceError

                raise FrozenInstanceError(f"cannot delete field {name!r}")
            super(cls, self).__delattr__(name)

        return __setattr__, __delattr__

    def _getstate(self):
        return [getattr(self, one.name) for one in self.__struct_fields__]

    def _setstate(self, state):
        for one, value in zip(self.__struct_fields__, state, strict=True):
            object.__setattr__(self, one.name, value)

    def replace(obj, /, **changes):
        """A copy with other values, as `dataclasses.replace` makes it."""
        fields = getattr(obj, "__struct_fields__", None)
        if fields is None:
            from dataclasses import replace as standard

            return standard(obj, **changes)
        for one in fields:
            if one.init:
                if one.name not in changes:
                    changes[one.name] = getattr(obj, one.name)
            elif one.name in changes:
                raise ValueError(f"field {one.name} is declared with init=False, it cannot be specified with replace()")
        return obj.__class__(**changes)


__all__ = ["NamedTuple", "dataclass", "field", "fields", "open_twin", "replace"]
