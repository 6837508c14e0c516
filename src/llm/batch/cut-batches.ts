import type { OutgoingCall } from "../send-calls.js";
import type { Provider } from "../types.js";

/** What providers take in one batch, with room to spare: requests, and bytes of them all. */
const limits: Readonly<Record<Provider, { readonly requests: number; readonly bytes: number }>> = {
  anthropic: { requests: 10_000, bytes: 128e6 },
  openai: { requests: 10_000, bytes: 128e6 },
  google: { requests: 5_000, bytes: 15e6 },
  compatible: { requests: 0, bytes: 0 },
};

/** Puts calls of one model and one purpose together, in batches that their provider takes. */
export function cutBatches(calls: readonly OutgoingCall[]): OutgoingCall[][] {
  const batches: OutgoingCall[][] = [];
  const groups = new Map<string, OutgoingCall[]>();
  for (const outgoing of calls) {
    const name = `${outgoing.call.model.slug} ${outgoing.purpose}`;
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(outgoing);
  }
  for (const group of groups.values()) {
    let batch: OutgoingCall[] = [];
    let bytes = 0;
    for (const outgoing of group) {
      const { call } = outgoing;
      const size = Buffer.byteLength(JSON.stringify([call.system, call.messages, call.schema])) + 500;
      const limit = limits[call.model.provider];
      if (batch.length === 0 || batch.length >= limit.requests || bytes + size > limit.bytes) {
        batch = [];
        bytes = 0;
        batches.push(batch);
      }
      batch.push(outgoing);
      bytes += size;
    }
  }
  return batches;
}
