import type { Command } from "commander";
import { wholeNumber } from "./parse-number.js";

/** Everything that `brevis serve` takes. */
export interface ServeFlags {
  config?: string;
  host?: string;
  port?: number;
  workers?: number;
  tokenFrom?: string;
  proxy?: boolean;
  /** False where `--no-page` was given. */
  page?: boolean;
  pagePort?: number;
}

const details = `
In a browser it shows the compare page: what is left out of a text and why, and a model's answers with and without. It answers
POST /api/compress, POST /api/compare, GET /api/config, /api/health, /api/openapi.json and /metrics. Only this machine can reach it
unless --host says otherwise; then ask for a token. What is asked and answered is never logged.

With --proxy it stands before Anthropic, OpenAI and Gemini: give a provider's SDK its address as the base URL. New results of tools and long texts of the
user are compressed, once; what was sent keeps its bytes. Answers come back restored. GET /api/ledger has what it saved.

Examples:
  $ brevis serve
  $ brevis serve --proxy & ANTHROPIC_BASE_URL=http://127.0.0.1:3000 claude
  $ curl -s localhost:3000/api/compress -H 'content-type: application/json' -d '{"text": "…", "rate": 0.5}'
  $ BREVIS_TOKEN=… brevis serve --host 0.0.0.0 --token-from BREVIS_TOKEN`;

/** `brevis serve`. */
export function addServeCommand(program: Command): void {
  program
    .command("serve")
    .summary("compress over HTTP")
    .description("Serves brevis over HTTP until it is told to end; then it finishes what it has begun.")
    .option("--config <FILE>", "settings, as configs/serve.yaml has them; the flags below come before it")
    .option("--host <HOST>", "the address to listen on, 127.0.0.1 by default")
    .option("--port <PORT>", "the port to listen on, 3000 by default; 0 takes any", wholeNumber)
    .option("--workers <N>", "threads that compress, one for each core by default", wholeNumber)
    .option("--token-from <NAME>", "the environment variable with the token that callers need")
    .option("--page-port <PORT>", "a port of its own for the compare page, which is at / of the other too", wholeNumber)
    .option("--no-page", "serve no page")
    .option("--proxy", "pass requests to models on, compressed, and their answers back, restored")
    .addHelpText("after", details)
    .action(async (flags: ServeFlags) => {
      const { serveUntilTold } = await import("./serve-until-told.js");
      return serveUntilTold(flags);
    });
}
