import { loadPackage } from "../../../load-package.js";
import { readPackageVersion } from "../../read-package-version.js";
import type { McpFlags } from "../add-mcp-command.js";
import { openCommandStore } from "../open-command-store.js";

const sdk = "@modelcontextprotocol/sdk";

/** `brevis mcp`: serves until the client closes standard input. */
export async function serveMcp({ root = [], rate, store: choice }: McpFlags): Promise<void> {
  const { StdioServerTransport } = await loadPackage(sdk, () => import("@modelcontextprotocol/sdk/server/stdio.js"));
  const { createBrevisServer } = await import("../../../integrations/mcp/index.js");
  const store = await openCommandStore(choice);
  const server = createBrevisServer({
    compress: rate === undefined ? {} : { rate },
    ...(store === undefined ? {} : { store }),
    roots: root,
    version: readPackageVersion(),
  });
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    process.stdin.once("end", () => server.close());
  });
  await server.connect(new StdioServerTransport());
  await closed;
}
