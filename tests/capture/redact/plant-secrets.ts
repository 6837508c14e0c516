import fc from "fast-check";

/** A secret that was planted, as it must never be seen again. */
export interface Planted {
  readonly secret: string;
  /** The secret as a text holds it: with the name, scheme or address that it belongs to. */
  readonly written: string;
}

const base62 = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"];
const base64 = [...base62, "+", "/"];
const of = (alphabet: readonly string[], minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const bare = (secret: fc.Arbitrary<string>) => secret.map((each): Planted => ({ secret: each, written: each }));
const within = (secret: fc.Arbitrary<string>, ...forms: readonly ((secret: string) => string)[]) =>
  fc.tuple(secret, fc.constantFrom(...forms)).map(([each, form]): Planted => ({ secret: each, written: form(each) }));

/** A password of a person: letters and digits, with a mark or two. */
const password = fc
  .tuple(
    of([..."abcdefghijkmnopqrstuvwxyz"], 4, 10),
    of([..."0123456789"], 2, 4),
    fc.constantFrom("!", "_", "#", "$", ""),
  )
  .map(([word, digits, mark]) => `${word}${mark}${digits}`);

const privateKey = fc
  .tuple(
    fc.constantFrom("", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "),
    fc.array(of(base64, 64), { minLength: 3, maxLength: 8 }),
  )
  .map(([name, lines]): Planted => {
    const written = `-----BEGIN ${name}PRIVATE KEY-----\n${lines.join("\n")}\n-----END ${name}PRIVATE KEY-----`;
    return { secret: lines[1]!, written };
  });

/** Secrets of every shape that is promised. */
export const planted: fc.Arbitrary<Planted> = fc.oneof(
  privateKey,
  bare(of(base62, 24, 90).map((rest) => `sk-ant-api03-${rest}`)),
  bare(of(base62, 40, 48).map((rest) => `sk-proj-${rest}`)),
  bare(of(base62, 36).map((rest) => `ghp_${rest}`)),
  bare(of([..."ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"], 16).map((rest) => `AKIA${rest}`)),
  bare(of(base62, 35).map((rest) => `AIza${rest}`)),
  bare(of([..."0123456789"], 11).map((rest) => `xoxb-${rest}-${rest}-AbCdEfGh12345678`)),
  bare(fc.tuple(of(base62, 30), of(base62, 60), of(base62, 43)).map(([a, b, c]) => `eyJ${a}.eyJ${b}.${c}`)),
  bare(of([..."0123456789abcdef"], 40).filter((hex) => /[0-9]/u.test(hex))),
  bare(of(base62, 32, 64)),
  within(
    password,
    (each) => `password=${each}`,
    (each) => `"password": "${each}"`,
    (each) => `DB_PASSWORD='${each}'`,
    (each) => `  passwd: ${each}`,
    (each) => `mysql --password ${each} -h db`,
    (each) => `<password>${each}</password>`,
    (each) => `curl -u admin:${each} host`,
    (each) => `client_secret=${each}&grant_type=x`,
    (each) => `postgres://admin:${each}@db.internal:5432/app`,
    (each) => `https://${each}@git.example.org/x.git`,
    (each) => `Cookie: session=${each}; theme=dark`,
    (each) => `the password is ${each}`,
  ),
  within(
    of(base62, 20, 40).map((each) => `${each}9`),
    (each) => `Authorization: Bearer ${each}`,
    (each) => `x-api-key: ${each}`,
    (each) => `{"api_key":"${each}"}`,
    (each) => `https://api.example.com/v1?access_token=${each}&page=2`,
  ),
  bare(
    fc
      .tuple(
        of([..."abcdefghijklmnop.-_"], 3, 12),
        fc.constantFrom("example.com", "mail.münchen.de", "corp.co.uk", "xn--bcher-kva.ch"),
      )
      .filter(([name]) => /^[a-z].*[a-z]$/u.test(name))
      .map(([name, domain]) => `${name}@${domain}`),
  ),
  bare(fc.constantFrom("4111 1111 1111 1111", "5500-0000-0000-0004", "378282246310005")),
);

const escapeAll = (text: string, form: (code: number) => string, which: RegExp) =>
  text.replace(which, (unit) => form(unit.charCodeAt(0)));
const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");

/** Ways in which a text reaches an application; each is undone by what reads it. */
export const encodings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify(text),
  "json in json": (text) => JSON.stringify({ body: JSON.stringify({ text }) }),
  "json with every mark escaped": (text) => escapeAll(text, (code) => `\\u${hex(code, 4)}`, /[^A-Za-z0-9]/gu),
  "json with slashes escaped": (text) => JSON.stringify(text).replaceAll("/", "\\/"),
  url: (text) => encodeURIComponent(text.toWellFormed()),
  "url twice": (text) => encodeURIComponent(encodeURIComponent(text.toWellFormed())),
  html: (text) => escapeAll(text, (code) => `&#${code};`, /[^A-Za-z0-9\s]/gu),
  "html in hexadecimal": (text) => escapeAll(text, (code) => `&#x${hex(code, 2)};`, /[@:/&"'<>]/gu),
  "with nul between letters": (text) => [...text].join("\0"),
  "with characters of no width": (text) => text.replace(/(.{3})/gu, "$1\u200b"),
};

/** What a reader sees who undoes the escapes of a text: every level of them, so that nothing hides below one. */
export function readAll(text: string): string[] {
  const levels = [text];
  for (let level = 0; level < 5; level++) {
    const last = levels.at(-1)!;
    levels.push(
      last
        .replace(/[\0\u200b]/gu, "")
        .replace(/\\u([0-9a-fA-F]{4})/gu, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
        .replace(/\\n/gu, "\n")
        .replace(/\\(["'/\\])/gu, "$1")
        .replace(/%([0-9A-Fa-f]{2})/gu, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
        .replace(/&#(\d+);/gu, (_, code: string) => String.fromCharCode(Number(code)))
        .replace(/&#x([0-9a-f]+);/gu, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    );
  }
  return levels;
}
