"""`bibtool.structs` against `dataclasses`: the same classes, made by both, answer the same."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import typing
from typing import Any, ClassVar

import pytest

from bibtool import structs


@structs.dataclass(frozen=True, slots=True)
class Pickled:
    """At module level, so that `pickle` finds it."""

    one: int
    two: tuple[str, ...] = ("x",)


def classes(made: Any) -> dict[str, Any]:
    """One class of each kind, by `dataclasses` or by `structs`."""

    @made.dataclass(frozen=True, slots=True)
    class Frozen:
        one: int
        two: str = "b"
        three: dict[str, int] = made.field(default_factory=dict, compare=False, repr=False)

    @made.dataclass(slots=True, kw_only=True)
    class Named:
        one: int
        two: list[int] = made.field(default_factory=list)
        hidden: int = made.field(default=7, init=False)
        many: set[str] = made.field(default_factory=set, init=False)

    @made.dataclass(frozen=True, slots=True, order=True)
    class Ordered:
        one: int
        two: int = 0

    @made.dataclass
    class Plain:
        kind: ClassVar[str] = "plain"
        one: int = 1

        def __post_init__(self) -> None:
            self.one += 1

    @made.dataclass(slots=True)
    class Derived(Named):
        one: int = 4
        four: str = made.field(default="four", kw_only=True)

    @made.dataclass(frozen=True, slots=True, eq=False)
    class Alone:
        one: int = 1

    @made.dataclass(frozen=True, slots=True)
    class Nothing:
        pass

    @made.dataclass(frozen=True)
    class Loose:
        one: int = 1

    found: list[Any] = [Frozen, Named, Ordered, Plain, Derived, Alone, Nothing, Loose]
    return {one.__name__: one for one in found}


OURS, THEIRS = classes(structs), classes(dataclasses)
CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("Frozen", (1,), {}),
    ("Frozen", (1, "c", {"x": 1}), {}),
    ("Frozen", (), {"one": 1, "two": "d"}),
    ("Frozen", (), {}),
    ("Frozen", (1,), {"wrong": 1}),
    ("Frozen", (1,), {"one": 2}),
    ("Frozen", (1, "c", {}, 4), {}),
    ("Named", (), {"one": 2}),
    ("Named", (), {"one": 2, "two": [1]}),
    ("Named", (2,), {}),
    ("Named", (), {"one": 2, "hidden": 1}),
    ("Ordered", (1, 2), {}),
    ("Plain", (), {}),
    ("Plain", (5,), {}),
    ("Derived", (), {}),
    ("Derived", (9,), {"four": "4", "two": [3]}),
    ("Nothing", (), {}),
    ("Loose", (3,), {}),
]


@pytest.mark.parametrize(("name", "args", "named"), CALLS)
def test_objects_are_made_and_shown_alike(name: str, args: tuple[Any, ...], named: dict[str, Any]) -> None:
    answers: list[Any] = []
    for found in (OURS, THEIRS):
        try:
            one = found[name](*args, **named)
        except TypeError as error:
            answers.append(str(error).rpartition("__init__")[2])
        else:
            shown = repr(one).replace(type(one).__qualname__, name)
            answers.append((shown, dataclasses.asdict(one), one == found[name](*args, **named)))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(("name", "args", "named"), CALLS)
def test_the_first_objects_are_made_as_the_later_ones(name: str, args: tuple[Any, ...], named: dict[str, Any]) -> None:
    made = classes(structs)[name]
    answers: list[Any] = []
    for _ in range(30):
        try:
            one = made(*args, **named)
        except TypeError as error:
            answers.append(str(error))
        else:
            values = {field: getattr(one, field) for field in made.__match_args__}
            answers.append((repr(one), values, dataclasses.asdict(one)))
    assert made.__init__.__code__.co_filename == "<string>"  # the later ones by a method of its own
    assert answers == answers[:1] * 30


def test_first_objects_share_no_value_that_is_made_for_each() -> None:
    named = classes(structs)["Named"]
    one, two = named(one=1), named(one=2)
    one.two.append(3)
    one.many.add("x")
    assert (two.two, two.many) == ([], set())


def test_equality_hash_and_order() -> None:
    for found in (OURS, THEIRS):
        frozen, ordered = found["Frozen"], found["Ordered"]
        assert frozen(1) == frozen(1, three={"x": 2})
        assert hash(frozen(1)) == hash(frozen(1, three={"x": 2}))
        assert frozen(1) != frozen(2)
        assert frozen(1) != found["Loose"](1)
        assert found["Nothing"]() == found["Nothing"]()
        assert found["Alone"]() != found["Alone"]()
        assert len({found["Alone"](), found["Alone"]()}) == 2
        assert sorted([ordered(2), ordered(1, 5), ordered(1)]) == [ordered(1), ordered(1, 5), ordered(2)]
        assert ordered(1) <= ordered(1)
        assert ordered(2) > ordered(1)
        assert ordered(2) >= ordered(2)
        with pytest.raises(TypeError):
            hash(found["Named"](one=1))
        with pytest.raises(TypeError):
            _ = ordered(1) < 1


@pytest.mark.parametrize("name", ["Frozen", "Ordered", "Loose"])
def test_frozen_classes_refuse_changes(name: str) -> None:
    for found in (OURS, THEIRS):
        one = found[name](1)
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.one = 2
        with pytest.raises(dataclasses.FrozenInstanceError):
            del one.one


def test_replace_and_what_the_standard_library_asks() -> None:
    for replace in (structs.replace, dataclasses.replace):
        one = OURS["Frozen"](1, "c")
        assert replace(one, one=2) == OURS["Frozen"](2, "c")
        with pytest.raises(ValueError, match="init=False"):
            replace(OURS["Named"](one=1), hidden=2)
    assert structs.replace(THEIRS["Frozen"](1), one=3) == THEIRS["Frozen"](3)
    for name, ours in OURS.items():
        theirs: Any = THEIRS[name]
        assert ours.__match_args__ == theirs.__match_args__
        assert dataclasses.is_dataclass(ours)
        for mine, standard in zip(dataclasses.fields(ours), dataclasses.fields(theirs), strict=True):
            for told in ("name", "type", "default", "init", "repr", "compare", "kw_only"):
                assert getattr(mine, told) == getattr(standard, told), (name, told)


class Row(structs.NamedTuple):
    """A row."""

    one: int
    two: tuple[str, ...] = ()
    three: str = "3"

    @property
    def all(self) -> int:
        """A number."""
        return self.one + len(self.two)

    @classmethod
    def of(cls, text: str) -> Row:
        return cls(int(text))


class TheirRow(typing.NamedTuple):
    """A row."""

    one: int
    two: tuple[str, ...] = ()
    three: str = "3"


def test_named_tuples() -> None:
    row: Any = Row.of("1")
    assert row == (1, (), "3") == TheirRow(1)
    assert (Row(2, ("a", "b"), three="x").all, row._replace(one=4)) == (4, Row(4))
    assert repr(row) == repr(TheirRow(1)).replace("TheirRow", "Row")
    assert pickle.loads(pickle.dumps(row)) == copy.deepcopy(row) == row
    assert type(pickle.loads(pickle.dumps(row))) is Row
    for name in ("_fields", "_field_defaults", "__match_args__", "__doc__", "__module__", "__slots__"):
        assert getattr(Row, name) == getattr(TheirRow, name), name
    assert typing.get_type_hints(Row) == typing.get_type_hints(TheirRow)
    assert [*inspect.signature(Row).parameters] == [*inspect.signature(TheirRow).parameters]
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'one'"):
        Row()  # type: ignore[call-arg] # an argument is missing on purpose


def test_fields_are_those_of_dataclasses_without_their_types() -> None:
    told = ("name", "init", "repr", "compare", "kw_only", "metadata")
    for name, ours in OURS.items():
        assert [[getattr(one, each) for each in told] for one in structs.fields(ours)] == [
            [getattr(one, each) for each in told] for one in dataclasses.fields(THEIRS[name])
        ]

    @structs.dataclass
    class Told:
        number: int = structs.field(default=1, metadata={"help": "how many"})

    for one in (*structs.fields(Told), *structs.fields(Told()), *dataclasses.fields(Told)):
        assert (one.name, one.default, dict(one.metadata)) == ("number", 1, {"help": "how many"})


def test_slots_copies_and_pickles() -> None:
    assert not hasattr(OURS["Frozen"](1), "__dict__")
    assert hasattr(OURS["Plain"](), "__dict__")
    assert OURS["Plain"].kind == "plain"
    one = Pickled(1, ("y",))
    assert copy.copy(one) == copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one


def test_a_class_of_dataclasses_may_derive_from_one_of_ours() -> None:
    base: Any = OURS["Frozen"]

    @dataclasses.dataclass(frozen=True, slots=True)
    class Derived(base):  # type: ignore[misc] # made by either module
        four: int = 4

    assert Derived(1) == Derived(1, "b", {}, 4)
    theirs: Any = THEIRS["Plain"]
    with pytest.raises(TypeError):

        @structs.dataclass
        class Wrong(theirs):  # type: ignore[misc] # made by either module
            pass


def test_an_init_of_its_own_stays() -> None:
    @structs.dataclass(frozen=True, slots=True, init=False, repr=False)
    class Own:
        one: int

        def __init__(self) -> None:
            object.__setattr__(self, "one", 3)

        def __repr__(self) -> str:
            return "own"

    assert repr(Own()) == "own"
    assert Own().one == 3


def test_a_subclass_and_an_object_that_holds_itself() -> None:
    base: Any = OURS["Plain"]

    class Sub(base):  # type: ignore[misc] # made by either module
        pass

    assert Sub(3).one == 4
    assert repr(Sub(3)).endswith("Sub(one=4)")
    held = OURS["Named"](one=1)
    held.two.append(held)
    assert "..." in repr(held)


def test_the_parameters_of_classes_are_shown() -> None:
    for name, ours in classes(structs).items():
        mine, standard = inspect.signature(ours), inspect.signature(THEIRS[name])
        assert list(mine.parameters) == list(standard.parameters)
        for one, other in zip(mine.parameters.values(), standard.parameters.values(), strict=True):
            assert (one.kind, one.annotation) == (other.kind, other.annotation)
            assert (one.default is inspect.Parameter.empty) == (other.default is inspect.Parameter.empty)
    assert str(inspect.signature(OURS["Ordered"])) == str(inspect.signature(THEIRS["Ordered"]))

    base: Any = OURS["Plain"]

    class Sub(base):  # type: ignore[misc] # made by either module
        def __init__(self, other: int) -> None:
            super().__init__(other)

    assert list(inspect.signature(Sub).parameters) == ["other"]


def test_an_init_that_is_wrapped_before_the_first_object_stays_wrapped() -> None:
    @structs.dataclass(frozen=True, slots=True)
    class Limit:
        seconds: int = 60

    plain = Limit.__init__

    def short(self: Limit, *arguments: Any, **named: Any) -> None:
        plain(self, *arguments, **{"seconds": 1, **named})

    Limit.__init__ = short  # type: ignore[method-assign] # as a test does it
    assert [Limit().seconds, Limit().seconds, Limit(seconds=2).seconds] == [1, 1, 2]


def test_what_dataclasses_ask_for_is_made_once() -> None:
    """It takes a millisecond, and `asdict` asks for it with each object."""

    @structs.dataclass(frozen=True)
    class Once:
        number: int = 1

    assert dataclasses.asdict(Once()) == {"number": 1}
    assert dataclasses.fields(Once)[0] is dataclasses.fields(Once)[0]


def test_a_default_is_never_that_of_another_field() -> None:
    """As `dataclasses` refuses it: what is behind a default needs one too."""

    @structs.dataclass(frozen=True, slots=True)
    class Odd:
        first: int = 1
        second: int  # type: ignore[misc] # the type checker refuses it as well

    made = [Odd(second=number) for number in range(8)]
    assert {one.first for one in made} == {1}
    with pytest.raises(SyntaxError):
        Odd(5)  # type: ignore[call-arg] # as above
