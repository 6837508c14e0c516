// A client of the official MCP SDK that starts `brevis mcp`, compresses a file, and asks for all of it again.
//
//   npm install brevis @modelcontextprotocol/sdk && node mcp.js
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const samples = fileURLToPath(new URL("../data/samples", import.meta.url));
const client = new Client({ name: "example", version: "1.0.0" });
// What the command `brevis` runs.
const main = fileURLToPath(new URL("dist/cli/main.js", import.meta.resolve("brevis/package.json")));
await client.connect(new StdioClientTransport({ command: process.execPath, args: [main, "mcp", "--root", samples] }));

/** @param {string} name @param {Record<string, unknown>} parameters */
async function call(name, parameters) {
  const { content } = await client.callTool({ name, arguments: parameters });
  return /** @type {{ text: string }[]} */ (content).map(({ text }) => text);
}

const [, figures] = await call("compress", { path: "python-tests.txt", rate: 0.33, query: "which tests fail" });
console.log(figures);
const [whole] = await call("restore", { id: /#(\d{12})/.exec(figures ?? "")?.[1] });
console.log(`restored: ${whole?.length} characters`);
await client.close();
