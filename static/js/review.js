// The review page in place: every form on it works without this file. htmx is not used, because what is typed while an
// answer is on its way must survive the answer, and each request must know the revision that the last one made.

const WAIT = 400; // milliseconds after the last key before what was typed is saved
const dirty = new Map(); // ids of forms with something unsaved, each with its timer
let chain = Promise.resolve();
let sending = ""; // id of the form whose answer is on its way
let current = ""; // id of the proposal that had the focus last
const SAVE = { act: "save", before: "" }; // saves the fields, and does not split
const DECISIVE = ["accept", "reject"]; // acts after which the next passage is at hand
let chosen = null; // what is selected: { start, end } in code points

const byId = (id) => document.getElementById(id);
const cards = () => Array.from(document.querySelectorAll("#list > .proposal"));

// Saving: requests go one after another, as the forms are when their turn comes.

/** Send a form with some more fields, after whatever is still unsaved in other forms. */
function send(id, fields) {
  for (const other of dirty.keys()) if (other !== id) enqueue(other, SAVE);
  return enqueue(id, fields);
}

function enqueue(id, fields) {
  clearTimeout(dirty.get(id));
  chain = chain.then(() => post(id, fields)).catch(() => fail("The page could not make sense of the answer."));
  return chain;
}

async function post(id, fields) {
  const form = byId(id);
  if (!form) return;
  const sent = new FormData(form);
  for (const name in fields) sent.set(name, fields[name]);
  dirty.delete(id);
  sending = id;
  const response = await fetch(form.action, { ...request(sent), signal: AbortSignal.timeout(20000) }).catch(() => null);
  sending = "";
  if (!response || response.redirected || !(response.ok || response.status === 409)) {
    if (form.matches(".card")) dirty.set(id, 0);
    fail(reason(response));
    return;
  }
  put(await response.text(), form, sent);
  if (response.status === 409 && DECISIVE.includes(sent.get("act"))) reach(byId(id)?.closest(".proposal"));
  if (id === "add" && response.ok) byId("add").reset();
  byId("failed").hidden = true;
  byId("saved").textContent = response.ok ? `Saved ${new Date().toTimeString().slice(0, 5)}` : "";
  const field = byId(response.headers.get("X-Focus"));
  field?.focus();
  field?.select(); // what is typed takes the place of the proposed title
}

/** A request that the browser finishes even if the page is left. */
function request(sent) {
  return { method: "POST", body: sent, headers: { "X-In-Place": "1" }, keepalive: true };
}

function reason(response) {
  if (!response) return "The site does not answer. What you typed is still here.";
  if (response.redirected) return "You are signed out. Sign in again in another tab, then try again here; what you typed is still here.";
  if (response.status === 403) return "You may not do this, or you have signed in again since. Copy what you typed, then load the page again.";
  return `The site answered with an error (${response.status}). What you typed is still here.`;
}

function fail(why) {
  const message = byId("failed");
  message.querySelector("span").textContent = why;
  message.hidden = false;
  byId("saved").textContent = "";
}

/** Put each element of an answer where the one with its id stands, and keep the focus, what is unfolded and what was typed since. */
function put(html, form, sent) {
  const held = document.activeElement?.id;
  const caret = document.activeElement?.selectionStart;
  const unfolded = Array.from(document.querySelectorAll("details[id][open]"), (each) => each.id);
  const newer = Array.from(form.elements).filter((field) => field.type !== "hidden" && field.matches("textarea, input:not([type=checkbox])") && field.value !== sent.get(field.name));
  for (const element of [...new DOMParser().parseFromString(html, "text/html").body.children]) byId(element.id)?.replaceWith(element);
  for (const id of unfolded) byId(id)?.setAttribute("open", "");
  for (const field of newer) {
    const now = byId(field.id);
    if (!now || now === field || !field.id) continue;
    now.value = field.value;
    if (field.name !== "before") later(now.form.id);
  }
  if (held && document.activeElement?.id !== held) {
    const now = byId(held) ?? byId(current);
    now?.focus({ preventScroll: true });
    if (caret != null && now?.id === held && "setSelectionRange" in now) now.setSelectionRange(caret, caret);
  }
  point();
}

function later(id) {
  clearTimeout(dirty.get(id));
  dirty.set(id, setTimeout(() => enqueue(id, SAVE), WAIT));
}

document.addEventListener("input", (event) => {
  if (event.target.form?.matches(".card") && event.target.name !== "before") later(event.target.form.id);
});

document.addEventListener("submit", (event) => {
  if (event.target.id === "all") return refresh(event.target);
  if (!event.target.matches(".card, #add")) return;
  event.preventDefault();
  const act = event.submitter?.value;
  send(event.target.id, act ? { act } : {});
  if (DECISIVE.includes(act)) onward(event.target.closest(".proposal"));
});

/** Let the form that decides on all name each proposal at the revision that the page now shows. */
function refresh(form) {
  for (const each of form.querySelectorAll("[name=each]")) {
    each.value = each.value.split(",").map((mark) => {
      const [pk, seen] = mark.split(":");
      return `${pk}:${byId(`revision-${pk}`)?.value ?? seen}`;
    }).join(",");
  }
}

byId("again").addEventListener("click", () => {
  for (const id of dirty.keys()) enqueue(id, SAVE);
});

// A page that is left or put away sends at once what it still holds.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const id of dirty.keys()) {
    const form = byId(id);
    clearTimeout(dirty.get(id));
    const sent = new FormData(form);
    for (const name in SAVE) sent.set(name, SAVE[name]);
    if (sending === id) sent.set("revision", Number(sent.get("revision")) + 1); // the one that this answer will bring
    dirty.delete(id);
    fetch(form.action, request(sent))
      .then(async (response) => { if (response.ok || response.status === 409) put(await response.text(), form, sent); })
      .catch(() => later(id));
  }
});

window.addEventListener("beforeunload", (event) => {
  if (!byId("failed").hidden && dirty.size) event.preventDefault();
});

// Selecting: words in the text become offsets in code points, as the site counts them.

const points = (text) => [...text].length;

/** What is selected, as { start, end } in code points of the stored text, or null. */
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  let start = null, end = null;
  for (const piece of document.querySelectorAll("#text [data-start]")) {
    if (!range.intersectsNode(piece)) continue;
    const words = piece.firstChild;
    const inside = document.createRange();
    inside.selectNodeContents(words);
    if (range.compareBoundaryPoints(Range.START_TO_START, inside) > 0) inside.setStart(range.startContainer, range.startOffset);
    if (range.compareBoundaryPoints(Range.END_TO_END, inside) < 0) inside.setEnd(range.endContainer, range.endOffset);
    if (inside.collapsed) continue;
    const from = inside.startContainer === words ? inside.startOffset : 0;
    const to = inside.endContainer === words ? inside.endOffset : words.length;
    start ??= Number(piece.dataset.start) + points(words.data.slice(0, from));
    end = Number(piece.dataset.start) + points(words.data.slice(0, to));
  }
  return start === null ? null : { start, end };
}

document.addEventListener("selectionchange", () => {
  chosen = selected();
  byId("selection").hidden = !chosen;
  const form = byId(current)?.querySelector("form");
  for (const button of document.querySelectorAll("[data-selection=words], [data-selection=split]")) {
    button.hidden = !form;
    button.querySelector("span").textContent = byId(current)?.dataset.number ?? "";
  }
});

byId("selection").addEventListener("click", (event) => {
  const what = event.target.closest("[data-selection]")?.dataset.selection;
  if (!what || !chosen) return;
  const form = byId(current)?.querySelector("form");
  const span = chosen;
  getSelection().removeAllRanges();
  if (what === "add") send("add", { ...span, quote: "", paragraph: "" });
  if (what === "words") send(form.id, { ...span, act: "words" }).then(() => byId(current)?.focus());
  if (what === "split") send(form.id, { act: `split ${span.start}` }).then(() => byId(current)?.focus());
});

// Keys: single letters work only while a proposal has the focus, and not in its fields (WCAG 2.2, 2.1.4).

/** Show where the current proposal stands in the text. */
function point() {
  for (const mark of document.querySelectorAll("mark.current")) mark.classList.remove("current");
  byId(current.replace("proposal", "mark"))?.closest("mark").classList.add("current");
}

document.addEventListener("focusin", (event) => {
  const card = event.target.closest(".proposal[data-number]");
  if (!card || card.id === current) return;
  current = card.id;
  point();
  const text = document.querySelector(".review-text");
  const mark = document.querySelector("mark.current");
  if (!mark || getComputedStyle(text).overflowY !== "auto") return;
  text.scrollTop += mark.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3;
});

function go(step) {
  const all = cards();
  const next = all[all.findIndex((each) => each.id === current) + step];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

/** Go on to the next passage to decide on, if there is one further down. */
function onward(card) {
  const all = cards();
  reach(all.slice(all.indexOf(card) + 1).find((each) => each.matches(".open")));
}

function reach(card) {
  card?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: "start" });
}

function unfold(id, field) {
  byId(id).open = true;
  byId(field).focus();
}

const last = (pk) => document.querySelectorAll(`#ends-${pk} .ends`).length - 1;
const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  a: () => "accept",
  r: () => "reject",
  o: () => "reopen",
  m: () => "join",
  "[": () => "move 0 start earlier",
  "{": () => "move 0 start later",
  "]": (pk) => `move ${last(pk)} end later`,
  "}": (pk) => `move ${last(pk)} end earlier`,
  s: (pk) => (chosen ? `split ${chosen.start}` : unfold(`ends-${pk}`, `before-${pk}`)),
  e: (pk) => byId(`title-${pk}`).focus(),
  n: () => byId("quote").focus(),
  "?": () => unfold("help", "help-keys"),
};
for (let place = 1; place <= 9; place++) KEYS[place] = (pk) => byId(`card-${pk}`).querySelectorAll("[name=themes]")[place - 1]?.click();
const EVERYWHERE = ["j", "k", "n", "?"];

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const card = target.closest?.(".proposal[data-number]");
  if (!card) {
    if (target.id === "passages" && key === "j") { event.preventDefault(); cards()[0]?.focus(); }
    return;
  }
  if (target.matches("textarea, input:not([type=checkbox])")) {
    if (key === "Escape") card.focus();
    return;
  }
  const form = card.querySelector("form");
  if (event.ctrlKey || event.metaKey || event.altKey || !(key in KEYS) || !(form || EVERYWHERE.includes(key))) return;
  event.preventDefault();
  const act = KEYS[key](card.id.replace("proposal-", ""));
  if (act) send(form.id, { act });
  if (DECISIVE.includes(act)) onward(card);
});
