// One Vraagbaak service: what is asked of it, what it answers, and where its pages and files are.

/** What the service says went wrong: a problem (RFC 9457) with its Dutch detail. */
export class Problem extends Error {
  constructor(problem) {
    super(problem.detail ?? "");
    this.code = problem.request_id;
  }
}

/** Its methods throw Problem, TypeError (no connection) and AbortError. */
export class Service {
  constructor(address) {
    this.address = new URL(address, document.baseURI);
    if (!this.address.pathname.endsWith("/")) this.address.pathname += "/";
  }

  /** Return the texts, the example questions, the number of documents and what is kept. */
  async start() {
    return (await this.#fetch("api/v1/texts")).json();
  }

  /** Return style sheets. Made here instead of linked: then no policy of the page around us forbids them. */
  async styles(names) {
    return Promise.all(names.map(async (name) => {
      const response = await this.#fetch(`static/${name}`);
      return new CSSStyleSheet().replace(await response.text());
    }));
  }

  /** Ask, and yield {event, data} until the stream ends. */
  async *ask(body, signal) {
    const response = await this.#post("api/v1/ask", body, { Accept: "text/event-stream" }, signal);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const lines = block.split("\n");
        const field = (name) => lines.filter((line) => line.startsWith(`${name}: `))
          .map((line) => line.slice(name.length + 2)).join("\n");
        if (field("event")) yield { event: field("event"), data: JSON.parse(field("data")) };
      }
    }
  }

  /** Say what one thinks of an answer. */
  async judge(body) {
    await this.#post("api/v1/feedback", body);
  }

  /** Return a document with the number that is printed on each of its pages. */
  async document(id) {
    return (await this.#fetch(documentPath(id))).json();
  }

  /** Return the text of a page, and where in the document's text it begins. */
  async page(id, number) {
    return (await this.#fetch(`${documentPath(id)}/pages/${number}`)).json();
  }

  /** Return the address of a page's image with the quote of `source` marked. */
  image(source, page) {
    return this.#url(`${documentPath(source.document.id)}/pages/${page}.png?quote=${source.start}-${source.end}`);
  }

  /** Return the address of the original file; a browser opens a PDF at the page. */
  file(source, page) {
    return this.#url(`${documentPath(source.document.id)}/file${isPdf(source.document) ? `#page=${page}` : ""}`);
  }

  /** Return the address of the chat page that asks this question. What stands behind # is sent to nobody. */
  link(question) {
    return this.#url(`#vraag=${encodeURIComponent(question)}`);
  }

  #url(path) {
    return new URL(path, this.address).href;
  }

  #post(path, body, headers = {}, signal = undefined) {
    const json = { "Content-Type": "application/json", ...headers };
    return this.#fetch(path, { method: "POST", headers: json, body: JSON.stringify(body), signal });
  }

  async #fetch(path, options = {}) {
    const response = await fetch(this.#url(path), options);
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({}));
    throw new Problem({ request_id: response.headers.get("X-Request-ID"), ...problem });
  }
}

/** Return whether a browser shows the document's file itself. */
export function isPdf(document) {
  return /\.pdf$/i.test(document.file);
}

function documentPath(id) {
  return `api/v1/documents/${encodeURIComponent(id)}`;
}
