/** How the page's files are served, with a page of three files; tests/web has the page itself in a browser. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { openTestServer, requestRaw } from "../open-test-server.js";

const html = "<!doctype html><title>page</title>";

function makePage(): URL {
  const folder = mkdtempSync(join(tmpdir(), "brevis-page-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), html);
  writeFileSync(join(folder, "assets", "index-1a2b.js"), "export {};");
  writeFileSync(join(folder, "notes.secret"), "of no type that is served");
  return pathToFileURL(`${folder}/`);
}

describe("the compare page", () => {
  it("is at /, without a token, and may ask for what its own service has alone", async () => {
    const server = await openTestServer(
      { tokenFrom: "TEST_TOKEN" },
      { environment: { TEST_TOKEN: "sesame" }, pageFolder: makePage() },
    );
    const answer = await fetch(server.url);
    expect([answer.status, await answer.text()]).toEqual([200, html]);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    const policy = answer.headers.get("content-security-policy")!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/u);
    expect((await fetch(`${server.url}/api/config`)).status).toBe(401);
  });

  it("is asked for again each time, its assets are kept", async () => {
    const server = await openTestServer({}, { pageFolder: makePage() });
    const page = await fetch(server.url);
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const headers = { "if-none-match": page.headers.get("etag")! };
    const again = await requestRaw(server.url, { headers: { ...headers, host: "localhost" } });
    expect([again.status, again.text]).toEqual([304, ""]);
    const script = await fetch(`${server.url}/assets/index-1a2b.js`);
    expect(script.headers.get("content-type")).toContain("text/javascript");
    expect(script.headers.get("cache-control")).toContain("immutable");
    const head = await fetch(server.url, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it.each(["/notes.secret", "/assets/", "/assets/../notes.secret", "/..%2f..%2fpackage.json", "/index.html"])(
    "is no way to %s",
    async (path) => {
      const server = await openTestServer({}, { pageFolder: makePage() });
      expect((await requestRaw(`${server.url}/`.replace(/\/$/u, path), {})).status).toBe(404);
    },
  );

  it("has a port of its own where one is asked for, which answers what it asks", async () => {
    const server = await openTestServer({ page: { port: 0 } }, { pageFolder: makePage() });
    expect(server.pageUrl).not.toBe(server.url);
    for (const origin of [server.url, server.pageUrl!]) {
      expect(await (await fetch(origin)).text()).toBe(html);
      const asked = await fetch(`${origin}/api/compress`, {
        method: "POST",
        headers: { "content-type": "application/json", origin },
        body: JSON.stringify({ text: "a" }),
      });
      expect(asked.status).toBe(200);
    }
    // Each port is an origin of its own, and neither lets the other in.
    const crossed = await requestRaw(`${server.url}/api/config`, { headers: { origin: server.pageUrl! } });
    expect(crossed.status).toBe(403);
    await server.close();
    for (const origin of [server.url, server.pageUrl!]) await expect(fetch(origin)).rejects.toThrow();
  });

  it("is left out where it is not wanted, and where it was never built, which the log says", async () => {
    const without = await openTestServer({ page: { enabled: false } }, { pageFolder: makePage() });
    expect([without.pageUrl, (await fetch(without.url)).status]).toEqual([undefined, 404]);
    const unbuilt = await openTestServer({ page: { port: 0 } }, { pageFolder: pathToFileURL(join(tmpdir(), "none/")) });
    expect([unbuilt.pageUrl, (await fetch(unbuilt.url)).status]).toEqual([undefined, 404]);
    expect(unbuilt.logged.join("")).toContain("The compare page is not built");
  });
});
