// Formats references with citeproc-js, for comparison: node csl_citeproc.js MODULES LOCALES ITEMS.json < styles
// [LANG] [FORMAT] [list]: "list" leaves the citations out.
// Input: one path of a style a line. Output: one JSON object a line with "style" and "entries" or "error".
const fs = require("fs");
const path = require("path");
const [modules, locales, itemsPath, lang, output, what] = process.argv.slice(2);
const CSL = require(path.join(modules, "citeproc"));
const items = JSON.parse(fs.readFileSync(itemsPath, "utf8"));
const byId = new Map(items.map((item) => [item.id, item]));
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
for (const style of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  let answer;
  try {
    const engine = new CSL.Engine(sys, fs.readFileSync(style, "utf8"), lang || undefined, Boolean(lang));
    engine.setOutputFormat(output || "text");
    engine.updateItems(items.map((item) => item.id));
    const made = engine.makeBibliography();
    const entries = made ? made[1].map((text, i) => [made[0].entry_ids[i][0], text]) : [];
    if (what === "list") {
      process.stdout.write(JSON.stringify({ style, entries }) + "\n");
      continue;
    }
    const cites = items.slice(0, 12).map((item) => engine.makeCitationCluster([{ id: item.id }]));
    cites.push(engine.makeCitationCluster(items.slice(0, 5).map((item) => ({ id: item.id }))));
    answer = { style, entries, cites };
  } catch (error) {
    answer = { style, error: String(error).slice(0, 300) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
