"""A Jinja2 environment for templates of strangers: no files, no modules, no Python objects, and an end.

A template sees plain data only. Attributes that begin with ``_`` are refused by Jinja2's own sandbox; this one also
leaves out the filters and globals through which objects of Python were reached before, refuses methods of strings
that are not in a list, and counts what a template does: a time limit would not be the same on all machines. What a
filter or a method is given counts by its size, all that is in it included, before it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateRuntimeError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, missing
from jinja2.visitor import NodeTransformer

from bibtool.suggest import did_you_mean, nearest

MAX_OUTPUT: Final = 20_000_000  # characters
MAX_STRING: Final = 1_000_000  # characters of one value, except for what is printed
MAX_STEPS: Final = 1_000_000  # turns of loops and calls, all together
MAX_WORK: Final = 4_000_000  # what filters, methods and operators were given, all together, as `Sandbox.weigh` has it
CHARACTERS_PER_UNIT: Final = 20
MAX_WEIGHED_DEPTH: Final = 50
_COSTS: Final = {"groupby": 5, "wordwrap": 20}  # those that do much for each item or character
FILTERS: Final = frozenset(
    """
    abs batch capitalize count d default dictsort escape e first float forceescape groupby indent int items join last
    length list lower map max min reject rejectattr replace reverse round safe select selectattr slice sort string
    striptags sum title tojson trim truncate unique upper urlencode wordcount wordwrap
    """.split()
)
TESTS: Final = frozenset(
    """
    boolean defined divisibleby eq equalto even false float ge greaterthan gt in integer iterable le lessthan lower lt
    mapping ne none number odd sameas sequence string true undefined upper == != < <= > >=
    """.split()
)
_STRING_METHODS: Final = frozenset(
    """
    capitalize casefold count endswith find index isalnum isalpha isascii isdecimal isdigit islower isnumeric isspace
    istitle isupper join lower lstrip partition removeprefix removesuffix replace rfind rindex rpartition rsplit rstrip
    split splitlines startswith strip swapcase title upper
    """.split()
)
_OTHER_METHODS: Final[tuple[tuple[type, frozenset[str]], ...]] = (
    (dict, frozenset({"get", "items", "keys", "values"})),
    (list, frozenset({"count", "index"})),
    (tuple, frozenset({"count", "index"})),
)


class Strict(StrictUndefined):
    """A name or field that does not exist: an error wherever it is used, with the nearest one that does."""

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] | None = None,
    ) -> None:
        if hint is None and isinstance(name, str):
            hint = f"there is no {name!r}" if obj is missing else f"there is no field {name!r}"
            known = [field for field in obj if isinstance(field, str)] if isinstance(obj, Mapping) else []
            if near := nearest(name, known, most=1):
                hint += f"; {did_you_mean(near)}"
        if exc is None:
            super().__init__(hint, obj, name)
        else:
            super().__init__(hint, obj, name, exc)


class LimitError(TemplateRuntimeError):
    """The template asks for more than it may have."""


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment; one for each rendering, for it counts."""

    intercepted_binops = frozenset({"+", "*", "%", "**"})

    def __init__(self, **settings: Any) -> None:
        super().__init__(undefined=Strict, loader=None, cache_size=0, **settings)
        self.steps = 0
        self.work = 0
        self.globals = {"range": self._range, "namespace": Namespace}
        self.filters = {name: made for name, made in self.filters.items() if name in FILTERS}
        self.filters["sum"] = self._sum
        for name in ("replace", "indent"):
            self.filters[name] = self._bounded(self.filters[name])
        self.filters = {name: self.weighed(made, _COSTS.get(name, 1)) for name, made in self.filters.items()}
        self.filters |= {"_steps": self._counted, "_join": self._joined, "join": self.weighed(self._join)}
        self.tests = {name: made for name, made in self.tests.items() if name in TESTS}

    # ---- what may be reached ----------------------------------------------------------------------------------

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Only methods without effect of strings and of plain collections."""
        if isinstance(obj, str):
            return attr in _STRING_METHODS
        for kind, names in _OTHER_METHODS:
            if isinstance(obj, kind):
                return attr in names
        return super().is_safe_attribute(obj, attr, value) and type(obj).__module__.startswith("jinja2.")

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """None: ``format`` is a method like all others that are not in the list."""
        del value
        return None

    # ---- what it may cost -------------------------------------------------------------------------------------

    def tick(self, turns: int = 1) -> None:
        """Count; raises `LimitError` once it is too much."""
        self.steps += turns
        if self.steps > MAX_STEPS:
            raise LimitError(f"more than {MAX_STEPS:,} steps: loops within loops, or macros that call one another?")

    def weigh(self, value: Any, depth: int = 0) -> None:
        """Count the work that a value can make; raises `LimitError` once it is too much.

        A member counts each time that it is in a list, even if it is the same one: whoever prints or compares the list
        goes through it each time.
        """
        if isinstance(value, str):
            self.work += 1 + len(value) // CHARACTERS_PER_UNIT
        elif isinstance(value, (list, tuple, dict)):
            self.work += 1 + len(value)
            self._check_work()
            if depth < MAX_WEIGHED_DEPTH:
                for member in value:
                    if isinstance(member, (str, list, tuple, dict)):
                        self.weigh(member, depth + 1)
                if isinstance(value, dict):
                    for member in value.values():
                        self.weigh(member, depth + 1)
        else:
            self.work += 1
        self._check_work()

    def _check_work(self) -> None:
        if self.work > MAX_WORK:
            raise LimitError("too much work with large values: take less of them, or fewer times")

    def weighed(self, made: Callable[..., Any], cost: int = 1) -> Callable[..., Any]:
        """The filter with its arguments counted: by their size times ``cost``, a number by its value."""
        from functools import wraps

        @wraps(made)  # takes over how the filter wants to be called
        def counting(*args: Any, **kwargs: Any) -> Any:
            before = self.work
            for value in (*args, *kwargs.values()):
                if isinstance(value, int):
                    self.work += min(abs(value), MAX_WORK + 1)
                else:
                    self.weigh(value)
            self.work += (self.work - before) * (cost - 1)
            self._check_work()
            return made(*args, **kwargs)

        return counting

    def _sum(self, items: Iterable[Any], attribute: str | int | None = None, start: float = 0) -> Any:
        """The filter ``sum``, for numbers: lists would be copied again for each of them."""
        total = start
        for item in self._counted(items):
            number = item if attribute is None else self.getitem(item, attribute)
            if not isinstance(number, (int, float)) or not isinstance(total, (int, float)):
                raise LimitError("sum is for numbers only")
            total = total + number
        return _fits(total)

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a macro, a global or a method: counted, its result bounded."""
        self.tick(5)
        owner = getattr(obj, "__self__", None)
        for value in (owner, *args, *kwargs.values()):
            if isinstance(value, (str, list, tuple, dict)):
                self.weigh(value)
        if isinstance(owner, str) and getattr(obj, "__name__", "") in {"replace", "join"}:
            self._check_growth(owner, args)
        return _fits(super().call(context, obj, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Calculate: no numbers beyond all measure, no long strings by ``*``, no formats that make columns."""
        if operator == "%" and isinstance(left, str):
            raise LimitError("use ~ to put texts together; % is only for numbers")
        if operator == "**" and not (abs(left) <= 10**6 and abs(right) <= 10):
            raise LimitError("a power of these numbers is too large")
        if operator == "*":
            for value, times in ((left, right), (right, left)):
                if isinstance(value, (str, list, tuple)) and isinstance(times, int) and len(value) * times > MAX_STRING:
                    raise LimitError(f"a value of more than {MAX_STRING:,} characters")
        for value in (left, right):
            if isinstance(value, (str, list, tuple)):
                self.work += len(value) // (CHARACTERS_PER_UNIT if isinstance(value, str) else 1)
        self._check_work()
        return _fits(super().call_binop(context, operator, left, right))

    def _range(self, *args: int) -> range:
        numbers = range(*args)
        if len(numbers) > MAX_STEPS:
            raise LimitError(f"a range of more than {MAX_STEPS:,} numbers")
        return numbers

    def _counted(self, items: Any) -> Any:
        """What a loop runs over, each turn counted."""
        if isinstance(items, (list, tuple, dict, str, range)):
            self.tick(len(items) + 1)
            return items
        return self._count_each(items)

    def _count_each(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.tick()
            yield item

    def _joined(self, parts: list[Any]) -> str:
        """Texts put together by ``~``."""
        return str(_fits("".join(map(self.finalize or str, parts))))

    def _join(self, items: Iterable[Any], d: str = "", attribute: str | int | None = None) -> str:
        """The filter ``join``: what is trusted stays so."""
        if attribute is not None:
            items = [self.getitem(item, attribute) for item in items]
        return str(_fits(str(d).join(self._joined([item]) for item in self._counted(items))))

    def _check_growth(self, text: str, args: tuple[Any, ...]) -> None:
        sizes = [len(arg) for arg in args if isinstance(arg, (str, list, tuple))]
        if sizes and (len(text) + 1) * (max(sizes) + 1) > MAX_STRING * 10:
            raise LimitError(f"a value of more than {MAX_STRING:,} characters")

    def _bounded(self, made: Callable[..., Any]) -> Callable[..., Any]:
        """The filter with a bound on what it can make of what it is given."""
        from functools import wraps

        @wraps(made)  # takes over how the filter wants to be called
        def bounded(*args: Any, **kwargs: Any) -> Any:
            texts = [arg for arg in (*args, *kwargs.values()) if isinstance(arg, str)]
            numbers = [arg for arg in (*args, *kwargs.values()) if isinstance(arg, int)]
            if texts:
                self._check_growth(texts[0], tuple(texts[1:]))
            if any(abs(number) > 1000 for number in numbers):
                raise LimitError("a number of more than 1000 in a filter")
            return _fits(made(*args, **kwargs))

        return bounded

    def compile_bounded(self, source: str, filename: str) -> Any:
        """The code of the template, its loops and ``~`` counted. Raises jinja2's errors.

        What would read another file is refused here, with its line.
        """
        tree = self.parse(source, filename=filename)
        for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            from jinja2 import TemplateSyntaxError

            raise TemplateSyntaxError("a template can't read other files", node.lineno, filename=filename)
        _Counting().visit(tree)
        tree.set_environment(self)
        return self.compile(tree, filename=filename)


class _Counting(NodeTransformer):
    """Sends loops and every ``a ~ b`` through filters: Jinja2 lets operators be watched, but not this one."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - Jinja2 calls it by this name
        self.generic_visit(node)
        node.iter = _filtered(node.iter, "_steps")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802 - as above
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "_join")


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _fits(value: Any) -> Any:
    if isinstance(value, (str, list, tuple)) and len(value) > MAX_STRING:
        raise LimitError(f"a value of more than {MAX_STRING:,} characters")
    if isinstance(value, int) and value.bit_length() > 10_000:
        raise LimitError("a number of thousands of digits")
    return value
