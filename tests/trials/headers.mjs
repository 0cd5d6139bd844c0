// Scores pages of a site on this machine with Mozilla's HTTP Observatory; tests/trials/headers.py starts it and says how.
//
// The observatory asks http://kb.example and https://kb.example. Both names lead to a proxy in this process, which ends
// TLS with the certificate it was given, as the proxy in front of the site would, and hands each request on unchanged.
// Standard input: {"site": port, "host", "key", "certificate", "pages": [{"name", "path", "cookie"}]}.
// Standard output: a list of {"name", "status", "score", "grade", "tests": {test: its result and what it adds}}.

import http from "node:http";
import https from "node:https";
import net from "node:net";
import { readFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const observatory = join(process.argv[2], "@mdn", "mdn-http-observatory");
const asked = JSON.parse(readFileSync(0, "utf8"));

// Its installation downloads the list of preloaded sites, which kb.example would not be on.
const preloaded = join(observatory, "conf", "hsts-preload.json");
if (!existsSync(preloaded)) {
  mkdirSync(join(observatory, "conf"), { recursive: true });
  writeFileSync(preloaded, "{}");
}
const load = (path) => import(pathToFileURL(join(observatory, "src", path)));
const { retrieve } = await load("retriever/retriever.js");
const { ALL_TESTS } = await load("constants.js");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await load("grader/charts.js");
const { getGradeForScore, getScoreModifier } = await load("grader/grader.js");

let cookie = "";

function handOn(scheme) {
  return (request, response) => {
    const headers = { ...request.headers, "x-forwarded-proto": scheme };
    if (cookie) headers.cookie = cookie;
    const onward = { host: "127.0.0.1", port: asked.site, method: request.method, path: request.url, headers };
    request.pipe(
      http.request(onward, (answer) => {
        response.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(response);
      }),
    );
  };
}

function listening(server) {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
}

const plain = http.createServer(handOn("http"));
const sealed = https.createServer({ key: asked.key, cert: asked.certificate }, handOn("https"));
const ports = { 80: await listening(plain), 443: await listening(sealed) };

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (options?.host === asked.host) Object.assign(options, { port: ports[options.port], host: "127.0.0.1" });
  return connect.apply(this, args);
};

// As its scan() does, which takes no path and refuses pages that say 404.
async function score(page) {
  cookie = page.cookie;
  const retrieved = await retrieve(asked.host, { path: page.path });
  const results = ALL_TESTS.map((test) => test(retrieved));
  const modifiers = results.map((each) => getScoreModifier(each.result));
  const sum = (numbers) => numbers.reduce((total, each) => total + each, 100);
  const strict = sum(modifiers.filter((each) => each < 0));
  const final = getGradeForScore(strict >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? sum(modifiers) : strict);
  const tests = results.map((each, at) => [each.constructor.name, `${each.result} ${modifiers[at]}`]);
  return { name: page.name, status: retrieved.responses.auto.status, ...final, tests: Object.fromEntries(tests) };
}

const scored = [];
for (const page of asked.pages) scored.push(await score(page));
process.stdout.write(`${JSON.stringify(scored, null, 1)}\n`);
process.exit(0);
