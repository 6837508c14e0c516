import { describe, expect, it } from "vitest";
import { openTestServer } from "../open-test-server.js";
import { makeProxyFolder } from "./open-test-proxy.js";
import { startUpstream } from "./start-upstream.js";

/** Lines that are all alike: what goes leaves markers, and no alias is worth its legend. */
const listing = Array.from({ length: 120 }, (_, at) => `${at} ${"abcdefghij"[at % 10]}${(at * 37) % 101}`).join("\n");
const marker = /\[…\d+ \w+ #\d{12}\]/u;

describe("a marker that a model copies into a tool call", () => {
  it.each([true, false])("becomes what it stands for, without a legend too (streamed: %s)", async (stream) => {
    const upstream = await startUpstream(({ text }) => ({ text: "ok", call: { text: marker.exec(text)?.[0] } }));
    const upstreams = { anthropic: upstream.url };
    const proxy = await openTestServer({
      compress: { store: makeProxyFolder() },
      proxy: { enabled: true, upstreams, folder: null, compressMs: 600_000 },
    });
    const content = [{ type: "tool_result", tool_use_id: "t", content: listing }];
    const body = { model: "claude-sonnet-5-5", max_tokens: 10, stream, messages: [{ role: "user", content }] };
    const answer = await (await proxy.post("/v1/messages", body)).text();
    expect(upstream.arrived[0]!.text).toMatch(marker);
    expect(upstream.arrived[0]!.text).not.toContain("§1");
    expect(answer).not.toMatch(marker);
    expect(listing.split("\n").some((line) => answer.includes(line))).toBe(true);
  });
});
