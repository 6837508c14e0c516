// Builds the documentation as a static site into build/site: docs/, the model card and the changes as pages, and a reference that TypeDoc
// makes from the docstrings. `make site` installs what it needs.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "site/source");

/** Pages that lie outside of docs/. */
const moved = {
  "CHANGELOG.md": "changelog.md",
  "CONTRIBUTING.md": "contributing.md",
  "models/keep/README.md": "model-card.md",
};

rmSync(source, { recursive: true, force: true });
cpSync(join(root, "docs"), source, { recursive: true });
for (const [from, to] of Object.entries(moved)) cpSync(join(root, from), join(source, to));
cpSync(join(root, "site/index.md"), join(source, "index.md"));
mkdirSync(join(source, ".vitepress"));
cpSync(join(root, "site/config.js"), join(source, ".vitepress/config.mjs"));
writeReference();
for (const file of readdirSync(source, { recursive: true })) if (file.endsWith(".md")) mendLinks(file);
run("vitepress", ["build", source, "--outDir", join(root, "build/site")]);

/** One page an entry of package.json's `exports`. */
function writeReference() {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const entries = Object.values(exports)
    .filter((entry) => typeof entry === "object")
    .map(({ types }) => types.replace("./dist/", "src/").replace(".d.ts", ".ts"));
  const options = ["--plugin", "typedoc-plugin-markdown", "--tsconfig", "site/tsconfig.json", "--readme", "none"];
  const pages = [
    "--router",
    "module",
    "--entryFileName",
    "index",
    "--hideBreadcrumbs",
    "--hidePageHeader",
    "--disableSources",
  ];
  const tables = ["parametersFormat", "propertiesFormat", "interfacePropertiesFormat", "typeDeclarationFormat"].flatMap(
    (name) => [`--${name}`, "table"],
  );
  run("typedoc", [
    ...options,
    ...pages,
    ...tables,
    "--excludeExternals",
    "--logLevel",
    "Error",
    "--out",
    join(source, "reference"),
    ...entries,
  ]);
}

/** Links to files that became pages lead there; those to files that are no pages become the files' names. */
function mendLinks(file) {
  const path = join(source, file);
  const original = Object.entries(moved).find(([, to]) => to === file)?.[0] ?? join("docs", file);
  const text = readFileSync(path, "utf8").replace(
    /(!?)\[([^\]]*)\]\(([^)\s#]+)(#[^)]*)?\)/g,
    (link, isPicture, name, target, part = "") => {
      if (isPicture || /^\w+:|^\//.test(target)) return link;
      const asked = relative(root, resolve(root, dirname(original), target));
      const page = moved[asked] ?? (asked.startsWith("docs/") ? relative("docs", asked) : undefined);
      if (page === undefined || (page !== file && !existsSync(join(source, page)))) return name;
      if (!page.endsWith(".md")) return name;
      return `[${name}](${relative(dirname(file), page) || page}${part})`;
    },
  );
  writeFileSync(path, text);
}

function run(command, given) {
  const { status } = spawnSync(join(root, "site/node_modules/.bin", command), given, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
