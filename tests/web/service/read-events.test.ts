import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEvents, type ServerEvent } from "../../../web/src/service/read-events.js";

const sent = [
  { name: "direct_token", data: { text: "Löschen: 3 Dateien 🙂\n\n" } },
  { name: "compact_token", data: { text: "event: none\ndata: {}" } },
  { name: "stream_end", data: { ok: true } },
];
const bytes = new TextEncoder().encode(
  sent.map(({ name, data }) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join(""),
);

async function readCut(cuts: readonly number[]): Promise<ServerEvent[]> {
  const places = [0, ...[...cuts].sort((one, other) => one - other), bytes.length];
  const chunks = places.slice(1).map((end, at) => bytes.slice(places[at], end));
  return readChunks(chunks);
}

async function readChunks(chunks: readonly Uint8Array[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  const stream = ReadableStream.from(chunks) as ReadableStream<Uint8Array>;
  for await (const event of readEvents(stream)) events.push(event);
  return events;
}

describe("readEvents", () => {
  it("gives the same events wherever the stream is cut, within a character too", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: bytes.length })), async (cuts) => {
        expect(await readCut(cuts)).toEqual(sent);
      }),
    );
  });

  it("leaves out an event that breaks off", async () => {
    expect(await readChunks([bytes.slice(0, bytes.length - 5)])).toEqual(sent.slice(0, 2));
  });
});
