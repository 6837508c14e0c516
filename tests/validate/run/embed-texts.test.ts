import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { openEmbeddings } from "../../../src/validate/run/embed-texts.js";

/** A server of embeddings that counts letters: [a, b]. */
async function startServer(status = 200): Promise<string> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { input } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    const count = (text: string, letter: string) => text.split(letter).length - 1;
    const data = input.map((text: string, index: number) => ({
      ...{ object: "embedding", index },
      embedding: [count(text, "a"), count(text, "b")],
    }));
    outgoing.writeHead(status, { "content-type": "application/json" });
    outgoing.end(JSON.stringify(status === 200 ? { object: "list", data, model: "m" } : { error: { message: "no" } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

describe("openEmbeddings", () => {
  it("gives the cosine of two texts' embeddings", async () => {
    const embed = await openEmbeddings({ baseUrl: await startServer(), model: "m" }, {});
    expect(await embed("aa", "aaa")).toBeCloseTo(1, 6);
    expect(await embed("ab", "aa")).toBeCloseTo(Math.SQRT1_2, 6);
  });

  it("names the variable of a missing key, and what a server said", async () => {
    const settings = { baseUrl: await startServer(400), model: "m" };
    await expect(openEmbeddings({ ...settings, key: "NO_SUCH_KEY" }, {})).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringContaining("NO_SUCH_KEY"),
    });
    const embed = await openEmbeddings(settings, {});
    await expect(embed("a", "b")).rejects.toMatchObject({ code: "remote-failed" });
  });
});
