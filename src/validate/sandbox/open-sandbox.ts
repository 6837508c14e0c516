import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** What became of a program and its tests. */
export type TestRun =
  | { readonly status: "passed" }
  | { readonly status: "failed"; readonly reason: string }
  | { readonly status: "skipped"; readonly reason: string };

/** Runs programs that models wrote: no network, nothing of the machine to write to, bounded time, memory and processes. */
export interface Sandbox {
  /** Why programs cannot be run on this machine; absent where they can. */
  readonly missing?: string;
  run(code: string, tests: string, language: string): Promise<TestRun>;
}

export interface SandboxLimits {
  readonly seconds: number;
  /** Bytes of memory; of Node, the heap. */
  readonly memory: number;
}

interface Runtime {
  readonly command: readonly string[];
  /** Prints a word as the program's last act. */
  readonly print: (word: string) => string;
  /** Whether address space can be limited: V8 reserves far more than it uses. */
  readonly limitsAddressSpace: boolean;
}

const longestOutput = 4096;

/**
 * Opens bubblewrap. Where it is not installed, or the machine lets it make no namespaces, every run is skipped and says why: a model's code
 * never runs unguarded.
 */
export async function openSandbox(limits: SandboxLimits): Promise<Sandbox> {
  const missing = await findObstacle();
  if (missing !== undefined) return { missing, run: async () => ({ status: "skipped", reason: missing }) };
  return {
    async run(code, tests, language) {
      const runtime = findRuntime(language, limits);
      if (runtime === undefined)
        return { status: "skipped", reason: `no runtime for ${language || "the language"} here` };
      // Printed after the last test by the program itself: one that exits early has not passed.
      const word = `passed-${randomBytes(12).toString("hex")}`;
      const program = `${code}\n${tests}\n${runtime.print(word)}\n`;
      const { output, timedOut } = await runGuarded(runtime, program, limits);
      if (output.includes(word)) return { status: "passed" };
      if (timedOut) return { status: "failed", reason: `stopped after ${limits.seconds} s` };
      return { status: "failed", reason: output.trim().split("\n").at(-1)?.slice(0, 200) ?? "" };
    },
  };
}

async function findObstacle(): Promise<string | undefined> {
  if (process.platform !== "linux") return "bubblewrap runs on Linux only";
  if (findCommand("bwrap") === undefined) return "bubblewrap (bwrap) is not installed";
  const { code, output } = await runProcess(["bwrap", ...guards(), "true"], "", 10);
  return code === 0 ? undefined : `bubblewrap cannot make namespaces here: ${output.trim().split("\n")[0]}`;
}

function findRuntime(language: string, { memory }: SandboxLimits): Runtime | undefined {
  if (/^(?:python|py)$/iu.test(language)) {
    const python = ["/usr/bin/python3", "/usr/local/bin/python3"].find(existsSync);
    if (python === undefined) return undefined;
    return { command: [python, "-I", "-"], print: (word) => `print("${word}")`, limitsAddressSpace: true };
  }
  if (!/^(?:javascript|js)$/iu.test(language)) return undefined;
  const megabytes = Math.max(32, Math.floor(memory / 2 ** 20));
  const command = [realpathSync(process.execPath), `--max-old-space-size=${megabytes}`, "-"];
  return { command, print: (word) => `console.log("${word}");`, limitsAddressSpace: false };
}

/** Everything unshared; the system's programs to read, and a small scratch folder. */
function guards(): string[] {
  const system = ["/bin", "/sbin", "/lib", "/lib64"].flatMap((path) => {
    if (!existsSync(path)) return [];
    return lstatSync(path).isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path];
  });
  const node = dirname(realpathSync(process.execPath));
  const runtime = node.startsWith("/usr/") ? [] : ["--ro-bind", node, node];
  return [
    ...["--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox"],
    ...["--ro-bind", "/usr", "/usr", ...system, ...runtime],
    ...["--proc", "/proc", "--dev", "/dev", "--size", String(16 * 2 ** 20), "--tmpfs", "/tmp", "--chdir", "/tmp"],
    ...["--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/tmp", "--setenv", "LC_ALL", "C.UTF-8"],
  ];
}

function runGuarded(runtime: Runtime, program: string, limits: SandboxLimits) {
  const seconds = Math.ceil(limits.seconds);
  // Of files 16 MB, in blocks of 512 bytes; of address space kilobytes.
  const memory = runtime.limitsAddressSpace ? `ulimit -v ${Math.floor(limits.memory / 1024)};` : "";
  const limited = [
    "sh",
    "-c",
    `ulimit -t ${seconds}; ulimit -f 32768; ulimit -n 256; ulimit -c 0; ${memory} exec "$@"`,
    "sh",
  ];
  return runProcess(["bwrap", ...guards(), ...limited, ...runtime.command], program, limits.seconds);
}

interface ProcessEnd {
  readonly code: number | null;
  readonly output: string;
  readonly timedOut: boolean;
}

function runProcess([command, ...args]: string[], input: string, seconds: number): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    const child = spawn(command!, args, { stdio: ["pipe", "pipe", "pipe"], detached: true });
    let output = "";
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      // The whole group; bubblewrap takes everything in its namespace with it.
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, seconds * 1000);
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString("utf8")).slice(-longestOutput);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.stdin.on("error", () => {});
    const end = (code: number | null, reason = "") => {
      clearTimeout(timer);
      resolve({ code, output: output + reason, timedOut });
    };
    child.on("error", (error) => end(null, error.message));
    child.on("close", (code) => end(code));
    child.stdin.end(input);
  });
}

function findCommand(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find(existsSync);
}
