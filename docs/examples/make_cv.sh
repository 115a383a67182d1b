#!/bin/sh
# A publication list in every form that bibtool writes, from a page that was copied as text.
#
#   sh make_cv.sh profile.txt cv
#
# asks arXiv (at most once in three seconds) and writes into the folder cv. DAY is the day on which the page was
# copied, OWNER whose list it is:
#
#   DAY=2026-11-23 OWNER='Joan Bruna' sh make_cv.sh profile.txt cv
set -eu

listing=$1
out=$2
day=${DAY:-$(date +%Y-%m-%d)}
owner=${OWNER:-Joan Bruna}

mkdir -p "$out"
work=$(cd "$out" && pwd)

# a library of its own, so that yours stays as it is
library=$work/library.sqlite
rm -f "$library"

cat > "$work/bibtool.toml" <<END
[owner]
names = ["$owner"]

[cv]
where = "not withdrawn"
summary = true
END

cat > "$work/list.txt.j2" <<'END'
{% for section in sections %}{{ section.heading }}
{% for entry in section.entries %}  {{ entry.number }}. {{ entry.title }} ({{ entry.year }})
{% endfor %}{% endfor %}
END

bibtool() { command bibtool-hook --config "$work/bibtool.toml" --library "$library" "$@"; }

bibtool import --as-of "$day" "$listing"
bibtool enrich || test $? -eq 4  # without arXiv, the lists have what the page says

bibtool cv --to html -o "$work/publications.html"
bibtool cv --to markdown -o "$work/publications.md"
bibtool cv --to text -o "$work/publications.txt"
bibtool cv --to latex -o "$work/publications.tex"
bibtool cv --to moderncv -o "$work/moderncv.tex"
bibtool cv --to awesome-cv -o "$work/awesome-cv.tex"
bibtool cv --to biblatex -o "$work/biblatex"
bibtool cv --to typst -o "$work/publications.typ"
bibtool cv --to docx -o "$work/publications.docx"
bibtool cv --to rtf -o "$work/publications.rtf"
bibtool cv --to rendercv -o "$work/rendercv.yaml"
bibtool cv --to json-resume -o "$work/resume.json"
bibtool cv --to json -o "$work/publications.json"
bibtool cv --to hugo -o "$work/hugo"
bibtool cv --to jekyll -o "$work/jekyll"
bibtool cv --to al-folio -o "$work/al-folio"
bibtool cv --to template --template "$work/list.txt.j2" -o "$work/by-template.txt"
