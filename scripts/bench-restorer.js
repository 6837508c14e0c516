/**
 * Throughput of `createRestorer`: `node scripts/bench-restorer.js [MEGABYTES]`. An alias every 80 characters, in chunks of 16 KiB,
 * 256 bytes and, of server-sent events, one event of 40 characters a chunk.
 */
import { createRestorer } from "../dist/index.js";

const megabytes = Number(process.argv[2] ?? 64);
const legend = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => [`§${index + 1}`, `meaning_number_${index}`]),
);
const line = (index) =>
  `the value of §${(index % 44) + 1} was read by the worker, and written to the table of results; `;
const text = Array.from({ length: 4000 }, (_, index) => line(index)).join("");

function cut(whole, length) {
  const encoder = new TextEncoder();
  const chunks = [];
  for (let at = 0; at < whole.length; at += length) chunks.push(encoder.encode(whole.slice(at, at + length)));
  return chunks;
}

const events = cut(text, 40).map((piece) => {
  const delta = { type: "text_delta", text: new TextDecoder().decode(piece) };
  return new TextEncoder().encode(
    `event: content_block_delta\ndata: ${JSON.stringify({ type: "content_block_delta", index: 0, delta })}\n\n`,
  );
});

async function measure(name, chunks, options) {
  const size = chunks.reduce((sum, { length }) => sum + length, 0);
  const rounds = Math.max(1, Math.round((megabytes * 1e6) / size));
  const restorer = createRestorer(legend, options);
  const writer = restorer.writable.getWriter();
  const started = performance.now();
  const processorBefore = process.cpuUsage();
  const writing = (async () => {
    for (let round = 0; round < rounds; round++) for (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  })();
  for await (const _ of restorer.readable);
  await writing;
  const minutes = (performance.now() - started) / 60_000;
  const { user, system } = process.cpuUsage(processorBefore);
  const perMinute = (taken) => ((rounds * size) / 1e9 / taken).toFixed(2);
  console.log(
    `${name.padEnd(22)} ${perMinute(minutes)} GB/min, ${perMinute((user + system) / 60e6)} GB a minute of processor time`,
  );
}

await measure("text, 16 KiB chunks", cut(text, 16_384), {});
await measure("text, 256 B chunks", cut(text, 256), {});
await measure("events, 40 characters", events, { stream: "events" });
