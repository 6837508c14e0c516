// Captures the snippets of tests/fixtures/classify/captured.jsonl: runs every command of capture-snippets.list in a
// workspace folder (checkouts and small faulty projects), scrubs what names this machine, and cuts at a line end.
//
//     node scripts/capture-snippets.js <workspace> > tests/fixtures/classify/captured.jsonl
//     node scripts/capture-snippets.js <workspace> capture-held-out.list fresh > tests/fixtures/classify/held-out.jsonl
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const smallest = 200;
const largest = 3000;
const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, "..");
const workspace = resolve(process.argv[2] ?? ".");
const list = process.argv[3] ?? "capture-snippets.list";
const prefix = process.argv[4] ?? "captured";

/** Lines that say more about the machine than about the tool. */
const telling = /process_api|model_tools|sandboxing|:2024 |Claude-Session|claude\.ai|gitconfig\t/;

const author = spawnSync("git", ["log", "-1", "--format=%an"], { cwd: repository, encoding: "utf8" }).stdout.trim();

function scrub(text) {
  return text
    .split("\n")
    .filter((line) => !telling.test(line))
    .join("\n")
    .replace(/\bvd([a-z])/g, "sd$1")
    .replace(/-fc-v\d+/g, "-amd64")
    .replace(/(link\/ether |"address":")[0-9a-f:]{17}/g, "$102:00:00:00:00:01")
    .replaceAll(author || "\0", "Dev Example")
    .replaceAll(repository, "/home/dev/app")
    .replaceAll(workspace, "/home/dev/src")
    .replaceAll(process.env.PYTHON_HOME ?? "/usr/local", "/usr/local")
    .replaceAll(homedir(), "/home/dev")
    .replace(/\broot\b/g, "user")
    .replace(
      /https?:\/\/[\w.:-]*(?:registry|mirror|proxy|artifact|nexus|pypi)[\w.:-]*/g,
      "https://packages.example.com",
    )
    .replace(/[\w.+-]+@[\w-]+\.(?!internal)[\w.-]+\w/g, "dev@example.com");
}

function cut(text) {
  if (text.length <= largest) return text;
  const end = text.lastIndexOf("\n", largest);
  return text.slice(0, end < largest / 2 ? largest : end + 1);
}

function capture(line, index) {
  const [label, folder, ...rest] = line.split(" | ");
  const command = rest.join(" | ");
  const [kind, language] = label.trim().split("/");
  const expanded = command
    .replaceAll("REPO/", `${repository}/`)
    .replaceAll("WORKSPACE/", `${workspace}/`)
    .replaceAll("TSC ", `${repository}/node_modules/.bin/tsc `)
    .replaceAll("BIOME ", `${repository}/node_modules/.bin/biome `);
  const cwd = folder === "REPO" ? repository : join(workspace, folder);
  const run = spawnSync("bash", ["-c", expanded], {
    cwd,
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 64 << 20,
    env: { ...process.env, NO_COLOR: "1", LC_ALL: "C.UTF-8", PAGER: "cat", GIT_PAGER: "cat", MANWIDTH: "90" },
  });
  const text = cut(scrub(run.stdout ?? ""));
  if (text.length < smallest) {
    console.error(`left out (${text.length} characters): ${command}`);
    return;
  }
  const id = `${prefix}-${String(index).padStart(3, "0")}`;
  console.log(JSON.stringify({ id, kind, ...(language && { language }), origin: scrub(command), text }));
}

readFileSync(join(here, list), "utf8")
  .split("\n")
  .filter((line) => line.trim() !== "" && !line.startsWith("#"))
  .forEach(capture);
