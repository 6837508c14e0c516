import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { SyntheticEmbeddings } from "@langchain/core/utils/testing";

/** mem0 lies in a project of its own (`npm ci --ignore-scripts` there): it wants other versions of the providers' clients. */
export const mem0Project = join(import.meta.dirname, "../fixtures/mem0");
export const hasMem0 = existsSync(join(mem0Project, "node_modules/mem0ai/package.json"));

export interface TestMem0 {
  add(
    messages: string | { role: string; content: string }[],
    options: object,
  ): Promise<{ results: { id: string; memory: string }[] }>;
  search(query: string, options: object): Promise<{ results: { id: string; memory: string; score: number }[] }>;
}

/** A memory of the real package, with a store and a model in this process. @param seen what the model was asked */
export function openMem0(seen: string[] = [], answer = '{"memory": []}'): TestMem0 {
  process.env.MEM0_TELEMETRY = "false";
  const { Memory } = createRequire(join(mem0Project, "package.json"))("mem0ai/oss");
  const embeddings = new SyntheticEmbeddings({ vectorSize: 16 });
  const model = {
    invoke: async (messages: readonly { content: unknown }[]) => {
      seen.push(messages.map(({ content }) => String(content)).join("\n"));
      return { content: answer };
    },
  };
  return new Memory({
    embedder: { provider: "langchain", config: { model: embeddings, embeddingDims: 16 } },
    vectorStore: { provider: "langchain", config: { client: new MemoryVectorStore(embeddings), dimension: 16 } },
    llm: { provider: "langchain", config: { model } },
    disableHistory: true,
  });
}
