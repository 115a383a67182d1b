"""The words that a list prints besides its entries, by language; English for a language that is not in the table."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# name -> words of the languages in the order of `LANGUAGES`
LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pt", "nl")
_TABLE: Final[dict[str, tuple[str, ...]]] = {
    "publications": (
        "Publications", "Veröffentlichungen", "Publications", "Publicaciones", "Pubblicazioni", "Publicações",
        "Publicaties",
    ),
    "selected": (
        "Selected publications", "Ausgewählte Veröffentlichungen", "Publications choisies", "Publicaciones destacadas",
        "Pubblicazioni scelte", "Publicações selecionadas", "Geselecteerde publicaties",
    ),
    # headings of kinds
    "journal": (
        "Journal articles", "Zeitschriftenartikel", "Articles de revue", "Artículos de revista", "Articoli di rivista",
        "Artigos de periódico", "Tijdschriftartikelen",
    ),
    "conference": (
        "Conference papers", "Konferenzbeiträge", "Articles de colloque", "Ponencias en congresos", "Atti di convegno",
        "Trabalhos em eventos", "Conferentiebijdragen",
    ),
    "preprint": ("Preprints", "Preprints", "Prépublications", "Prepublicaciones", "Preprint", "Preprints", "Preprints"),
    "book": ("Books", "Bücher", "Livres", "Libros", "Libri", "Livros", "Boeken"),
    "chapter": (
        "Book chapters", "Buchbeiträge", "Chapitres d’ouvrage", "Capítulos de libro", "Capitoli di libro",
        "Capítulos de livro", "Hoofdstukken",
    ),
    "thesis": ("Theses", "Abschlussarbeiten", "Thèses et mémoires", "Tesis", "Tesi", "Teses", "Proefschriften"),
    "report": ("Reports", "Berichte", "Rapports", "Informes", "Rapporti", "Relatórios", "Rapporten"),
    "talk": ("Talks", "Vorträge", "Exposés", "Charlas", "Presentazioni", "Palestras", "Lezingen"),
    "software": ("Software", "Software", "Logiciels", "Software", "Software", "Software", "Software"),
    "dataset": (
        "Datasets", "Datensätze", "Jeux de données", "Conjuntos de datos", "Dataset", "Conjuntos de dados", "Datasets",
    ),
    "patent": ("Patents", "Patente", "Brevets", "Patentes", "Brevetti", "Patentes", "Octrooien"),
    "review": ("Reviews", "Rezensionen", "Comptes rendus", "Reseñas", "Recensioni", "Resenhas", "Recensies"),
    "press": (
        "Press and magazines", "Presse und Magazine", "Presse", "Prensa y revistas", "Stampa", "Imprensa",
        "Pers en tijdschriften",
    ),
    "other": ("Other", "Sonstiges", "Divers", "Otros", "Altro", "Outros", "Overig"),
    "undated": (
        "Without a year", "Ohne Jahr", "Sans date", "Sin fecha", "Senza data", "Sem data", "Zonder jaartal",
    ),
    # status
    "submitted": ("submitted", "eingereicht", "soumis", "enviado", "sottoposto", "submetido", "ingediend"),
    "under-review": (
        "under review", "in Begutachtung", "en évaluation", "en revisión", "in revisione", "em avaliação",
        "in beoordeling",
    ),
    "in-preparation": (
        "in preparation", "in Vorbereitung", "en préparation", "en preparación", "in preparazione", "em preparação",
        "in voorbereiding",
    ),
    "accepted": ("accepted", "angenommen", "accepté", "aceptado", "accettato", "aceito", "geaccepteerd"),
    "in-press": ("in press", "im Druck", "sous presse", "en prensa", "in stampa", "no prelo", "in druk"),
    # legend of marks
    "equal": (
        "equal contribution", "gleicher Beitrag", "contribution égale", "contribución igual", "contributo uguale",
        "contribuição igual", "gelijke bijdrage",
    ),
    "corresponding": (
        "corresponding author", "Korrespondenz", "correspondance", "correspondencia", "corrispondenza",
        "correspondência", "correspondentie",
    ),
    "student": (
        "supervised student", "betreute Arbeit", "étudiant(e) encadré(e)", "estudiante dirigido/a", "studente seguito",
        "estudante orientado", "begeleide student",
    ),
    "alphabetical": (
        "authors in alphabetical order", "alphabetische Reihenfolge", "auteurs par ordre alphabétique",
        "autores en orden alfabético", "autori in ordine alfabetico", "autores em ordem alfabética",
        "auteurs op alfabetische volgorde",
    ),
    # after an abbreviated list of authors: "(212 authors)"
    "authors": ("authors", "Autoren", "auteurs", "autores", "autori", "autores", "auteurs"),
    # links
    "code": ("Code", "Code", "Code", "Código", "Codice", "Código", "Code"),
    "pdf": ("PDF", "PDF", "PDF", "PDF", "PDF", "PDF", "PDF"),
    "link": ("Link", "Link", "Lien", "Enlace", "Link", "Link", "Link"),
    # of the page
    "abstract": ("Abstract", "Zusammenfassung", "Résumé", "Resumen", "Abstract", "Resumo", "Samenvatting"),
    "search": ("Search", "Suchen", "Rechercher", "Buscar", "Cerca", "Buscar", "Zoeken"),
    "year": ("Year", "Jahr", "Année", "Año", "Anno", "Ano", "Jaar"),
    "all-years": (
        "All years", "Alle Jahre", "Toutes les années", "Todos los años", "Tutti gli anni", "Todos os anos",
        "Alle jaren",
    ),
    "shown": ("shown", "angezeigt", "affichées", "mostradas", "mostrate", "exibidas", "getoond"),
    "nothing-found": (
        "No matches.", "Keine Treffer.", "Aucun résultat.", "Nada coincide.", "Nessun risultato.", "Nada encontrado.",
        "Niets gevonden.",
    ),
    "papers-a-year": (
        "Publications per year", "Veröffentlichungen pro Jahr", "Publications par an", "Publicaciones por año",
        "Pubblicazioni per anno", "Publicações por ano", "Publicaties per jaar",
    ),
}  # fmt: skip


def words_of(language: str) -> Mapping[str, str]:
    """All words in the language of a BCP 47 tag (``de-AT``), English for other languages."""
    base = language.partition("-")[0].casefold()
    at = LANGUAGES.index(base) if base in LANGUAGES else 0
    return MappingProxyType({name: row[at] for name, row in _TABLE.items()})
