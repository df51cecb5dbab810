// Tries operations of the API from its page. The forms are made from the description when an operation is
// opened; what they send goes to this registry only, and the token is kept in its field and nowhere else.
(() => {
  const base = document.querySelector("link[rel=service-desc]").href.replace(/\/openapi\.json$/, "");
  const form = document.getElementById("try").content;
  const token = document.getElementById("token");
  let description;

  document.getElementById("with-token").hidden = false;
  document.querySelector("main").addEventListener("toggle", opened, true);
  addEventListener("hashchange", show);
  show();

  // An address that names an operation, an answer or a shape opens it.
  function show() {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (named && named.tagName === "DETAILS") named.open = true;
  }

  async function opened(event) {
    const details = event.target;
    if (!details.open || !details.dataset.path || details.querySelector("form")) return;
    description ??= fetch(`${base}/openapi.json`, { credentials: "omit" }).then((answer) => answer.json());
    const document = await description;
    if (!details.querySelector("form")) details.querySelector(".answered").before(made(document, details));
  }

  function followed(document, part) {
    return part.$ref ? part.$ref.slice(2).split("/").reduce((at, key) => at[key], document) : part;
  }

  function made(document, details) {
    const { path, method } = details.dataset;
    const item = document.paths[path], operation = item[method];
    const made = form.cloneNode(true).querySelector("form");
    const part = (name) => made.querySelector(`[data-part=${name}]`);
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => followed(document, one));
    const controls = parameters.map((one) => {
      const input = element("input", { id: `${details.id}-${one.name}`, autocomplete: "off", spellcheck: false });
      input.required = Boolean(one.required);
      if (one.schema.pattern) input.pattern = one.schema.pattern;
      if (one.schema.type === "integer") input.inputMode = "numeric";
      part("fields").append(field(one.name, input));
      return [one, input];
    });
    const kinds = Object.values(operation.responses).flatMap((one) => Object.keys(followed(document, one).content ?? {}));
    const accept = choice("Accept", new Set(["application/json", ...kinds]));
    const content = operation.requestBody?.content;
    const sent = content && choice("Content-Type", Object.keys(content));
    const body = part("body").querySelector("textarea");
    if (content) {
      body.id = `${details.id}-body`;
      part("body").querySelector("label").htmlFor = body.id;
      part("body").hidden = false;
      sent.value = "application/json";
      sent.addEventListener("change", example);
      example();
    }
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      if (made.reportValidity()) send();
    });
    return made;

    function choice(name, values) {
      const select = element("select", { id: `${details.id}-${name}` });
      for (const value of values) select.append(new Option(value));
      part("fields").append(field(name, select));
      return select;
    }

    function example() {
      const shown = content[sent.value].example ?? "";
      body.value = typeof shown === "string" ? shown : JSON.stringify(shown, null, 2);
    }

    async function send() {
      const url = new URL(base + path);
      const headers = { Accept: accept.value };
      for (const [one, input] of controls) {
        if (one.in === "path") url.pathname = url.pathname.replace(encodeURI(`{${one.name}}`), encodeURIComponent(input.value));
        else if (input.value && one.in === "query") url.searchParams.set(one.name, input.value);
        else if (input.value) headers[one.name] = input.value;
      }
      if (token.value.trim()) headers.Authorization = `Bearer ${token.value.trim()}`;
      if (sent) headers["Content-Type"] = sent.value;
      part("failed").hidden = part("answer").hidden = true;
      try {
        const options = { method: method.toUpperCase(), headers, credentials: "omit", cache: "no-store" };
        const answer = await fetch(url, sent ? { ...options, body: body.value } : options);
        told(answer, await answer.text());
      } catch {
        part("failed").hidden = false;
      }
    }

    function told(answer, text) {
      part("answer").hidden = false;
      part("status").textContent = `${answer.status} ${answer.statusText} · ${answer.url}`;
      part("status").className = answer.ok ? "notice good" : "notice bad";
      part("headers").textContent = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      part("content").textContent = indented(text);
      part("content").hidden = !text;
    }
  }

  function element(name, attributes) {
    return Object.assign(document.createElement(name), attributes);
  }

  function field(name, control) {
    const box = element("div", { className: "field" });
    box.append(element("label", { htmlFor: control.id, textContent: name }), control);
    return box;
  }

  function indented(text) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  }
})();
