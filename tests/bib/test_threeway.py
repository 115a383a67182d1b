"""Merging three versions of a file: what is taken, what is a conflict, and how that looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.bib import Document
from bibtool.bib.threeway import Merged, merge_documents

ENTRY = "@article{ada,\n  title = {One},\n  year = 2001,\n}\n"


def merge(base: str | bytes, ours: str | bytes, theirs: str | bytes) -> Merged:
    one, two, three = (
        Document.from_bytes(text if isinstance(text, bytes) else text.encode()) for text in (base, ours, theirs)
    )
    return merge_documents(one, two, three, ("main", "topic"))


def clean(base: str, ours: str, theirs: str) -> str:
    merged = merge(base, ours, theirs)
    assert merged.conflicts == ()
    assert merge(base, theirs, ours).data == merged.data
    return merged.data.decode()


def test_fields_of_one_entry() -> None:
    ours, theirs = ENTRY.replace("One", "Two"), ENTRY.replace("2001", "2002")
    assert clean(ENTRY, ours, theirs) == "@article{ada,\n  title = {Two},\n  year = 2002,\n}\n"


def test_a_field_added_and_a_field_removed() -> None:
    ours, theirs = ENTRY.replace("  year", "  doi = {10.1000/1},\n  year"), ENTRY.replace("  year = 2001,\n", "")
    assert clean(ENTRY, ours, theirs) == "@article{ada,\n  title = {One},\n  doi = {10.1000/1},\n}\n"


def test_the_same_field_is_a_conflict_around_the_entry_and_the_rest_of_it_is_merged() -> None:
    ours = ENTRY.replace("One", "Two").replace("2001", "2002")
    theirs = ENTRY.replace("One", "Three").replace("article", "book")
    rest = "\n@misc{bob, title = {B}}\n"
    merged = merge(ENTRY + rest, ours + rest, theirs + rest)
    assert merged.data.decode() == (
        "<<<<<<< main\n@book{ada,\n  title = {Two},\n  year = 2002,\n}\n=======\n"
        "@book{ada,\n  title = {Three},\n  year = 2002,\n}\n>>>>>>> topic\n" + rest
    )
    (conflict,) = merged.conflicts
    assert (conflict.kind, conflict.key, conflict.fields) == ("entry", "ada", ("title",))
    assert [p.position.line for p in merged.document.problems if p.code == "conflict-marker"] == [1, 6, 11]


def test_deleted_here_and_changed_there() -> None:
    merged = merge(ENTRY, "\n", ENTRY.replace("One", "Two"))
    assert not merged.clean
    assert merged.data.decode().startswith("<<<<<<< main\n=======\n@article{ada,\n  title = {Two},")


def test_deleted_here_and_only_formatted_there() -> None:
    both = ENTRY + "\n@misc{bob, title = {B}}\n"
    assert clean(both, both.replace(ENTRY + "\n", ""), both.replace("  ", "\t")) == "@misc{bob, title = {B}}\n"


def test_both_add_an_entry_of_one_key() -> None:
    one, two = "\n@misc{new, title = {New}, year = 2020}\n", "\n@misc{new, title = {New}, doi = {10.1000/1}}\n"
    text = clean(ENTRY, ENTRY + one, ENTRY + two)
    entry = Document.from_text(text).entries[1]
    assert dict(entry.items()) == {"title": "New", "year": "2020", "doi": "10.1000/1"}
    merged = merge(ENTRY, ENTRY + one, ENTRY + one.replace("2020", "2021"))
    assert [c.fields for c in merged.conflicts] == [("year",)]


def test_additions_at_one_place_are_ordered_alike_from_both_sides() -> None:
    first, second = "\n@misc{zoe, title = {Z}}\n", "\n@misc{bob, title = {B}}\n"
    assert clean(ENTRY, ENTRY + first, ENTRY + second) == ENTRY + second + first


def test_a_rename_meets_a_change() -> None:
    assert "title = {Two}" in clean(ENTRY, ENTRY.replace("ada", "ada2001"), ENTRY.replace("One", "Two"))
    merged = merge(ENTRY, ENTRY.replace("ada", "lovelace"), ENTRY.replace("ada", "byron"))
    assert [c.fields for c in merged.conflicts] == [("key",)]


def test_a_rename_by_identifier() -> None:
    base = ENTRY.replace("  year", "  eprint = {2301.00001v1},\n  year")
    ours = base.replace("ada", "ada2023").replace("One", "Another title")
    text = clean(base, ours, base.replace("2001,\n", "2002,\n"))
    assert "@article{ada2023" in text
    assert "year = 2002" in text
    assert text.count("@") == 1


def test_a_rename_to_a_key_that_the_other_side_has_added() -> None:
    base = ENTRY + "\n@misc{bob, title = {B}}\n"
    merged = merge(base, base.replace("{ada", "{eve"), base + "\n@misc{eve, title = {Eve}}\n")
    assert [c.key for c in merged.conflicts] == ["eve"]
    assert b"title = {One}" in merged.data
    assert b"title = {Eve}" in merged.data


def test_a_macro_that_is_used_stays() -> None:
    base = "@string{jn = {Journal}}\n\n" + ENTRY
    text = clean(base, ENTRY, base + "\n@misc{new, journal = jn}\n")
    assert text.startswith("@string{jn = {Journal}}\n\n@article{ada")
    assert clean(base, ENTRY, base + "\n@misc{new, journal = {J}}\n").startswith("@article")


def test_a_new_macro_is_defined_before_the_entries_that_use_it() -> None:
    """One side has sorted the entries, the other has added a macro and used it: BibTeX reads from top to bottom."""
    base = "@misc{b,\n  title = {B},\n}\n\n@misc{a,\n  title = {A},\n}\n"
    ours = (
        base.replace("@misc{a", '@string{x = "X"}\n\n@string{y = x # "Y"}\n\n@misc{a') + "\n@misc{c,\n  note = y,\n}\n"
    )
    ours = ours.replace("  title = {A}", "  title = {A},\n  note = y")
    theirs = "@misc{a,\n  title = {A},\n}\n\n@misc{b,\n  title = {B},\n}\n"
    merged = Document.from_text(clean(base, ours, theirs))
    assert [block.text.split("=")[0] for block in merged.blocks if block.kind == "string"] == [
        "@string{x ", "@string{y ",
    ]  # fmt: skip
    assert {entry.key for entry in merged.entries} == {"a", "b", "c"}
    assert merged.problems == ()


def test_macros_in_a_circle_are_merged() -> None:
    base = "@misc{b, title = {B}}\n"
    ours = base + "@string{x = y}\n@string{y = x}\n@misc{c, note = x}\n"
    theirs = base + "@string{y = x}\n@string{x = y}\n@misc{d, note = y}\n"
    merged = Document.from_text(clean(base, ours, theirs))
    assert ({block.name for block in merged.strings}, len(merged.entries)) == ({"x", "y"}, 3)


def test_a_long_chain_of_macros_is_merged() -> None:
    base = "@misc{b, title = {B}}\n@misc{a, title = {A}}\n"
    chain = ["@string{x0 = {X}}", *(f"@string{{x{n} = x{n - 1}}}" for n in range(1, 2000))]
    ours = "@misc{b, title = {B}}\n" + "\n".join(chain) + "\n@misc{a, title = {A}, note = x1999}\n"
    theirs = "@misc{a, title = {A}}\n@misc{b, title = {B}}\n"
    merged = Document.from_text(clean(base, ours, theirs))
    assert (len(merged.strings), merged.by_key["a"].get("note"), merged.problems) == (2000, "X", ())


def test_macros_that_a_used_macro_uses_stay() -> None:
    strings = "@string{a = {A}}\n@string{b = a # {B}}\n@string{c = b # {C}}\n"
    text = clean(strings + ENTRY, ENTRY, strings + ENTRY + "\n@misc{new, journal = c}\n")
    assert text.startswith(strings)


def test_an_entry_with_very_many_fields_is_compared_as_a_whole() -> None:
    many = ENTRY.replace("  year", "".join(f"  f{n} = {{x}},\n" for n in range(400)) + "  year")
    assert not merge(many, many.replace("One", "Two"), many.replace("2001", "2002")).clean


def test_strings_preamble_and_comments() -> None:
    base = "@string{jn = {A}}\n@preamble{{x}}\n\n" + ENTRY
    text = clean(base, base.replace("{A}", "{B}"), base.replace("{x}", "{y}") + "\n% more\n")
    assert text == base.replace("{A}", "{B}").replace("{x}", "{y}") + "\n% more\n"
    merged = merge(base, base.replace("{A}", "{B}").replace("{x}", "{y}"), base.replace("{A}", "{C}"))
    assert [(c.kind, c.key) for c in merged.conflicts] == [("string", "jn")]
    assert b"@preamble{{y}}" in merged.data


def test_paragraphs_of_both_sides_stay() -> None:
    base = "% old\n\n" + ENTRY
    text = clean(base, base.replace("% old", "% mine"), base.replace("% old", "% yours"))
    assert "% mine" in text
    assert "% yours" in text
    assert "% old" not in text


def test_a_broken_entry_is_compared_as_a_whole() -> None:
    base = ENTRY + "\n@book{bad, title = {x\n\n@misc{bob, title = {B}}\n"
    ours, theirs = base.replace("{x", "{x}}"), base.replace("{B}", "{Bob}")
    assert clean(base, ours, theirs) == ours.replace("{B}", "{Bob}")
    merged = merge(base, ours, base.replace("{x", "{y"))
    assert [(c.key, c.fields) for c in merged.conflicts] == [("bad", ())]
    assert b"{x}}" in merged.data
    assert b"{y" in merged.data


def test_markers_of_an_earlier_merge_are_not_merged_again() -> None:
    marked = f"<<<<<<< a\n{ENTRY}=======\n>>>>>>> b\n"
    ours, theirs = marked + "% x\n", marked + "% y\n"
    merged = merge(marked, ours, theirs)
    assert [c.kind for c in merged.conflicts] == ["file"]
    assert merged.data == f"<<<<<<< main\n{ours}=======\n{theirs}>>>>>>> topic\n".encode()


@pytest.mark.parametrize("changed", ["ours", "theirs"])
def test_line_ends_of_one_side(changed: str) -> None:
    crlf = ENTRY.replace("\n", "\r\n")
    other = ENTRY.replace("One", "Two")
    ours, theirs = (crlf, other) if changed == "ours" else (other, crlf)
    assert merge(ENTRY, ours, theirs).data == other.replace("\n", "\r\n").encode()


def test_encodings() -> None:
    base = "@misc{a, title = {é}}\n".encode("latin-1")
    ours = base.replace(b"misc", b"book")
    theirs = "@misc{a, title = {é}}\n\n@misc{b, title = {中}}\n".encode()
    assert merge(base, ours, theirs).data == theirs.replace(b"misc{a", b"book{a")
    left = "@misc{a, title = {é}}\n".encode("latin-1")
    unicode = "@misc{a, title = {é}}\n\n@misc{b, title = {中}}\n"
    merged = merge(unicode, left, unicode + "\n@misc{c, title = {ą}}\n")
    assert merged.data.decode() == "@misc{a, title = {é}}\n\n@misc{c, title = {ą}}\n"
    utf16 = "\ufeff@misc{a, title = {é}}\n".encode("utf-16-le")
    assert not merge(utf16, utf16 + b"x", utf16 + b"yyy").clean


def test_whole_files(fixtures: Path) -> None:
    base, ours, theirs = (
        (fixtures / "merge" / f"{name}.bib").read_text(encoding="utf-8") for name in ("base", "published", "tidied")
    )
    text = clean(base, ours, theirs)
    document = Document.from_text(text)
    assert document.problems == ()
    assert [entry.key for entry in document.entries] == ["knuth84", "bruna2022neural", "added1", "added2"]
    assert dict(document.by_key["bruna2022neural"].items()) == {
        "title": "Neural Galerkin Schemes with Active Learning",
        "author": "Bruna, Joan and Peherstorfer, Benjamin",
        "year": "2024",
        "eprint": "2203.01360",
        "journal": "Journal of Computational Physics",
    }
    assert document.by_key["knuth84"].get("year") == "1986"


@pytest.mark.slow
def test_a_long_file_takes_linear_time() -> None:
    from time import process_time

    def made(count: int) -> str:
        return "".join(f"@misc{{k{n}, title = {{Title {n}}}, year = {2000 + n % 20}}}\n\n" for n in range(count))

    def took(count: int) -> float:
        base = made(count)
        started = process_time()
        assert merge(base, base.replace("Title", "A title"), base.replace("= 20", "= 19")).clean
        return process_time() - started

    took(50)
    small = max(took(300), 0.02)
    assert took(3000) < 40 * small


MARKED = "@article{ada,\n  author = {Ash, Bea and Oz, Can},\n  year = 2001,\n}\n"


def test_names_changed_here_and_their_annotations_there_are_a_conflict() -> None:
    """Annotations count the names: on another list they would mark somebody else."""
    ours = MARKED.replace("{Ash", "{New, Ann and Ash")
    theirs = MARKED.replace("  year", "  author+an = {1=equal},\n  year")
    merged = merge(MARKED, ours, theirs)
    (conflict,) = merged.conflicts
    assert conflict.fields == ("author", "author+an")
    text = merged.data.decode()
    assert "{New, Ann and Ash, Bea and Oz, Can},\n  year" in text
    assert "{Ash, Bea and Oz, Can},\n  author+an = {1=equal}" in text
    assert {one.fields for one in merge(MARKED, theirs, ours).conflicts} == {("author", "author+an")}


def test_annotations_and_another_spelling_of_the_names_merge() -> None:
    theirs = MARKED.replace("  year", "  author+an = {1=equal},\n  year")
    merged = clean(MARKED, MARKED.replace("{Ash, Bea and Oz, Can}", '"Ash, Bea and Oz, Can"'), theirs)
    assert '"Ash, Bea and Oz, Can"' in merged
    assert "author+an = {1=equal}" in merged


def test_both_have_added_the_same_name_and_one_has_marked_it() -> None:
    longer = MARKED.replace("Can}", "Can and New, Ann}")
    theirs = longer.replace("  year", "  author+an = {3=equal},\n  year")
    assert clean(MARKED, longer, theirs) == theirs
