// Server-sent events of a POST, which the browser's own EventSource cannot send.

/** What the service says went wrong: a problem (RFC 9457) with its Dutch detail. */
export class Problem extends Error {
  constructor(problem) {
    super(problem.detail ?? "");
    this.code = problem.request_id;
  }
}

/** Say what one thinks of an answer. Throws Problem, TypeError (no connection). */
export async function giveFeedback(body) {
  await accepted(await fetch("api/v1/feedback", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }));
}

/** Ask, and yield {event, data} until the stream ends. Throws Problem, TypeError (no connection), AbortError. */
export async function* ask(body, signal) {
  const response = await accepted(await fetch("api/v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal,
  }));
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

async function accepted(response) {
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Problem({ request_id: response.headers.get("X-Request-ID"), ...problem });
}
