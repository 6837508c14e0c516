import { describe, expect, it } from "vitest";
import { countSends, createProviderFetch } from "../../src/llm/providers/provider-fetch.js";

function json(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
}

/** Google's details of a quota that is used up. */
const googleBody = {
  error: { code: 429, details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "0.06s" }] },
};

describe("fetch as the SDKs get it", () => {
  it.each([
    ["retry-after-ms", json(429, {}, { "retry-after-ms": "60" })],
    ["retry-after in seconds", json(529, {}, { "retry-after": "0.06" })],
    ["Google's body", json(429, googleBody)],
  ])("heeds %s for all calls of the provider", async (_, first) => {
    const sentAt: number[] = [];
    const answers = [first];
    const send = createProviderFetch(async () => {
      sentAt.push(performance.now());
      return answers.shift() ?? json(200, {});
    });
    const response = await send("http://x");
    expect(response.ok).toBe(false);
    await response.text();
    await Promise.all([send("http://x"), send("http://x")]);
    // Timers may fire a millisecond early by another clock.
    for (const at of sentAt.slice(1)) expect(at - sentAt[0]!).toBeGreaterThan(55);
  });

  it("does not wait for what is too far away, and says so to the SDKs", async () => {
    const send = createProviderFetch(async () => json(429, { error: "tomorrow" }, { "retry-after": "3600" }));
    const response = await send("http://x");
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(await response.json()).toEqual({ error: "tomorrow" });
    expect((await send("http://x")).status).toBe(429);
  });

  it("counts what went out, and what was lost on the way", async () => {
    const cut = new ReadableStream({
      start: (stream) => stream.enqueue(Buffer.from('{"te')),
      pull: (stream) => stream.error(new Error("cut")),
    });
    const answers = [() => json(200, {}), () => new Response(cut, { headers: { "content-type": "application/json" } })];
    const send = createProviderFetch(async () => {
      const answer = answers.shift();
      if (!answer) throw new TypeError("fetch failed", { cause: new Error("socket hang up") });
      return answer();
    });
    const sends = { count: 0, lost: 0 };
    await countSends(sends, async () => {
      await send("http://x");
      await expect(send("http://x")).rejects.not.toBeInstanceOf(TypeError);
      await expect(send("http://x")).rejects.toMatchObject({
        message: "fetch failed",
        cause: new Error("socket hang up"),
      });
    });
    await send("http://x").catch(() => {});
    expect(sends).toEqual({ count: 3, lost: 2 });
  });

  it("leaves a caller's abort as it is", async () => {
    const signal = AbortSignal.abort();
    const send = createProviderFetch(globalThis.fetch);
    await expect(send("http://127.0.0.1:1", { signal })).rejects.toMatchObject({ name: "AbortError" });
  });
});
