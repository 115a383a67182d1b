"""What CSL 1.0.2 allows where: elements, required attributes and closed lists of values.

Attributes that the specification does not know are left alone: styles of newer versions carry some. What can't be
rendered is an error with the line of the element.
"""

from __future__ import annotations

from bibtool.errors import StyleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from bibtool.xmltree import Element

MAX_RENDER_DEPTH = 130  # the deepest styles of the collection have about 70
MAX_CALLS = 60  # of macros inside one another
MAX_RENDER_SIZE = 100_000  # elements of one entry

RENDERING = frozenset({"text", "number", "date", "names", "label", "group", "choose"})

_CHILDREN: Mapping[str, frozenset[str]] = {
    "style": frozenset({"info", "locale", "macro", "citation", "bibliography", "intext"}),
    "macro": RENDERING,
    "citation": frozenset({"sort", "layout"}),
    "bibliography": frozenset({"sort", "layout"}),
    "intext": frozenset({"sort", "layout"}),
    "layout": RENDERING,
    "sort": frozenset({"key"}),
    "group": RENDERING,
    "choose": frozenset({"if", "else-if", "else"}),
    "if": RENDERING,
    "else-if": RENDERING,
    "else": RENDERING,
    "names": frozenset({"name", "et-al", "label", "substitute", "institution"}),
    "name": frozenset({"name-part"}),
    "institution": frozenset({"institution-part"}),
    "substitute": RENDERING,
    "date": frozenset({"date-part"}),
    "text": frozenset(),
    "number": frozenset(),
    "label": frozenset(),
    "key": frozenset(),
    "date-part": frozenset(),
}

_ELSEWHERE = frozenset({"info", "locale"})  # what is inside them is checked where they are read

_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "macro": ("name",),
    "number": ("variable",),
    "date": ("variable",),
    "date-part": ("name",),
}

_BOOLEAN = frozenset({"true", "false"})
_VALUES: Mapping[str, frozenset[str]] = {
    "and": frozenset({"text", "symbol"}),
    "collapse": frozenset({"citation-number", "year", "year-suffix", "year-suffix-ranged"}),
    "delimiter-precedes-et-al": frozenset({"contextual", "after-inverted-name", "always", "never"}),
    "delimiter-precedes-last": frozenset({"contextual", "after-inverted-name", "always", "never"}),
    "demote-non-dropping-particle": frozenset({"never", "sort-only", "display-and-sort"}),
    "display": frozenset({"block", "left-margin", "right-inline", "indent"}),
    "disambiguate-add-givenname": _BOOLEAN,
    "disambiguate-add-names": _BOOLEAN,
    "disambiguate-add-year-suffix": _BOOLEAN,
    "et-al-use-last": _BOOLEAN,
    "givenname-disambiguation-rule": frozenset(
        {"all-names", "all-names-with-initials", "primary-name", "primary-name-with-initials", "by-cite"}
    ),
    "initialize": _BOOLEAN,
    "initialize-with-hyphen": _BOOLEAN,
    "match": frozenset({"any", "all", "none", "nand"}),
    "name-as-sort-order": frozenset({"first", "all"}),
    "page-range-format": frozenset({"expanded", "minimal", "minimal-two", "chicago", "chicago-15", "chicago-16"}),
    "quotes": _BOOLEAN,
    "second-field-align": frozenset({"flush", "margin", "true", "false"}),
    "strip-periods": _BOOLEAN,
}

_NEEDS_ONE: frozenset[str] = frozenset({"variable", "macro", "term", "value"})
_COUNTS = frozenset(
    {
        "et-al-min",
        "et-al-use-first",
        "et-al-subsequent-min",
        "et-al-subsequent-use-first",
        "names-min",
        "names-use-first",
        "near-note-distance",
        "entry-spacing",
        "line-spacing",
    }
)
_WITH_RULES = _VALUES.keys() | _COUNTS


def check_style(root: Element, path: str | None) -> None:
    """Nothing; raises `StyleError` for the first thing that can't be rendered."""
    if root.first("citation") is None:
        raise StyleError("<style> without <citation>", path=path, line=root.line)
    macros = {macro.get("name"): macro for macro in root.all("macro")}
    for name in ("citation", "bibliography"):
        area = root.first(name)
        if area is not None and area.first("layout") is None:
            raise StyleError(f"<{name}> without <layout>", path=path, line=area.line)
    _check(root, macros, path)
    if _is_small(root, macros):
        return
    used = _used(root, macros, _check_recursion(macros, path))
    _check_depth(root, used, path)
    _check_size(root, used, path)


def _check(element: Element, macros: Mapping[str, Element], path: str | None) -> None:
    name, attributes = element.name, element.attributes
    if name in _REQUIRED:
        for required in _REQUIRED[name]:
            if required not in attributes:
                raise StyleError(f"<{name}> without the attribute {required}", path=path, line=element.line)
    if not _WITH_RULES.isdisjoint(attributes):
        _check_values(element, path)
    if name == "text" and _NEEDS_ONE.isdisjoint(attributes):
        raise StyleError("<text> needs one of variable, macro, term, value", path=path, line=element.line)
    if "macro" in attributes and name in ("text", "key") and attributes["macro"] not in macros:
        raise StyleError(f"<{name}>: no macro {element.get('macro')!r}", path=path, line=element.line)
    if element.children and name in _CHILDREN:
        known = _CHILDREN[name]
        for child in element.children:
            if child.name not in known:
                raise StyleError(f"<{child.name}> is not allowed inside <{name}>", path=path, line=child.line)
            if child.name not in _ELSEWHERE:
                _check(child, macros, path)


def _check_values(element: Element, path: str | None) -> None:
    name = element.name
    for key, value in element.attributes.items():
        allowed = _VALUES.get(key)
        if allowed is not None and value not in allowed:
            raise StyleError(
                f'<{name}>: {key}="{value}" is not one of {", ".join(sorted(allowed))}', path=path, line=element.line
            )
        if key in _COUNTS and not (value.isascii() and value.strip().isdigit() and len(value) < 10):
            raise StyleError(f'<{name}>: {key}="{value}" is not a number', path=path, line=element.line)


def _is_small(root: Element, macros: Mapping[str, Element]) -> bool:
    """Whether no limit is reached, as in nearly all styles: then the three checks below have nothing to find."""
    known: dict[str, tuple[int, int, int]] = {}
    endless = MAX_CALLS, MAX_RENDER_DEPTH, MAX_RENDER_SIZE

    def most(element: Element, level: int = 0) -> tuple[int, int, int]:
        """At most so many calls inside one another, so deep, so many elements."""
        if level > MAX_RENDER_DEPTH:  # goes on, through macros, as far as Python cannot
            return endless
        attributes = element.attributes
        long = calls = deepest = largest = below = 0
        for value in attributes.values():
            long += len(value)
        for child in element.children:
            called, depth, size = most(child, level + 1)
            calls, deepest, largest = max(calls, called), max(deepest, depth), max(largest, size)
            below += size
        own = 1 + long // 200 + (largest if element.name == "choose" else below)
        if "macro" in attributes:
            called, depth, size = of_macro(attributes["macro"], level)
            calls, deepest, own = max(calls, called + 1), max(deepest, depth), own + size
        return calls, deepest + 1, own

    def of_macro(name: str, level: int = 0) -> tuple[int, int, int]:
        found = known.get(name)
        if found is None:
            known[name] = endless  # for one that calls itself
            found = known[name] = most(macros[name], level + 1) if name in macros else (0, 0, 0)
        return found

    parts = [root.first(name) for name in ("citation", "bibliography", "intext")]
    sums = [*map(of_macro, macros), *(most(part) for part in parts if part is not None)]
    return all(calls < MAX_CALLS and depth < MAX_RENDER_DEPTH and size < MAX_RENDER_SIZE for calls, depth, size in sums)


def _calls(element: Element, without: Container[str] = ()) -> list[str]:
    """The names of the macros that are called inside, other than inside children of these names."""
    found: list[str] = []
    stack = [child for child in element.children if child.name not in without]
    while stack:
        current = stack.pop()
        if current.name in ("text", "key") and "macro" in current.attributes:
            found.append(current.get("macro"))
        stack.extend(current.children)
    return found


def _used(root: Element, macros: Mapping[str, Element], order: Sequence[str]) -> dict[str, Element]:
    """The macros that are called at all, in that order."""
    called = set(_calls(root, {"macro", *_ELSEWHERE}))
    for name in reversed(order):
        if name in called:
            called.update(_calls(macros[name]))
    return {name: macros[name] for name in order if name in called}


def _check_depth(root: Element, used: Mapping[str, Element], path: str | None) -> None:
    """Macros may call macros: what counts is how deep elements are nested when all of them are put in.

    Those that others call come first among the ``used`` ones, so that Python goes no deeper than one of them is.
    """
    depths: dict[str, int] = {}

    def depth(element: Element) -> int:
        found = depths.get(element.get("macro"), 0) if element.name == "text" else 0
        for child in element.children:
            found = max(found, depth(child))
        if found >= MAX_RENDER_DEPTH:
            raise StyleError(
                f"<{element.name}> is nested deeper than {MAX_RENDER_DEPTH} elements", path=path, line=element.line
            )
        return found + 1

    for name, macro in used.items():
        depths[name] = depth(macro)
    for name in ("citation", "bibliography"):
        area = root.first(name)
        if area is not None:
            depth(area)


def _check_size(root: Element, used: Mapping[str, Element], path: str | None) -> None:
    """What one entry can take: the elements that are rendered at most when all macros are put in.

    Those that others call come first among the ``used`` ones. 40 macros that each call the next one twice are a short
    style of 2^40 elements. Long texts count more.
    """
    sizes: dict[str, int] = {}

    def size(element: Element) -> int:
        own = 1 + sum(map(len, element.attributes.values())) // 200
        if element.name in ("text", "key"):
            own += sizes.get(element.get("macro"), 0)
        children = [size(child) for child in element.children]
        own += max(children, default=0) if element.name == "choose" else sum(children)
        if own > MAX_RENDER_SIZE:
            raise StyleError(
                f"<{element.name}> renders more than {MAX_RENDER_SIZE:,} elements: macros that call one another?",
                path=path,
                line=element.line,
            )
        return own

    for name, macro in used.items():
        sizes[name] = size(macro)
    for name in ("citation", "bibliography", "intext"):
        area = root.first(name)
        if area is not None:
            size(area)


def _check_recursion(macros: Mapping[str, Element], path: str | None) -> list[str]:
    """The names of the macros, those that others call before these; raises `StyleError` where one calls itself."""
    calls = {name: _calls(macro) for name, macro in macros.items()}
    done: dict[str, None] = {}
    for start in macros:
        if start in done:
            continue
        active: list[str] = []
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            name, at = stack.pop()
            if at == 0:
                if len(active) > MAX_CALLS:
                    raise StyleError("<macro>: calls are nested too deep", path=path, line=macros[name].line)
                active.append(name)
            if at < len(calls[name]):
                stack.append((name, at + 1))
                called = calls[name][at]
                if called in active:
                    raise StyleError(f"<macro>: {called!r} calls itself", path=path, line=macros[called].line)
                if called not in done:
                    stack.append((called, 0))
            else:
                done[name] = None
                active.pop()
    return list(done)
