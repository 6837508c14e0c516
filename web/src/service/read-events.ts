/** One server-sent event. */
export interface ServerEvent {
  readonly name: string;
  readonly data: unknown;
}

/** Reads events as they come, wherever the stream is cut. */
export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let held = "";
  try {
    while (true) {
      const { value, done } = await reader.read();
      held += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const parts = held.split("\n\n");
      held = parts.pop()!;
      for (const part of parts) {
        const event = parseEvent(part);
        if (event !== undefined) yield event;
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function parseEvent(part: string): ServerEvent | undefined {
  const name = /^event: (.*)$/mu.exec(part)?.[1];
  const data = /^data: (.*)$/mu.exec(part)?.[1];
  return name === undefined || data === undefined ? undefined : { name, data: JSON.parse(data) };
}
