import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRestorer, type RestorerOptions } from "../../../src/compress/restoring/create-restorer.js";
import { openStore } from "../../../src/store/open-store.js";
import { providerStreams } from "./provider-streams.js";

const legend = { "§1": 'say "no"\n', "§2": "two", "§12": "twelve", "@01": "function" };
const events: RestorerOptions = { stream: "events" };

async function restore<Chunk extends string | Uint8Array>(
  chunks: readonly Chunk[],
  options?: RestorerOptions,
  of: Record<string, string> = legend,
): Promise<Chunk[]> {
  const restorer = createRestorer<Chunk>(of, options);
  const writer = restorer.writable.getWriter();
  const writing = (async () => {
    for (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  })();
  const given: Chunk[] = [];
  for await (const chunk of restorer.readable) given.push(chunk as Chunk);
  await writing;
  return given;
}

/** Cuts a text in pieces after these places. */
function cutAt(text: string, places: readonly number[]): string[] {
  const sorted = [0, ...[...places].sort((one, other) => one - other), text.length];
  return sorted.slice(1).map((end, at) => text.slice(sorted[at], end));
}

describe("createRestorer of a text", () => {
  const text = "The @01 of §1 and §12, not §123; a@01 — §2";
  const restored = 'The function of say "no"\n and twelve, not §123; a@01 — two';

  it("restores strings and bytes, cut anywhere", async () => {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at <= bytes.length; at++) {
      const given = await restore([bytes.slice(0, at), bytes.slice(at)]);
      expect(Buffer.concat(given).toString()).toBe(restored);
    }
    for (let at = 0; at <= text.length; at++) expect((await restore(cutAt(text, [at]))).join("")).toBe(restored);
  });

  it("gives the very chunks in which there is nothing to restore", async () => {
    const chunks = [new TextEncoder().encode("plain"), new TextEncoder().encode(" text")];
    const given = await restore(chunks);
    expect(given[0]).toBe(chunks[0]);
    expect(given[1]).toBe(chunks[1]);
  });
});

describe.each(Object.entries(providerStreams))("createRestorer of the events of %s", (_, provider) => {
  const text = "The @01 of §2 is §12, not §123 §2";
  const call = JSON.stringify({ path: "a", "§2": ["§1", { deep: "x §12 y @01" }], n: 1.5 });
  const restored = {
    text: "The function of two is twelve, not §123 two",
    call: JSON.stringify({ path: "a", two: ['say "no"\n', { deep: "x twelve y function" }], n: 1.5 }),
  };

  it("restores texts and calls that are cut anywhere into events", async () => {
    for (let at = 0; at <= text.length; at++) {
      for (const next of [at, Math.min(text.length, at + 1), text.length]) {
        const pieces = cutAt(text, [at, next]);
        const given = await restore(provider.write(pieces, cutAt(call, [at, next])), events);
        expect(provider.read(given.join("")), JSON.stringify(pieces)).toEqual(restored);
      }
    }
  });

  it("restores escaped arguments, and events that are cut anywhere into chunks", async () => {
    const escaped = call.replaceAll("§", "\\u00a7");
    const stream = provider.write(cutAt(text, [5, 6, 7, 12, 20]), cutAt(escaped, [4, 20, 30])).join("");
    const bytes = new TextEncoder().encode(stream);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 40 }), async (places) => {
        const sorted = [0, ...places.sort((one, other) => one - other), bytes.length];
        const chunks = sorted.slice(1).map((end, at) => bytes.slice(sorted[at], end));
        expect(provider.read(Buffer.concat(await restore(chunks, events)).toString())).toEqual(restored);
      }),
      { numRuns: 30 },
    );
  });

  it("keeps every byte where nothing is in the legend", async () => {
    const other = "The @9 of §3 and §  is “quoted” \\u00a7";
    const stream = provider.write(cutAt(other, [6, 12]), cutAt('{ "a" : "§7 \\u00a78", "b":1e3 }', [3, 9])).join("");
    expect((await restore([stream], events)).join("")).toBe(stream);
    expect((await restore([stream], events, {})).join("")).toBe(stream);
  });

  it("releases text as it comes, and a call's arguments never with an alias", async () => {
    const restorer = createRestorer(legend, events);
    const writer = restorer.writable.getWriter();
    const reader = restorer.readable.getReader();
    let given = "";
    let wanted = "";
    const reading = (async () => {
      for (let read = await reader.read(); !read.done; read = await reader.read()) given += read.value;
    })();
    const pieces = ["Some words come first. ", "And §", "2 later."];
    for (const event of provider.write(pieces, ['{"a":"§', "2", '"}'])) {
      await writer.write(event);
      await new Promise((resolve) => setImmediate(resolve));
      if (event.includes("Some words") && wanted === "") {
        wanted = "Some words come first. ";
        expect(given).toContain(wanted);
      }
      expect(given).not.toContain("§2");
    }
    await writer.close();
    await reading;
    expect(provider.read(given)).toEqual({ text: "Some words come first. And two later.", call: '{"a":"two"}' });
  });
});

describe("createRestorer of events", () => {
  it("puts in place of markers in a call what the store has, and leaves others", async () => {
    const folder = mkdtempSync(join(tmpdir(), "brevis-restorer-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const store = openStore({ path: join(folder, "store") });
    const id = await store.put("const kept = 1;\n");
    const call = JSON.stringify({ content: `a\n[…1 line #${id}]\nb`, other: "[…1 line #000000000001]" });
    const { anthropic } = providerStreams;
    const given = await restore(anthropic!.write(["[…1 line]"], cutAt(call, [12, 30])), { ...events, store });
    expect(JSON.parse(anthropic!.read(given.join("")).call)).toEqual({
      content: "a\nconst kept = 1;\nb",
      other: "[…1 line #000000000001]",
    });
  });

  it("passes on what it cannot read: other data, broken JSON, a stream that breaks off", async () => {
    const odd = [
      ": a comment with §1\n\n",
      "event: x\ndata: §1\n\n",
      'data: {"type":"content_block_delta","delta":{"text":"§1"\n\n',
      "data: [1,2]\r\n\r\n",
      'data: {"choices":"§1","candidates":{"a":1},"type":7}\n\n',
      "retry: 100\n\n",
      "data: no end §1",
    ];
    expect((await restore(odd, events)).join("")).toBe(odd.join(""));
    const { anthropic } = providerStreams;
    const cut = anthropic!.write(["one §"], ["{}"]).slice(0, 4);
    expect(anthropic!.read((await restore(cut, events)).join("")).text).toBe("one §");
    const halfCall = anthropic!.write(["one"], ['{"a": "§2']).slice(0, 8);
    expect(anthropic!.read((await restore(halfCall, events)).join("")).call).toBe('{"a": "§2');
  });

  it("restores two calls that come at once", async () => {
    const call = (index: number, piece: string, more = {}) => ({
      choices: [
        { index: 0, delta: { tool_calls: [{ index, ...more, function: { arguments: piece } }] }, finish_reason: null },
      ],
    });
    const stream = [
      call(0, '{"a":', { id: "call_0" }),
      call(1, '{"b":"§', { id: "call_1" }),
      call(0, '"§1"}'),
      call(1, '12"}'),
      { choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] },
    ];
    const given = (
      await restore(
        stream.map((data) => `data: ${JSON.stringify(data)}\n\n`),
        events,
      )
    ).join("");
    const calls = ["", ""];
    for (const [, data] of given.matchAll(/data: (.*)\n/gu)) {
      for (const {
        index,
        function: { arguments: piece },
      } of JSON.parse(data!).choices[0].delta.tool_calls ?? [])
        calls[index] += piece;
    }
    expect(calls).toEqual([JSON.stringify({ a: 'say "no"\n' }), '{"b":"twelve"}']);
  });
});
