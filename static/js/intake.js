// Bringing in a declaration: says so when a change could not be saved. Without this file everything still works.

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => { document.getElementById("unsaved").hidden = false; });
}

// An ended session answers with the page to sign in at, which does not belong into this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  const asked = new URL(pathInfo.finalRequestPath, location.href);
  if (new URL(xhr.responseURL).pathname !== asked.pathname) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});
