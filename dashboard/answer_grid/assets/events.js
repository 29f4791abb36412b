// A stream of server-sent events over fetch, which can send a header along; an EventSource cannot. Asks again after a
// connection that broke, like an EventSource, until the server says that it is done or refuses.

const AGAIN = 1000; // milliseconds

export class Events {
  // `ask` returns where to ask next, and the headers. `on` has `message(data, id)`, `done()` and `refused()`.
  constructor(ask, on) {
    this.ask = ask;
    this.on = on;
    this.stopped = new AbortController();
    this.follow();
  }

  close() {
    this.stopped.abort();
  }

  get closed() {
    return this.stopped.signal.aborted;
  }

  async follow() {
    while (!this.closed) {
      const [address, headers] = this.ask();
      const asked = { headers, cache: "no-store", signal: this.stopped.signal };
      const response = await fetch(address, asked).catch(() => null); // null: nobody there, or closed by us
      if (response && !response.ok) {
        this.close();
        this.on.refused();
      } else if (response) {
        await this.read(response.body.pipeThrough(new TextDecoderStream()).getReader()).catch(() => null);
      }
      if (!this.closed) await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }

  async read(reader) {
    let parts = [];
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.closed) return;
      parts.push(value);
      if (!value.includes("\n")) continue; // an event may be megabytes, in many pieces
      const events = parts.join("").split("\n\n");
      parts = [events.pop()];
      for (const event of events) this.take(event);
    }
  }

  take(event) {
    const fields = {};
    for (const line of event.split("\n")) {
      const at = line.indexOf(": ");
      if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
    }
    if (this.closed) return;
    try {
      if (fields.event === "done") {
        this.close();
        this.on.done();
      } else if (fields.data) this.on.message(fields.data, fields.id);
    } catch (error) {
      reportError(error); // whoever listens has failed, not the stream
    }
  }
}
