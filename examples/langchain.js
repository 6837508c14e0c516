// Documents that a retriever found, shortened with the query in mind, and a history that fits. The retriever and the model here are LangChain's
// own stand-ins, so that this runs without a key: put yours in their place.
//
//   npm install brevis @langchain/core @langchain/classic && node langchain.js
import { readFileSync } from "node:fs";
import { ContextualCompressionRetriever } from "@langchain/classic/retrievers/contextual_compression";
import { Document } from "@langchain/core/documents";
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { FakeListChatModel, FakeRetriever } from "@langchain/core/utils/testing";
import { BrevisDocumentCompressor, compressHistoryWith } from "brevis/langchain";

const testOutput = readFileSync(new URL("../data/samples/python-tests.txt", import.meta.url), "utf8");
const found = [new Document({ id: "run-17", pageContent: testOutput, metadata: { source: "python-tests.txt" } })];

const retriever = new ContextualCompressionRetriever({
  baseRetriever: new FakeRetriever({ output: found }),
  baseCompressor: new BrevisDocumentCompressor({ compress: { rate: 0.33 } }),
});
const [document] = await retriever.invoke("Which tests fail?");
console.log(`${document?.id}: ${testOutput.length} -> ${document?.pageContent.length} characters`);

const model = new FakeListChatModel({ responses: ["Two tests fail."] });
const chain = compressHistoryWith({ budget: 8000, compress: { rate: 0.33 } }).pipe(model);
const answer = await chain.invoke([
  new SystemMessage("You watch the tests."),
  new HumanMessage("Run the tests. Which fail?"),
  new AIMessage({ content: "", tool_calls: [{ id: "1", name: "run_tests", args: {}, type: "tool_call" }] }),
  new ToolMessage({ content: testOutput, tool_call_id: "1" }),
]);
console.log(answer.text);
