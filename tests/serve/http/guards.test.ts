import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { openTestServer, requestRaw } from "../open-test-server.js";

const json = { "content-type": "application/json" };
const secret = "sesame-9471";

describe("who may call", () => {
  it.each(["evil.example", "evil.example:3000", "127.0.0.1.evil.example"])("refuses the Host %j", async (host) => {
    const server = await openTestServer();
    const answer = await requestRaw(`${server.url}/api/config`, { headers: { host } });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text).error.code).toBe("invalid-input");
  });

  it.each(["localhost", "LOCALHOST:8080", "127.0.0.1:3000", "[::1]:3000", "brevis.internal"])(
    "takes the Host %s",
    async (host) => {
      const server = await openTestServer({ allowedHosts: ["brevis.internal"] });
      expect((await requestRaw(`${server.url}/api/config`, { headers: { host } })).status).toBe(200);
    },
  );

  it("refuses other origins, and answers none of them with CORS headers", async () => {
    const server = await openTestServer();
    const host = new URL(server.url).host;
    const ask = (origin: string) => requestRaw(`${server.url}/api/config`, { headers: { host, origin } });
    for (const origin of ["https://evil.example", "null", `http://${host}.evil.example`, "http://localhost:1"]) {
      const answer = await ask(origin);
      expect(answer.status).toBe(403);
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    }
    const own = await ask(`http://${host}`);
    expect(own.status).toBe(200);
    expect(own.headers["access-control-allow-origin"]).toBeUndefined();
  });

  it("answers an origin that was allowed with CORS headers", async () => {
    const origin = "https://app.example.org";
    const server = await openTestServer({ allowedOrigins: [origin] });
    const answer = await requestRaw(`${server.url}/api/config`, { headers: { origin } });
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBe(origin);
    const other = await requestRaw(`${server.url}/api/config`, { headers: { origin: "https://evil.example" } });
    expect(other.status).toBe(403);
  });

  it("asks for the token everywhere but at the health check", async () => {
    const server = await openTestServer({ tokenFrom: "TEST_TOKEN" }, { environment: { TEST_TOKEN: secret } });
    const ask = (path: string, authorization?: string) =>
      fetch(`${server.url}${path}`, { headers: authorization === undefined ? {} : { authorization } });
    for (const path of ["/api/config", "/metrics", "/api/openapi.json"]) {
      for (const wrong of [undefined, secret, `Bearer ${secret}x`, "Bearer ", `Basic ${secret}`]) {
        const answer = await ask(path, wrong);
        expect(answer.status).toBe(401);
        expect(answer.headers.get("www-authenticate")).toContain("Bearer");
      }
      expect((await ask(path, `Bearer ${secret}`)).status).toBe(200);
    }
    expect((await server.post("/api/compress", { text: "a" })).status).toBe(401);
    expect((await ask("/api/health")).status).toBe(200);
  });

  it("does not start with a token's variable that is empty", async () => {
    await expect(openTestServer({ tokenFrom: "TEST_TOKEN" }, { environment: {} })).rejects.toMatchObject({
      code: "invalid-option",
    });
  });
});

describe("what is refused", () => {
  it.each([undefined, "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])(
    "content type %j",
    async (type) => {
      const server = await openTestServer();
      const headers = type === undefined ? {} : { "content-type": type };
      const answer = await requestRaw(`${server.url}/api/compress`, { method: "POST", headers, body: '{"text":"a"}' });
      expect(answer.status).toBe(415);
      expect(JSON.parse(answer.text).error.code).toBe("invalid-input");
    },
  );

  it("another method, and what is not there", async () => {
    const server = await openTestServer();
    const method = await fetch(`${server.url}/api/compress`);
    expect([method.status, method.headers.get("allow")]).toEqual([405, "POST"]);
    expect((await method.json()) as object).toHaveProperty("error.code");
    const absent = await fetch(`${server.url}/api/none`);
    expect(absent.status).toBe(404);
    expect((await absent.json()) as object).toHaveProperty("error.code");
  });

  it("bytes that are no UTF-8", async () => {
    const server = await openTestServer();
    const body = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    const answer = await fetch(`${server.url}/api/compress`, { method: "POST", headers: json, body });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { error: { code: string } }).error.code).toBe("input-not-utf8");
  });

  it.each(["announced", "unannounced"])("a body that is too large, %s", async (how) => {
    const server = await openTestServer({ limits: { bodyBytes: 1000 } });
    const headers = {
      ...json,
      ...(how === "announced" ? { "content-length": "100000" } : { "transfer-encoding": "chunked" }),
    };
    const answer = await requestRaw(`${server.url}/api/compress`, {
      method: "POST",
      headers,
      body: "x".repeat(100_000),
    });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text).error.code).toBe("invalid-input");
    expect((await server.post("/api/compress", { text: "a" })).status).toBe(200);
  });

  it.each([
    [
      "headers that never end",
      "GET /api/config HTTP/1.1\r\nHost: localhost\r\n",
      /^HTTP\/1\.1 408 .*"code":"invalid-input"/su,
    ],
    [
      "a body that never ends",
      "POST /api/compress HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
      /^HTTP\/1\.1 408 .*"code":"invalid-input"/su,
    ],
    ["what is no HTTP", "good day\r\n\r\n", /^HTTP\/1\.1 400 .*"code":"invalid-input"/su],
    [
      "headers without end",
      `GET / HTTP/1.1\r\nHost: localhost\r\nx: ${"y".repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 .*"code":"invalid-input"/su,
    ],
  ])("%s", async (_, sent, expected) => {
    const server = await openTestServer({ limits: { headersMs: 200, requestMs: 400 } });
    expect(await talk(server.url, sent)).toMatch(expected);
    expect((await server.post("/api/compress", { text: "a" })).status).toBe(200);
  });

  it("100 MB that come in pieces, without taking them all", async () => {
    const server = await openTestServer();
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    let received = "";
    socket.on("data", (piece) => {
      received += piece;
    });
    socket.on("error", () => {});
    const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    socket.write(
      "POST /api/compress HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
    );
    const megabyte = `100000\r\n${"x".repeat(1 << 20)}\r\n`;
    for (let sent = 0; sent < 100 && received === "" && !socket.destroyed; sent++) {
      await new Promise<void>((resolve) => {
        if (socket.write(megabyte)) setImmediate(resolve);
        else {
          socket.once("drain", resolve);
          socket.once("close", () => resolve());
        }
      });
    }
    socket.end();
    await closed;
    expect(received).toMatch(/^HTTP\/1\.1 413 /u);
    expect((await server.post("/api/compress", { text: "a" })).status).toBe(200);
  });

  it("a hundred callers that send a byte now and then, who keep nobody else waiting", async () => {
    const server = await openTestServer({ limits: { headersMs: 500, requestMs: 1000 } });
    const slow = Array.from({ length: 100 }, () =>
      talk(server.url, "POST /api/compress HTTP/1.1\r\nHost: localhost\r\nx: "),
    );
    expect((await server.post("/api/compress", { text: "a b" })).status).toBe(200);
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^HTTP\/1\.1 408 /u);
    expect((await server.post("/api/compress", { text: "a b" })).status).toBe(200);
  });

  it("more requests than are answered at a time", async () => {
    const server = await openTestServer({ limits: { concurrentRequests: 1 } });
    // A request whose body has not come yet is one that is being answered.
    const slow = connect(Number(new URL(server.url).port), "127.0.0.1");
    slow.write(
      "POST /api/compress HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{",
    );
    let answer = await fetch(`${server.url}/api/config`);
    while (answer.status === 200) answer = await fetch(`${server.url}/api/config`);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    slow.destroy();
    while (answer.status !== 200) answer = await fetch(`${server.url}/api/config`);
  });
});

describe("the log", () => {
  it("has neither texts nor keys", async () => {
    const server = await openTestServer({ tokenFrom: "TEST_TOKEN" }, { environment: { TEST_TOKEN: secret } });
    const authorization = `Bearer ${secret}`;
    await server.post(
      "/api/compress?key=in-the-query",
      { text: "a private remark about Mrs Harbottle" },
      { authorization },
    );
    await server.post("/api/compress", { text: "a private remark", Harbottle: 1 }, { authorization });
    await server.post("/api/compress", '{"text": "Harbottle', { authorization });
    await server.post("/api/compress", { text: "a" }, { authorization: "Bearer wrong-9471" });
    const log = server.logged.join("");
    expect(server.logged.length).toBeGreaterThanOrEqual(5);
    expect(log).toContain("/api/compress");
    await requestRaw(`${server.url}/Harbottle`, { headers: { host: "evil.example" } });
    const metrics = await (await fetch(`${server.url}/metrics`, { headers: { authorization } })).text();
    expect(metrics).toContain('route="unknown"');
    expect(metrics).not.toContain("Harbottle");
    expect(server.logged.join("")).not.toContain("Harbottle");
    for (const private_ of ["Harbottle", "private", secret, "9471", "in-the-query"])
      expect(log).not.toContain(private_);
  });
});

/** Sends bytes over a connection of its own and gives all that comes back until it is closed. */
function talk(url: string, sent: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    let received = "";
    socket.setEncoding("utf8").on("data", (piece) => {
      received += piece;
    });
    socket.on("close", () => resolve(received));
    socket.on("error", reject);
    socket.write(sent);
  });
}
