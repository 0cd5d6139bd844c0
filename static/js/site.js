// Progressive enhancement: every page works without this file.

const said = document.getElementById("said");
let silence;

/** Report `text` in the live region; `unseen` when the change itself can be seen. */
function say(text, { unseen = false } = {}) {
  clearTimeout(silence);
  said.classList.toggle("unseen", unseen);
  said.textContent = "";
  // The same words twice are read out twice only if the region was empty in between.
  requestAnimationFrame(() => { said.textContent = text; });
  silence = setTimeout(() => { said.textContent = ""; }, 8000);
}

// Copy buttons: <button data-copy="ids of what to copy" data-said="Link copied" hidden>
// Share button: <button data-share="id of a link" data-title="what it leads to" hidden>

function showButtons() {
  const works = { "[data-copy]": navigator.clipboard, "[data-share]": navigator.share };
  for (const kind in works) {
    for (const button of document.querySelectorAll(kind)) button.hidden = !works[kind];
  }
}

/** The words of a paragraph as they stand in the page, without footnote signs; a quote gets its marks. */
function wordsOf(p) {
  const copy = p.cloneNode(true);
  for (const sign of copy.querySelectorAll("sup")) sign.remove();
  const words = copy.textContent.trim();
  return p.closest("blockquote") ? `“${words}”` : words;
}

/** The words of elements, given by their ids; paragraphs are parted by an empty line. */
function wordsUnder(ids) {
  const elements = ids.split(" ").map((id) => document.getElementById(id));
  return elements.flatMap((element) => {
    const paragraphs = element.querySelectorAll("p");
    return Array.from(paragraphs.length ? paragraphs : [element], wordsOf);
  }).join("\n\n");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-share]");
  if (!button) return;
  const { href } = document.getElementById(button.dataset.share);
  navigator.share({ title: button.dataset.title, url: href }).catch((reason) => {
    if (reason.name !== "AbortError") say("Not shared: the browser did not allow it. Copy the link instead.");
  });
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(wordsUnder(button.dataset.copy));
    say(button.dataset.said);
  } catch {
    say("Not copied: the browser did not allow it. Select the text and copy it yourself.");
  }
});

showButtons();

// Results that change in place (htmx). What htmx replaces forgets the focus and what was unfolded.

let before;

function showStale(event) {
  const message = document.getElementById("stale");
  if (!message) return;
  message.querySelector("a")?.setAttribute("href", event.detail.pathInfo.finalRequestPath);
  message.hidden = false;
}

document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.target.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target.removeAttribute("aria-busy");
});

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, showStale);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.shouldSwap) return;
  before = {
    held: event.detail.target.contains(document.activeElement),
    unfolded: Array.from(event.detail.target.querySelectorAll("details[id][open]"), (details) => details.id),
  };
});

document.addEventListener("htmx:afterSettle", () => {
  if (!before) return;
  const { held, unfolded } = before;
  before = undefined;
  showButtons();
  document.getElementById("stale")?.setAttribute("hidden", "");
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");

  // htmx gives the focus back to an element of the same id. Where that is gone (a chip that was removed), the count takes it.
  const count = document.getElementById("count");
  if (!count) return;
  if (held && document.activeElement === document.body) {
    count.tabIndex = -1;
    count.focus({ preventScroll: true });
  } else {
    say(count.textContent.trim(), { unseen: true });
  }
});

// The appearance form comes back to where the reader is, also after results changed in place.

document.querySelector("form.appearance")?.addEventListener("submit", (event) => {
  event.target.elements.next.value = location.pathname + location.search;
});

// A briefing that keeps: the codes that a reader gathers stay in this browser, and nowhere else. Without it each
// button opens a briefing's page.

const KEY = "briefing";
const MOST = 100;

function gathered() {
  try {
    const codes = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(codes) ? codes.filter((code) => /^[A-Z0-9-]+$/.test(code)) : [];
  } catch {
    return []; // nothing is kept, or the browser keeps nothing
  }
}

function gather(codes) {
  try {
    localStorage.setItem(KEY, JSON.stringify(codes));
  } catch {
    return false;
  }
  showBriefing();
  return true;
}

function briefingOf(codes) {
  return codes.length ? `/briefing?codes=${codes.join(",")}` : "/briefing";
}

/** Show in the masthead how many are gathered, and on each button whether its entry is among them. */
function showBriefing() {
  const codes = gathered();
  const link = document.getElementById("briefing-link");
  if (link) {
    link.textContent = codes.length ? `Briefing (${codes.length})` : "Briefing";
    link.href = briefingOf(codes);
  }
  for (const form of document.querySelectorAll("form[data-briefing]")) {
    form.querySelector("button").firstChild.data =
      codes.includes(form.dataset.briefing) ? "In briefing · Remove" : "Add to briefing";
  }
}

document.addEventListener("submit", (event) => {
  const code = event.target.dataset.briefing;
  if (!code) return;
  const codes = gathered();
  const has = codes.includes(code);
  if (!has && codes.length >= MOST) {
    event.preventDefault();
    say(`Your briefing has ${MOST} recommendations, which is the most that fit in its link.`);
    return;
  }
  const next = has ? codes.filter((each) => each !== code) : [...codes, code];
  if (!gather(next)) return; // the page of the briefing opens, as without this file
  event.preventDefault();
  say(has ? `${code} removed from your briefing.` : `${code} added: your briefing has ${next.length}.`);
});

addEventListener("storage", showBriefing);
document.addEventListener("htmx:afterSettle", showBriefing);

// On the briefing's own page its address is the briefing. What is moved or removed here is kept, unless the page is
// somebody else's, which a button takes over.

const briefingPage = document.getElementById("briefing");

function here() {
  return briefingPage.dataset.codes ? briefingPage.dataset.codes.split(",") : [];
}

function isOwn() {
  const own = gathered();
  return own.length === here().length && own.every((code) => here().includes(code));
}

if (briefingPage) {
  const moved = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (moved !== null || (!gathered().length && here().length)) gather(here());
  const place = here().indexOf(moved);
  if (place >= 0) {
    const item = document.getElementById(moved);
    item.querySelector(".move")?.focus({ preventScroll: true });
    say(`${moved} is now number ${place + 1} of ${here().length}.`);
  }
  const take = document.getElementById("take-over");
  take.hidden = isOwn() || !here().length;
  take.addEventListener("click", () => {
    if (gather(here())) take.hidden = true;
  });

  briefingPage.addEventListener("click", (event) => {
    const act = event.target.closest("[data-moves]");
    if (act && isOwn()) sessionStorage.setItem(KEY, act.dataset.moves);
  });
  for (const form of briefingPage.querySelectorAll("form")) {
    form.addEventListener("submit", () => { if (isOwn()) sessionStorage.setItem(KEY, ""); });
  }

  let dragged;
  for (const item of briefingPage.querySelectorAll(".entry[id]")) {
    item.draggable = true;
    item.addEventListener("dragstart", () => { dragged = item; });
    item.addEventListener("dragover", (event) => { if (dragged) event.preventDefault(); });
    item.addEventListener("drop", (event) => {
      event.preventDefault();
      const rest = here().filter((code) => code !== dragged.id);
      const below = event.clientY > item.getBoundingClientRect().y + item.offsetHeight / 2;
      rest.splice(rest.indexOf(item.id) + (below ? 1 : 0), 0, dragged.id);
      if (item === dragged) return;
      if (isOwn()) sessionStorage.setItem(KEY, dragged.id);
      location.assign(briefingOf(rest));
    });
  }
}

showBriefing();

// Suggestions while typing: a combobox (ARIA Authoring Practices, list autocomplete with manual selection).

function suggests(input, number) {
  const list = document.createElement("ul");
  list.id = `suggestions-${number}`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  const states = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const name in states) input.setAttribute(name, states[name]);
  input.autocomplete = "off";
  input.parentNode.append(list);
  let timer;
  let current = -1;

  function close() {
    clearTimeout(timer);
    list.hidden = true;
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(place) {
    const options = list.children;
    options[current]?.removeAttribute("aria-selected");
    current = (place + options.length + 1) % (options.length + 1); // past the last one: what was typed
    const option = options[current];
    if (option) {
      option.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", option.id);
    } else {
      current = -1;
      input.removeAttribute("aria-activedescendant");
    }
  }

  function show([typed, labels, kinds, addresses]) {
    if (typed !== input.value || document.activeElement !== input) return;
    list.replaceChildren(...labels.map((label, place) => {
      const option = document.createElement("li");
      const kind = document.createElement("span");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.dataset.address = new URL(addresses[place]).pathname + new URL(addresses[place]).search;
      kind.textContent = kinds[place];
      option.append(label, " ", kind);
      return option;
    }));
    current = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !labels.length;
    input.setAttribute("aria-expanded", String(labels.length > 0));
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length < 2) return close();
    timer = setTimeout(async () => {
      try {
        const answer = await fetch(`/suggest?q=${encodeURIComponent(input.value)}`);
        if (answer.ok) show(await answer.json());
      } catch {
        close(); // a search needs no suggestions
      }
    }, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(current + 1);
    else if (event.key === "ArrowUp") choose(current < 0 ? list.children.length - 1 : current - 1 < 0 ? list.children.length : current - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && current >= 0) location.assign(list.children[current].dataset.address);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => setTimeout(close, 150)); // after a click on an option
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.address);
  });
}

document.querySelectorAll(".find input[name=q]").forEach(suggests);
