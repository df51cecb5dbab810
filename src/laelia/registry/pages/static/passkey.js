// Passkeys, which browsers make and use by script only. A form asks our own server what is to be signed, gives
// that to the browser, and is sent as any form once the device has answered.
(() => {
  const known = window.PublicKeyCredential;
  if (!known?.parseRequestOptionsFromJSON || !known.parseCreationOptionsFromJSON) return;
  for (const part of document.querySelectorAll("[data-passkey]")) {
    const form = part.querySelector("form");
    part.querySelector("[data-instead]").hidden = true;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      sign(part, form);
    });
  }

  async function sign(part, form) {
    const button = form.querySelector("button");
    const failed = part.querySelector("[data-failed]");
    failed.hidden = true;
    button.disabled = true;
    try {
      const asked = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
      const answer = await fetch(part.dataset.options, { method: "POST", body: asked, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const given = await answer.json();
      // The session may have begun with this request, and every form's token with it.
      for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = given.csrf_token;
      form.elements.credential.value = JSON.stringify(await signed(part.dataset.passkey, given.options));
    } catch {
      failed.hidden = false;
      return;
    } finally {
      button.disabled = false;
    }
    form.requestSubmit();
  }

  async function signed(does, options) {
    const made = does === "create"
      ? await navigator.credentials.create({ publicKey: known.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: known.parseRequestOptionsFromJSON(options) });
    return made.toJSON();
  }
})();
