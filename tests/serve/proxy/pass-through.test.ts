import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { openTestServer } from "../open-test-server.js";
import { openTestProxy, writeToolResult } from "./open-test-proxy.js";
import { startUpstream } from "./start-upstream.js";

const conversation = (content: string) => ({
  model: "claude-sonnet-5-5",
  max_tokens: 10,
  messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "t", content }] }],
});

describe("the proxy leaves alone", () => {
  it("every byte of a request but the strings that it compresses", async () => {
    const upstream = await startUpstream(() => ({ text: "ok" }));
    const proxy = await openTestProxy(upstream.url);
    const long = JSON.stringify(writeToolResult(1));
    const body = `{ "model":"claude-sonnet-5-5",\n "max_tokens" : 1e2, "big": 12345678901234567890, "temperature":1.0,
      "system": ${long}, "tools":[{"name":"t","description":${long}}], "messages":[ {"role":"user","content":${long}, "content": [
      {"type":"tool_result","tool_use_id":"\\u0074","content":${long}}, {"type":"image","source":{"data":${long}}} ] } ] }`;
    await proxy.post("/v1/messages", body);
    const sent = upstream.arrived[0]!.text;
    const at = body.lastIndexOf(long, body.indexOf('"image"'));
    expect(sent.startsWith(body.slice(0, at))).toBe(true);
    expect(sent.endsWith(body.slice(at + long.length))).toBe(true);
    expect(sent.length).toBeLessThan(body.length);
  });

  it.each([
    ["short results of tools", conversation("a short result")],
    [
      "what the model has answered to before the proxy saw it",
      {
        ...conversation(writeToolResult(1)),
        messages: [
          ...conversation(writeToolResult(1)).messages,
          { role: "assistant", content: "ok" },
          { role: "user", content: "go on" },
        ],
      },
    ],
    ["what is compressed already", conversation(`Legend: §1=word\n${writeToolResult(2)}`)],
    ["a body of another shape", { model: "m", messages: "none" }],
    ["a list", [1, 2, writeToolResult(1)]],
  ])("%s", async (_, body) => {
    const upstream = await startUpstream(() => ({ text: "ok" }));
    const proxy = await openTestProxy(upstream.url);
    expect((await proxy.post("/v1/messages", body)).status).toBe(200);
    expect(upstream.arrived[0]!.text).toBe(JSON.stringify(body));
  });

  it("what is no JSON, and says nothing of it", async () => {
    const upstream = await startUpstream(() => ({ status: 400, body: "the provider's own words" }));
    const proxy = await openTestProxy(upstream.url);
    const answer = await proxy.post("/v1/messages", '{"messages": [');
    expect([answer.status, await answer.text()]).toEqual([400, "the provider's own words"]);
    expect(upstream.arrived[0]!.text).toBe('{"messages": [');
  });

  it("other paths and methods, queries and headers, both ways", async () => {
    const upstream = await startUpstream(() => ({
      status: 206,
      headers: { "x-of-theirs": "1", "content-type": "image/png" },
      body: "§1",
    }));
    const proxy = await openTestProxy(upstream.url);
    const answer = await fetch(`${proxy.url}/proxy/openai/v1/files/a%20b?limit=2&q=%C2%A7`, {
      method: "DELETE",
      headers: { "x-of-mine": "2", authorization: "Bearer k" },
    });
    expect([answer.status, answer.headers.get("x-of-theirs"), await answer.text()]).toEqual([206, "1", "§1"]);
    expect(upstream.arrived[0]).toMatchObject({ method: "DELETE", path: "/v1/files/a%20b?limit=2&q=%C2%A7", text: "" });
    expect(upstream.arrived[0]!.headers).toMatchObject({ "x-of-mine": "2", authorization: "Bearer k" });
  });

  it.each([400, 401, 404, 429, 500, 529])("an error %i of the provider, byte by byte", async (status) => {
    const body = '{ "type":"error", "error": {"message":"§1 and §2"} }';
    const headers = { "content-type": "application/json", "retry-after": "7", "request-id": "req_9" };
    const upstream = await startUpstream(() => ({ status, headers, body }));
    const proxy = await openTestProxy(upstream.url);
    const answer = await proxy.post("/v1/messages", conversation(writeToolResult(1)));
    expect([answer.status, await answer.text()]).toEqual([status, body]);
    expect(answer.headers.get("retry-after")).toBe("7");
    expect(answer.headers.get("request-id")).toBe("req_9");
  });

  it("an answer that it cannot read", async () => {
    const body = '{"content":[{"type":"text","text":"§1"}';
    const upstream = await startUpstream(() => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body,
    }));
    const proxy = await openTestProxy(upstream.url);
    expect(await (await proxy.post("/v1/messages", conversation(writeToolResult(1)))).text()).toBe(body);
  });
});

describe("the proxy", () => {
  it("sends the same for requests that come at once", async () => {
    const upstream = await startUpstream(() => ({ text: "ok" }));
    const proxy = await openTestProxy(upstream.url);
    const body = conversation(writeToolResult(4));
    await Promise.all(Array.from({ length: 8 }, () => proxy.post("/v1/messages", body)));
    expect(new Set(upstream.arrived.map(({ text }) => text)).size).toBe(1);
    expect(upstream.arrived[0]!.text.length).toBeLessThan(JSON.stringify(body).length);
  });

  it("keeps a message's bytes where the cache's marks move, and where older messages are cut off", async () => {
    const upstream = await startUpstream(() => ({ text: "ok" }));
    const proxy = await openTestProxy(upstream.url);
    const result = (seed: number, mark: object = {}) => ({
      role: "user",
      content: [{ type: "tool_result", tool_use_id: "t", content: writeToolResult(seed), ...mark }],
    });
    const said = { role: "assistant", content: "ok" };
    const post = (messages: unknown[]) =>
      proxy.post("/v1/messages", { model: "claude-sonnet-5-5", max_tokens: 9, messages });
    await post([result(1), said, result(2, { cache_control: { type: "ephemeral" } })]);
    await post([result(1), said, result(2), said, result(3, { cache_control: { type: "ephemeral" } })]);
    await post([result(2), said, result(3), said, result(4)]);
    const contents = upstream.arrived.map(({ text }) =>
      (JSON.parse(text).messages as { content: { content?: string }[] | string }[]).flatMap(({ content }) =>
        typeof content === "string" ? [] : [content[0]!.content],
      ),
    );
    expect(contents[1]!.slice(0, 2)).toEqual(contents[0]);
    expect(contents[2]!.slice(0, 2)).toEqual(contents[1]!.slice(1));
  });

  it("gives 502 in its own shape where the provider cannot be reached", async () => {
    const upstream = await startUpstream(() => undefined);
    const proxy = await openTestProxy(upstream.url);
    const answer = await proxy.post("/v1/messages", conversation("a"));
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ error: { code: "remote-failed" } });
  });

  it("asks for the service's token in a header of its own", async () => {
    const upstream = await startUpstream(() => ({ text: "ok" }));
    const settings = { tokenFrom: "T", proxy: { enabled: true, upstreams: { anthropic: upstream.url }, folder: null } };
    const proxy = await openTestServer(settings, { environment: { T: "sesame" } });
    expect((await proxy.post("/v1/messages", conversation("a"))).status).toBe(401);
    const answer = await proxy.post("/v1/messages", conversation("a"), { "x-brevis-token": "sesame" });
    expect(answer.status).toBe(200);
    expect(upstream.arrived[0]!.headers["x-brevis-token"]).toBeUndefined();
  });

  it("is counted among the metrics, without the paths and models of its callers", async () => {
    const upstream = await startUpstream(() => ({ text: "ok" }));
    const proxy = await openTestProxy(upstream.url);
    await proxy.post("/v1/messages", conversation(writeToolResult(5)));
    await fetch(`${proxy.url}/proxy/openai/v1/files/secret-name`);
    const metrics = await (await fetch(`${proxy.url}/metrics`)).text();
    expect(metrics).toContain('brevis_http_requests_total{method="POST",route="proxy",status="200"} 1');
    expect(metrics).toMatch(/^brevis_proxy_saved_tokens [1-9]/mu);
    expect(metrics).toContain("brevis_proxy_requests 1");
    expect(metrics + proxy.logged.join("")).not.toContain("secret-name");
  });

  it("is not there unless asked for, and knows no other upstreams", async () => {
    const plain = await openTestServer();
    expect((await plain.post("/v1/messages", {})).status).toBe(404);
    const upstream = await startUpstream(() => ({ text: "ok" }));
    const proxy = await openTestProxy(upstream.url);
    expect((await proxy.post("/proxy/elsewhere/v1/messages", {})).status).toBe(404);
    expect((await proxy.post("/proxy/constructor/v1/messages", {})).status).toBe(404);
    expect(upstream.arrived).toHaveLength(0);
  });

  it("hangs up on the provider when its caller hangs up", async () => {
    let closed: () => void = () => {};
    const hungUp = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const { createServer } = await import("node:http");
    const upstream = createServer((_, outgoing) => {
      outgoing.writeHead(200, { "content-type": "text/event-stream" }).write("data: {}\n\n");
      outgoing.on("close", closed);
    });
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const { port } = upstream.address() as { port: number };
    const proxy = await openTestProxy(`http://127.0.0.1:${port}`);
    const sent = request(`${proxy.url}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
    });
    sent.on("response", (answer) => answer.once("data", () => sent.destroy()));
    sent.on("error", () => {});
    sent.end(JSON.stringify({ ...conversation("a"), stream: true }));
    await hungUp;
    upstream.closeAllConnections();
    upstream.close();
  });
});
