import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The only key that the stand-in takes. */
export const tinkerKey = "tml-stand-in-key-0123456789";

/** What goes on in tests/stand-ins/tinker_server.py. */
export interface TinkerOptions {
  readonly vocabulary: number;
  readonly hidden: number;
  readonly layers: number;
  /** Output sizes of the layers that the exported adapter has. */
  readonly outputs: Readonly<Record<string, number>>;
  /** Forward-backward requests, counted over all sessions, whose session has ended. */
  readonly loseAt?: readonly number[];
  readonly cutDownloads?: number;
}

/** A request that arrived; what is no JSON has an empty body. */
export interface TinkerRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface TinkerStandIn {
  readonly url: string;
  readonly requests: readonly TinkerRequest[];
  close(): void;
}

/** Starts the stand-in by a Python that has the SDK. */
export async function startTinker(python: string, folder: string, options: TinkerOptions): Promise<TinkerStandIn> {
  const path = join(folder, "stand-in.json");
  writeFileSync(path, JSON.stringify(options));
  const child: ChildProcess = spawn(python, [join(import.meta.dirname, "tinker_server.py"), path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const requests: TinkerRequest[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`The stand-in of Tinker ended with ${code}.`)));
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const told = JSON.parse(line);
      if ("port" in told) resolve(told.port);
      else requests.push(told);
    });
  });
  return { url: `http://127.0.0.1:${port}`, requests, close: () => void child.kill() };
}
