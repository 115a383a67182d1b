"""What a source says of a work besides its record: retractions and other notices, and its other manifestations."""

from __future__ import annotations

from bibtool.structs import dataclass

RETRACTIONS = frozenset({"retraction", "withdrawal", "removal", "partial_retraction"})
CONCERNS = frozenset({"expression_of_concern"})
CORRECTIONS = frozenset({"correction", "corrigendum", "erratum", "addendum"})


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that concerns the work: its kind in Crossref's words, where it is, and its day ("" where unknown)."""

    kind: str
    doi: str = ""
    when: str = ""

    @property
    def is_retraction(self) -> bool:
        """Whether the work should no longer be relied on."""
        return self.kind in RETRACTIONS

    def words(self) -> str:
        """The notice in a few words, for messages."""
        said = self.kind.replace("_", " ")
        day = f" of {self.when}" if self.when else ""
        return f"{said}{day}" + (f", https://doi.org/{self.doi}" if self.doi else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Notices about the work, DOIs of its publication (``published``), DOIs of its preprints."""

    notices: tuple[Notice, ...] = ()
    published: tuple[str, ...] = ()
    preprints: tuple[str, ...] = ()

    def notes(self, source: str) -> list[str]:
        """What a user has to hear, the gravest first: one line each."""
        ordered = sorted(self.notices, key=lambda notice: not notice.is_retraction)
        lines = [
            f"RETRACTED: {source} says so ({notice.words()})"
            if notice.is_retraction
            else f"{source} knows a notice about it: {notice.words()}"
            for notice in ordered
        ]
        lines += [f"{source} names its publication https://doi.org/{doi}" for doi in self.published]
        return lines


NOTHING = Facts()


def no_facts(_part: bytes) -> Facts:
    """Nothing: for a source that knows neither notices nor relations."""
    return NOTHING
