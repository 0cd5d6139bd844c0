// Passkeys, the one part of signing in that needs a script: only a script can ask the browser for one.
// <form data-passkey="create|get"> with [name=credential], [data-said] and a disabled button; options in #passkey-options.

const kinds = window.PublicKeyCredential;
const IMPOSSIBLE = "This browser cannot use passkeys at this address. Use a code instead.";
const WHY = { InvalidStateError: "This passkey is set up already.", SecurityError: IMPOSSIBLE };

async function ask(act) {
  const { publicKey } = JSON.parse(document.getElementById("passkey-options").textContent);
  return act === "create"
    ? navigator.credentials.create({ publicKey: kinds.parseCreationOptionsFromJSON(publicKey) })
    : navigator.credentials.get({ publicKey: kinds.parseRequestOptionsFromJSON(publicKey) });
}

function prepare(form) {
  const said = form.querySelector("[data-said]");
  if (!kinds?.parseCreationOptionsFromJSON) {
    said.textContent = IMPOSSIBLE;
    return;
  }
  said.textContent = "";
  form.querySelector("button").disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "Waiting for your passkey …";
    try {
      form.elements.credential.value = JSON.stringify(await ask(form.dataset.passkey));
      form.submit();
    } catch (error) {
      said.textContent = WHY[error.name] ?? "No passkey was used. Try again, or use a code.";
    }
  });
}

document.querySelectorAll("form[data-passkey]").forEach(prepare);
