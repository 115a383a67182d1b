// Formats a document with citeproc-js, for comparison: node csl_document.js MODULES LOCALES JOB.json
// JOB has "items" (CSL-JSON), "citations" (as processCitationCluster takes them) and "styles" ([path, language or ""]).
// Output: one JSON object a line with "style", "lang", "note", "entries" and "citations" as HTML, or "error".
const fs = require("fs");
const path = require("path");
const [modules, locales, jobPath] = process.argv.slice(2);
const CSL = require(path.join(modules, "citeproc"));
CSL.debug = () => {};
const job = JSON.parse(fs.readFileSync(jobPath, "utf8"));
const byId = new Map(job.items.map((item) => [item.id, item]));
const sys = {
  retrieveLocale: (name) => {
    for (const candidate of [name, "en-US"]) {
      const file = path.join(locales, `locales-${candidate}.xml`);
      if (fs.existsSync(file)) return fs.readFileSync(file, "utf8");
    }
    return null;
  },
  retrieveItem: (id) => JSON.parse(JSON.stringify(byId.get(id))),
};
for (const [style, lang] of job.styles) {
  let answer;
  try {
    const engine = new CSL.Engine(sys, fs.readFileSync(style, "utf8"), lang || undefined, Boolean(lang));
    const note = engine.opt.xclass === "note";
    const citations = JSON.parse(JSON.stringify(job.citations)).map((citation, index) => ({
      ...citation,
      citationID: `c${index}`,
      properties: { ...citation.properties, noteIndex: note ? index + 1 : 0 },
    }));
    const made = engine.rebuildProcessorState(citations, "html");
    const texts = made.map((triple) => triple[2]);
    const list = engine.makeBibliography();
    const entries = list ? list[1].map((text, i) => [list[0].entry_ids[i][0], text]) : [];
    answer = { style, lang, note, entries, citations: texts };
  } catch (error) {
    answer = { style, lang, error: String(error && error.stack || error).slice(0, 300) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
