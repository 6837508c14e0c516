import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../../../src/capture/redact/redact-secrets.js";
import { encodings, planted, readAll } from "./plant-secrets.js";

const redact = await createRedactor();

const surroundings = fc.constantFrom(
  "",
  "Deploy finished after 3 retries; see the notes of Tuesday.",
  "  at Object.<anonymous> (/srv/app/src/index.ts:14:7)",
  'level=info msg="request done" status=200 duration=14ms',
  "| id | name |\n|---|---|\n| 1 | pump |",
  "const answer = await client.messages.create({ model, max_tokens: 1024 });",
  "Überall stehen Wörter, 表 und эмодзи 🙂, auch einzelne \ud800.",
);
const separators = fc.constantFrom(" ", "\n", "\r\n", "\n\n", "\t", "; ", "\n- ");

describe("createRedactor", () => {
  it("lets no planted secret through, whatever stands around it and however it is escaped", () => {
    const law = fc.property(
      planted,
      surroundings,
      surroundings,
      separators,
      fc.constantFrom(...Object.keys(encodings)),
      ({ secret, written }, before, after, separator, name) => {
        const text = encodings[name]!(`${before}${separator}${written}${separator}${after}`);
        const redacted = redact(text);
        expect(redacted).toBeDefined();
        for (const level of readAll(redacted!.text)) expect(level).not.toContain(secret);
        expect(Object.keys(redacted!.replaced)).not.toEqual([]);
      },
    );
    fc.assert(law, { numRuns: 600 });
  });

  it("shows no long stretch of a secret where a text was cut through it", () => {
    const keys = planted.filter(({ secret }) => secret.length >= 32 && new Set(secret).size >= 14);
    const law = fc.property(
      keys,
      surroundings,
      fc.double({ min: 0, max: 1, noNaN: true }),
      ({ secret, written }, before, share) => {
        const whole = `${before}\n${written}\nThe end.`;
        const at = Math.floor(share * whole.length);
        for (const part of [whole.slice(0, at), whole.slice(at)]) {
          const shown = redact(part)!.text;
          for (let from = 0; from + 20 <= secret.length; from++)
            expect(shown).not.toContain(secret.slice(from, from + 20));
        }
      },
    );
    fc.assert(law, { numRuns: 300 });
  });

  it("finds secrets that a terminal has wrapped", () => {
    const key = "sk-ant-api03-Zk3Jw8Qm1Xc7Vb2Ns9Lp4Rt6Yh5Ug0Df8Ka1So3We7Qz2";
    const { text } = redact(`export ANTHROPIC=${key.slice(0, 40)}\n${key.slice(40)}\ndone`)!;
    expect(text).not.toContain(key.slice(0, 20));
    expect(text).not.toContain(key.slice(40, 52));
    expect(text).toContain("done");
  });

  it("gives the same secret the same placeholder, and others another, so that structure stays", () => {
    const source =
      '{"from":"ann@example.com","to":"bob@example.com","cc":["ann@example.com"],"raw":"ann\\u0040example.com"}';
    const { text, replaced } = redact(source)!;
    expect(JSON.parse(text)).toEqual({
      from: "REDACTED_EMAIL_1",
      to: "REDACTED_EMAIL_2",
      cc: ["REDACTED_EMAIL_1"],
      raw: "REDACTED_EMAIL_1",
    });
    expect(replaced).toEqual({ EMAIL: 2 });
  });

  it("leaves alone what only looks like one", () => {
    const harmless = [
      "tokens: 396 -> 136, max_tokens=2048, 12 tokens: fine",
      "const token = parser.next(); let password: string; if (password == null) return",
      "src/compress/abstractive/create-training-questions.ts:14:7 2026-11-21T10:20:33Z v20.19.0 a3f2c91",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a place to fill in, as shells have them
      "password: ${DB_PASSWORD} api_key: <your key> secret = process.env.SECRET",
      "the password is required; bearer of good news; https://example.org:8080/a/b?page=2#top",
      "Expected Option mustKeep to be an array but received a string. id 4111111111111112",
    ];
    for (const text of harmless) expect(redact(text)).toEqual({ text, replaced: {} });
  });

  it("changes nothing in what it has redacted", () => {
    const law = fc.property(fc.array(planted, { maxLength: 4 }), separators, (secrets, separator) => {
      const once = redact(secrets.map(({ written }) => written).join(separator))!;
      expect(redact(once.text)).toEqual({ text: once.text, replaced: {} });
    });
    fc.assert(law, { numRuns: 100 });
  });

  it("takes any string", () => {
    const any = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(..."\\%&#xu0@:/=\"' \n-_aZ9") }),
    );
    const law = fc.property(any, (text) => {
      expect(redact(text)?.text).toBeTypeOf("string");
    });
    fc.assert(law, { numRuns: 500 });
  });
});
