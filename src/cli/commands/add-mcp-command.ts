import type { Command } from "commander";
import { parseNumber } from "./compress-flags.js";

/** Everything that `brevis mcp` takes. */
export interface McpFlags {
  root?: string[];
  rate?: number;
  store: string | boolean;
}

const details = `
The server speaks the Model Context Protocol over standard input and output, and offers the tools compress, restore and stats. It needs the
package @modelcontextprotocol/sdk. Files are read from the folders of --root alone, and nothing is sent anywhere.

Examples:
  $ brevis mcp --root .                                     what a client starts
  $ claude mcp add brevis -- npx -y -p brevis -p @modelcontextprotocol/sdk brevis mcp --root .
  { "mcpServers": { "brevis": { "command": "brevis", "args": ["mcp", "--root", "."] } } }`;

/** `brevis mcp`. */
export function addMcpCommand(program: Command): void {
  program
    .command("mcp")
    .summary("tools for agents: compress, restore, stats (Model Context Protocol)")
    .description("Serves the tools compress, restore and stats to one client, over standard input and output.")
    .option("--root <DIR...>", "folders whose files may be compressed by name")
    .option(
      "--rate <R>",
      "share of the tokens to keep where a call says nothing, above 0 and at most 1",
      parseNumber("--rate"),
    )
    .option("--store <DIR>", "the folder to keep originals in", true)
    .option("--no-store", "keep no originals")
    .addHelpText("after", details)
    .action(async (flags: McpFlags) => {
      const { serveMcp } = await import("./mcp/serve-mcp.js");
      return serveMcp(flags);
    });
}
