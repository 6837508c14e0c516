/** Dockerfile, .dockerignore and docker-compose.yml against the code that they start. There is no engine here: nothing is built. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Copy, type Dockerfile, DockerfileParser, type JSONInstruction } from "dockerfile-ast";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readConfiguration } from "../../../src/serve/configuration/read-configuration.js";
import { runBrevis, startBrevis } from "../../cli/run-brevis.js";

const root = join(import.meta.dirname, "..", "..", "..");
const read = (name: string) => readFileSync(join(root, name), "utf8");
const dockerfile: Dockerfile = DockerfileParser.parse(read("Dockerfile"));
const compose = parse(read("docker-compose.yml"));
const manifest = JSON.parse(read("package.json"));

const words = (instruction: JSONInstruction | undefined) =>
  instruction!.getJSONStrings().map((string) => string.getJSONValue());
const command = words(dockerfile.getCMDs().at(-1) as unknown as JSONInstruction);
const valueAfter = (flag: string) => command[command.indexOf(flag) + 1]!;

/** Paths of the checkout that the context has: .dockerignore leaves out everything and lets some names in. */
const contextNames = read(".dockerignore")
  .split("\n")
  .filter((line) => line.startsWith("!"))
  .map((line) => line.slice(1));

const copies = (stage?: string) =>
  dockerfile.getCOPYs().filter((copy: Copy) => (copy.getFromFlag()?.getValue() ?? undefined) === stage);
const argumentsOf = (copy: Copy) => copy.getArguments().map((argument) => argument.getValue());

describe("the Dockerfile", () => {
  it("takes from the context what the build reads, no keys and nothing that was built here", () => {
    expect(read(".dockerignore")).toMatch(/^\*$/mu);
    for (const name of contextNames) expect(existsSync(join(root, name)), name).toBe(true);
    for (const copy of copies()) {
      for (const from of argumentsOf(copy).slice(0, -1)) expect([".", ...contextNames]).toContain(from);
    }
    const needed = [
      "package.json",
      "package-lock.json",
      "tsconfig.json",
      "src",
      "web",
      "scripts",
      "native",
      "models",
      "configs",
    ];
    expect(contextNames).toEqual(expect.arrayContaining(needed));
    for (const name of ["node_modules", "dist", "build", ".env", ".git"]) expect(contextNames).not.toContain(name);
  });

  it("builds by commands that there are", () => {
    const build = dockerfile
      .getInstructions()
      .filter((one) => one.getKeyword() === "RUN")
      .map((one) => one.getArgumentsContent())
      .join("\n");
    for (const [, script] of build.matchAll(/npm run (\S+)/gu)) expect(manifest.scripts).toHaveProperty(script!);
    for (const [, script] of build.matchAll(/node (scripts\/\S+)/gu))
      expect(existsSync(join(root, script!))).toBe(true);
    expect(read("scripts/install.js")).toContain("--required");
    const major = Number(/node:(\d+)/u.exec(dockerfile.getInitialARGs()[0]!.getProperty()!.getValue()!)![1]);
    expect(major).toBeGreaterThan(Number(/\d+/u.exec(manifest.engines.node)![0]));
  });

  it("carries over what runs: the compiled package, its data and its addon, each to where it is looked for", () => {
    const carried = copies("build").map((copy) => {
      const [from, to] = argumentsOf(copy);
      return [from!.replace("/brevis/", "./"), to!.replace(/^\.\/$/u, "./package.json")];
    });
    for (const [from, to] of carried) expect(from).toBe(to);
    const names = carried.map(([from]) => from!.slice(2));
    expect(names.sort()).toEqual([
      "build/native/brevis.node",
      "configs",
      "dist",
      "models",
      "node_modules",
      "package.json",
    ]);
    expect(read("scripts/install.js")).toContain('join(packageRoot, "build", "native")');
  });

  it("starts the service as a user who is not root, on the ports that it names", async () => {
    const keywords = dockerfile.getInstructions();
    const user = keywords.filter((one) => one.getKeyword() === "USER").at(-1);
    expect(user?.getArgumentsContent()).toBe("1000:1000");
    const exposed = keywords.find((one) => one.getKeyword() === "EXPOSE")!.getArgumentsContent();
    expect(exposed).toBe(`${valueAfter("--port")} ${valueAfter("--page-port")}`);
    expect([valueAfter("--port"), valueAfter("--page-port")]).toEqual(["3000", "3001"]);
    const entry = words(dockerfile.getENTRYPOINTs().at(-1) as unknown as JSONInstruction);
    expect(entry).toEqual(["node", manifest.bin.brevis]);
    const { stdout } = await runBrevis(["serve", "--help"]);
    for (const flag of command.filter((word) => word.startsWith("--"))) expect(stdout).toContain(`${flag} <`);
  });

  it("is healthy while the service is, and only then", async () => {
    const check = /HEALTHCHECK[\s\S]*?CMD (\[.*\])/u.exec(read("Dockerfile"))![1]!;
    const parts = JSON.parse(check) as string[];
    expect(parts.join(" ")).toContain(`http://127.0.0.1:${valueAfter("--port")}/api/health`);
    const given = command.map((word, at) => (/port$/u.test(command[at - 1] ?? "") ? "0" : word));
    const child = startBrevis([...given, "--workers", "0"]);
    let errors = "";
    const port = await new Promise<string>((resolve, reject) => {
      child.stderr!.on("data", (piece) => {
        errors += piece;
        const listening = /listening on http:\/\/0\.0\.0\.0:(\d+)/u.exec(errors);
        if (listening) resolve(listening[1]!);
      });
      child.on("exit", () => reject(new Error(errors)));
    });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    const probe = () =>
      spawnSync(
        process.execPath,
        parts.slice(1).map((part) => part.replace(":3000/", `:${port}/`)),
      ).status;
    expect(parts[0]).toBe("node");
    expect(probe()).toBe(0);
    child.kill("SIGTERM");
    await ended;
    expect(probe()).toBe(1);
  });
});

describe("docker-compose.yml", () => {
  const service = compose.services.brevis;

  it("opens both ports to this machine alone, and gives the process no more than it needs", () => {
    expect(service.ports).toEqual(["127.0.0.1:3000:3000", "127.0.0.1:3001:3001"]);
    expect(service).toMatchObject({
      build: ".",
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
  });

  it("keeps what the service remembers where the image puts it", () => {
    const stored = dockerfile
      .getENVs()
      .flatMap((env) => env.getProperties())
      .find((one) => one.getName() === "BREVIS_STORE");
    const [volume, folder] = service.volumes[0].split(":");
    expect(compose.volumes).toHaveProperty(volume);
    expect(stored!.getValue()).toBe(`${folder}/originals`);
    const volumes = dockerfile.getInstructions().find((one) => one.getKeyword() === "VOLUME");
    expect(volumes!.getArgumentsContent()).toBe(`["${folder}"]`);
  });

  it("waits for longer than the service takes to end, and passes on the keys that it reads", () => {
    expect(Number(/^(\d+)s$/u.exec(service.stop_grace_period)![1]) * 1000).toBeGreaterThan(
      readConfiguration().limits.drainMs,
    );
    const example = read("src/serve/compare/compare-body.ts");
    for (const name of service.environment.filter((one: string) => one !== "BREVIS_TOKEN"))
      expect(example).toContain(name);
  });
});
