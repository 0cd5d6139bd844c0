// In the page that other sites frame: tell the page around it how high its words are, so that the frame can fit them.
// The message is {"tech7": "height", "value": pixels}; a page that does not listen is none the worse.

function tellHeight() {
  const value = Math.ceil(document.documentElement.getBoundingClientRect().height);
  window.parent.postMessage({ tech7: "height", value }, "*");
}

if (window.parent !== window) new ResizeObserver(tellHeight).observe(document.documentElement);
