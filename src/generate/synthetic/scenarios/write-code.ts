import type { Dice } from "../dice.js";
import type { Vocabulary } from "../vocabulary/vocabulary.js";

/** Languages that the scenarios write. */
export const languages = ["python", "typescript", "go", "rust"] as const;
/** One of `languages`. */
export type Language = (typeof languages)[number];

/** The ending of a language's files. */
export const extensions: Readonly<Record<Language, string>> = { python: "py", typescript: "ts", go: "go", rust: "rs" };

/** One statement of a function's body, without indentation. */
export function writeStatement(language: Language, dice: Dice, v: Vocabulary): string {
  const name = language === "typescript" || language === "go" ? v.camel() : v.snake();
  const other = language === "typescript" || language === "go" ? v.camel() : v.snake();
  const number = dice.integer(1, 5000);
  const key = v.snake();
  const statements: Readonly<Record<Language, readonly string[]>> = {
    python: [
      `${name} = self.${other}(${key}, limit=${number})`,
      `if ${name} is None or ${name}.${v.noun()} > ${number}:`,
      `raise ${v.errorClass()}(f"${v.noun()} {${key}} is not ${v.qualifier()}")`,
      `return ${name}.get("${key}", ${number})`,
      `for ${v.noun()} in ${other}(${key}):`,
      `logger.debug("${v.verb()} %s took %d ms", ${key}, ${number})`,
      `${name}.${v.verb()}(${other}, retries=${dice.integer(1, 9)})`,
      `with self._${key}_lock:`,
      `assert len(${name}) == ${number}, "${v.noun()} count"`,
    ],
    typescript: [
      `const ${name} = await this.${other}(${key}, { limit: ${number} });`,
      `if (${name} === undefined || ${name}.${v.noun()} > ${number}) {`,
      `throw new ${v.errorClass()}(\`${v.noun()} \${${key}} is not ${v.qualifier()}\`);`,
      `return ${name}?.${v.noun()} ?? ${number};`,
      `for (const ${v.noun()} of ${other}(${key})) {`,
      `log.debug({ ${key}, took: ${number} }, "${v.verb()}");`,
      `${name}.${v.verb()}(${other}, ${dice.integer(1, 9)});`,
      `expect(${name}.length).toBe(${number});`,
    ],
    go: [
      `${name}, err := s.${other}(ctx, ${key}, ${number})`,
      `if err != nil {`,
      `return fmt.Errorf("${v.verb()} ${v.noun()} %s: %w", ${key}, err)`,
      `for _, ${v.noun()} := range ${other} {`,
      `defer ${name}.${v.pascal()}()`,
      `log.Printf("${v.verb()} %s took %d ms", ${key}, ${number})`,
      `if len(${name}) > ${number} {`,
    ],
    rust: [
      `let ${name} = self.${other}(&${key}, ${number})?;`,
      `if ${name}.${v.noun()}_count() > ${number} {`,
      `return Err(${v.errorClass()}::new("${v.noun()} is not ${v.qualifier()}"));`,
      `for ${v.noun()} in ${other}.iter().take(${number}) {`,
      `debug!("${v.verb()} {} took {} ms", ${key}, ${number});`,
      `Ok(${name}.unwrap_or(${number}))`,
      `let mut ${name}: Vec<${v.pascal()}> = Vec::with_capacity(${number});`,
    ],
  };
  return dice.pick(statements[language]);
}

/** The line that opens a function. */
export function writeSignature(language: Language, dice: Dice, v: Vocabulary): string {
  const more = dice.chance(0.5);
  switch (language) {
    case "python":
      return `def ${v.snake()}(self, ${v.noun()}: ${v.pascal()}${more ? `, ${v.snake()}: int = ${dice.integer(0, 99)}` : ""}) -> ${v.pascal()}:`;
    case "typescript":
      return `export async function ${v.camel()}(${v.noun()}: ${v.pascal()}${more ? `, ${v.camel()} = ${dice.integer(0, 99)}` : ""}): Promise<${v.pascal()}> {`;
    case "go":
      return `func (s *${v.pascal()}) ${v.pascal()}(ctx context.Context, ${v.noun()} *${v.pascal()}${more ? `, ${v.camel()} int` : ""}) (*${v.pascal()}, error) {`;
    case "rust":
      return `pub fn ${v.snake()}(&self, ${v.noun()}: &${v.pascal()}${more ? `, ${v.snake()}: usize` : ""}) -> Result<${v.pascal()}, ${v.errorClass()}> {`;
  }
}

/** A comment that says what anyone can see. */
export function writeComment(language: Language, dice: Dice, v: Vocabulary): string {
  const says = dice.pick([
    `${v.verb()} the ${v.noun()} before we go on with the next one`,
    `this part was written a while ago and should be cleaned up at some point`,
    `the ${v.qualifier()} ${v.noun()} is handled further down in this function`,
    `note that the ${v.noun()} may or may not be ${v.qualifier()} here`,
    `helper for the ${v.noun()} below, see above for the general idea`,
    `loop over all of the ${v.noun()}s and ${v.verb()} each of them in turn`,
  ]);
  return language === "python" ? `# ${says}` : `// ${says}`;
}
