// mem0 in this process: a long note compressed when it is added, what a search finds packed into a budget. The model and the embeddings here are
// LangChain's own stand-ins, so that this runs without a key: put yours in their place.
//
//   npm install brevis mem0ai @langchain/core @langchain/classic && node mem0.js
import { readFileSync } from "node:fs";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { FakeListChatModel, SyntheticEmbeddings } from "@langchain/core/utils/testing";
import { compressMem0 } from "brevis/mem0";
import { Memory } from "mem0ai/oss";

const testOutput = readFileSync(process.argv[2] ?? "data/samples/python-tests.txt", "utf8");
const embeddings = new SyntheticEmbeddings({ vectorSize: 16 });
const memory = compressMem0(
  new Memory({
    embedder: { provider: "langchain", config: { model: embeddings, embeddingDims: 16 } },
    vectorStore: { provider: "langchain", config: { client: new MemoryVectorStore(embeddings), dimension: 16 } },
    llm: { provider: "langchain", config: { model: new FakeListChatModel({ responses: ['{"memory": []}'] }) } },
    disableHistory: true,
  }),
  { compress: { rate: 0.33 } },
);

await memory.add(testOutput, { userId: "ada", infer: false });
await memory.add("Ada drinks tea.", { userId: "ada", infer: false });
const search = { filters: { user_id: "ada" }, threshold: 0 };
const { text, tokens } = await memory.pack("Which tests fail?", { budget: 1000, search });
console.log(`${testOutput.length} characters given; ${tokens.found} tokens found, ${tokens.packed} packed`);
console.log(text.includes("Ada drinks tea."));
