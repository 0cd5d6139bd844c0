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
