import fc from "fast-check";

/** Arbitrary documents as applications send them: prose, logs, JSON, code, diffs, tables, markers, fragments, and mixes. */

const topic = fc.constantFrom(
  "cache",
  "upload",
  "billing service",
  "harbour",
  "index",
  "worker",
  "river",
  "session store",
);
const person = fc.constantFrom("Ada", "Marconi", "the operator", "nobody", "Zoë", "an editor");
const number = fc.oneof(
  fc.nat({ max: 9999 }).map(String),
  fc.constantFrom("3.5 ms", "12 GB", "v1.2.3", "0x1f3a", "2026-11-20"),
);

const sentence = fc.oneof(
  fc
    .tuple(person, topic, number)
    .map(([who, what, count]) => `After the change ${who} found that the ${what} took ${count}.`),
  fc
    .tuple(topic, topic)
    .map(([a, b]) => `The ${a} is not a substitute for the ${b}, although it was often used as one in the past.`),
  fc
    .tuple(person, topic)
    .map(([who, what]) => `It has been said by ${who} that a very large ${what} would be needed (see README.md)!`),
  fc.constantFrom(
    "No errors were seen, and the build did not fail.",
    'He called it "good enough" and left.',
    "这不是问题，我们有3个选项。",
    "Это не ошибка.",
    "La red no está disponible.",
    "这里没有空格所以需要分词才能压缩文本内容。",
  ),
);
const paragraph = fc.array(sentence, { minLength: 1, maxLength: 8 }).map((sentences) => `${sentences.join(" ")}\n`);

const level = fc.constantFrom("INFO", "INFO", "INFO", "DEBUG", "WARN", "ERROR");
const logMessage = fc.oneof(
  fc
    .tuple(fc.nat({ max: 99 }), fc.nat({ max: 500 }))
    .map(([id, ms]) => `worker-${id} handled GET /api/items/${id} in ${ms}ms`),
  fc.nat({ max: 9 }).map((id) => `connection ${id} from 10.0.0.${id} timed out`),
  fc.constantFrom(
    "cache warmed",
    "retrying upload",
    "\u001b[32mok\u001b[0m done  ",
    "cannot open /etc/app.conf: Permission denied",
  ),
);
const log = fc
  .array(fc.tuple(fc.nat({ max: 59 }), level, logMessage), { minLength: 1, maxLength: 30 })
  .map((lines) =>
    lines
      .map(([second, name, message]) => `2026-11-20 10:02:${String(second).padStart(2, "0")} ${name} ${message}\n`)
      .join(""),
  );

const record = fc.record({
  id: fc.nat(),
  name: fc.constantFrom("alpha", "beta", "gamma", "été"),
  status: fc.constantFrom("ok", "ok", "ok", "failed"),
  note: fc.oneof(fc.constant(null), fc.string({ maxLength: 12 })),
});
const json = fc
  .tuple(fc.array(record, { minLength: 1, maxLength: 15 }), fc.constantFrom(undefined, 2, 4))
  .map(([records, indent]) => `${JSON.stringify(records, null, indent)}\n`);
const ndjson = fc
  .array(record, { minLength: 2, maxLength: 15 })
  .map((records) => records.map((one) => `${JSON.stringify(one)}\n`).join(""));
const anyJson = fc.json({ maxDepth: 4 }).map((text) => `${text}\n`);

const identifier = fc.constantFrom("load_config", "getUserName", "total", "items", "retryCount");
const code = fc
  .array(fc.tuple(identifier, identifier, fc.nat({ max: 99 })), { minLength: 1, maxLength: 8 })
  .map((functions) =>
    functions
      .map(
        ([name, value, count]) =>
          `def ${name}(${value}):\n    # keeps the ${value} for later\n    if ${value} is None:\n        raise ValueError("no ${value}")\n    return ${value} * ${count}\n\n\n`,
      )
      .join(""),
  );
const fenced = code.map((text) => `Some code:\n\n\`\`\`python\n${text}\`\`\`\n\n`);

const diff = fc
  .array(fc.tuple(identifier, fc.nat({ max: 99 })), { minLength: 1, maxLength: 6 })
  .map(
    (changes) =>
      `diff --git a/src/app.py b/src/app.py\nindex 1f3a2b4..9c8d7e6 100644\n--- a/src/app.py\n+++ b/src/app.py\n` +
      changes
        .map(
          ([name, line]) =>
            `@@ -${line},4 +${line},4 @@ def ${name}():\n     a = 1\n-    b = ${line}\n+    b = ${line + 1}\n     return a\n`,
        )
        .join(""),
  );

const table = fc
  .array(
    fc.tuple(
      fc.constantFrom("web", "db", "queue"),
      fc.nat({ max: 999 }),
      fc.constantFrom("Running", "CrashLoopBackOff"),
    ),
    {
      minLength: 2,
      maxLength: 15,
    },
  )
  .map(
    (rows) =>
      `NAME      READY   STATUS\n${rows.map(([name, id, status]) => `${`${name}-${id}`.padEnd(10)}1/1     ${status}\n`).join("")}`,
  );
const markdownTable = table.map((text) => {
  const rows = text
    .trim()
    .split("\n")
    .map((line) => `| ${line.split(/\s+/).join(" | ")} |`);
  return `# Pods\n\n${rows[0]}\n|---|---|---|\n${rows.slice(1).join("\n")}\n\n`;
});

const search = fc
  .array(
    fc.tuple(fc.constantFrom("src/app.py", "src/lib/store.ts", "tests/app_test.py"), fc.nat({ max: 400 }), identifier),
    {
      minLength: 2,
      maxLength: 20,
    },
  )
  .map((hits) => hits.map(([path, line, name]) => `${path}:${line}:    ${name}(config)\n`).join(""));

const trace = fc
  .array(identifier, { minLength: 1, maxLength: 6 })
  .map(
    (frames) =>
      `Traceback (most recent call last):\n${frames.map((name, at) => `  File "/srv/app/${name}.py", line ${at * 7 + 3}, in ${name}\n    ${name}()\n`).join("")}KeyError: 'tax_region'\n`,
  );

const html = fc
  .array(sentence, { minLength: 1, maxLength: 4 })
  .map(
    (sentences) =>
      `<!doctype html>\n<html><body><div class="x y">\n${sentences.map((text) => `<p>${text}</p>\n`).join("")}</div></body></html>\n`,
  );
const yaml = fc
  .array(fc.tuple(identifier, number), { minLength: 2, maxLength: 10 })
  .map((entries) => `services:\n${entries.map(([name, value]) => `  - name: ${name}\n    size: ${value}\n`).join("")}`);
const chat = fc
  .array(fc.tuple(fc.constantFrom("User", "Assistant"), sentence), { minLength: 2, maxLength: 6 })
  .map((turns) => turns.map(([who, text]) => `${who}: ${text}\n\n`).join(""));
const listing = fc
  .array(fc.tuple(fc.nat({ max: 99_999 }), identifier), { minLength: 2, maxLength: 15 })
  .map(
    (files) =>
      `total 48\n${files.map(([size, name]) => `-rw-r--r-- 1 root root ${String(size).padStart(6)} Nov 20 10:02 ${name}.ts\n`).join("")}`,
  );

const fragment = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(
    "[…12 lines]\n",
    "[…3 items #482915337120]\n",
    "Legend: §1=alpha §2=beta\n§1 and §2\n",
    "§1 ¶2 †3",
    "<|endoftext|><|im_start|>",
    "\r\n\r\n",
    "\uFEFF",
    "\ud800 lone",
    "a\u0000b",
    "e\u0301\u0302\u0303",
    "שלום עולם, هذا ليس خطأ",
    "👩‍👩‍👧‍👦 🇩🇪",
    "[[[[{{{{((((",
    "\t \t \n   \n",
    "`unclosed \"quote 'and",
    "| a | b\n|---",
    "```\nnever closed\n",
    "x".repeat(300),
  ),
);

const parts = {
  prose: paragraph,
  log,
  json,
  ndjson,
  anyJson,
  code,
  fenced,
  diff,
  table,
  markdownTable,
  search,
  trace,
  html,
  yaml,
  chat,
  listing,
  fragment,
};
const part = fc.oneof(...Object.values(parts));

/** A document of one to four parts, with the line ends of either world. */
export const document: fc.Arbitrary<string> = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom("", "\n"), fc.nat({ max: 9 }))
  .map(([pieces, between, ending]) => {
    const text = pieces.join(between);
    return ending === 0 ? text.replaceAll("\n", "\r\n") : text;
  });

/** Prose alone. */
export const prose: fc.Arbitrary<string> = fc
  .array(paragraph, { minLength: 1, maxLength: 4 })
  .map((paragraphs) => paragraphs.join("\n"));
