/** What a secret is, as its placeholder says it. */
export type SecretKind = "KEY" | "SECRET" | "EMAIL" | "LOGIN" | "TOKEN" | "CARD";

/** A pattern of secrets; where it has a group `secret`, that alone is one. */
export interface SecretShape {
  readonly kind: SecretKind;
  readonly pattern: RegExp;
  /** A match for which it does not hold is none. */
  readonly accept?: (secret: string, match: RegExpMatchArray) => boolean;
}

/*
 * Each pattern runs in time that is linear in the text: every repetition is bounded or over characters that the next part excludes.
 * Prefixes are those that their issuers publish for scanners of secrets.
 */

/** Up to its END line; to the end of what looks like its body where that is missing, as in a text that was cut. */
const privateKeys: SecretShape = {
  kind: "KEY",
  pattern:
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]{0,20000}-----END [A-Z0-9 ]{0,40}-----|[A-Za-z0-9+/=\s:,.()-]{0,20000})/gu,
};

const prefixed: SecretShape = {
  kind: "TOKEN",
  pattern: new RegExp(
    [
      "sk-(?:ant|proj|or|svcacct|admin|lf)-[A-Za-z0-9_-]{8,400}",
      "(?<![A-Za-z0-9])[sprt]k-(?=[A-Za-z0-9_-]{0,40}[0-9A-Z])[A-Za-z0-9_-]{12,400}",
      "(?<![A-Za-z0-9])tml-[A-Za-z0-9_-]{8,400}",
      "(?<![A-Za-z0-9])[tsrpw](?:k|hsec)_[A-Za-z0-9_]{8,200}",
      "gh[opusr]_[A-Za-z0-9]{16,300}",
      "github_pat_[A-Za-z0-9_]{20,300}",
      "gl(?:pat|ptt|soat|dt|rt|cbt|imt|agent)-[A-Za-z0-9_-]{12,300}",
      "(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{12,24}",
      "AIza[A-Za-z0-9_-]{30,60}",
      "ya29\\.[A-Za-z0-9_-]{16,1000}",
      "GOCSPX-[A-Za-z0-9_-]{16,60}",
      "xox[abeoprs]-[A-Za-z0-9-]{8,300}",
      "xapp-[A-Za-z0-9-]{8,300}",
      "(?<![A-Za-z0-9])hf_[A-Za-z0-9]{16,100}",
      "(?<![A-Za-z0-9])npm_[A-Za-z0-9]{20,100}",
      "pypi-[A-Za-z0-9_-]{16,400}",
      "SG\\.[A-Za-z0-9_-]{10,60}\\.[A-Za-z0-9_-]{10,100}",
      "(?:do[opr]_v1|shp(?:at|ca|pa|ss)|dckr_pat|sntrys|pat|hvs|hvb|lin_api|dapi|rpa|nvapi|gsk|xai|pplx|r8|fly|FlyV1|sbp|vercel|figd|PMAK|glsa|NRAK|key)[_.-](?=[A-Za-z0-9_-]{0,24}[0-9])[A-Za-z0-9_-]{16,300}",
      "AGE-SECRET-KEY-1[A-Z0-9]{20,100}",
      "eyJ[A-Za-z0-9_-]{8,4000}(?:\\.[A-Za-z0-9_-]{2,4000}){0,4}",
      "hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{8,200}",
      "discord(?:app)?\\.com/api/webhooks/[0-9]{5,30}/[A-Za-z0-9_-]{8,200}",
      "(?<![0-9])[0-9]{8,10}:AA[A-Za-z0-9_-]{30,40}",
    ].join("|"),
    "gu",
  ),
};

const emails: SecretShape = {
  kind: "EMAIL",
  pattern:
    /(?:"[^"\n]{1,64}"|[\p{L}\p{N}\p{M}._%+'~-]{1,64})@(?:[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}-]{0,62})\.){1,8}(?:xn--[a-z0-9-]{2,59}|[\p{L}\p{M}]{2,63})/gu,
};

/** Also a password that holds a slash, which a browser would not take. */
const logins: SecretShape = {
  kind: "LOGIN",
  pattern:
    /[A-Za-z][A-Za-z0-9+.-]{0,20}:\/\/(?<secret>(?:[^\s/?#"'<>`]{1,256}|[^\s/@:"'<>`]{0,128}:[^\s@"'<>`]{1,256}))@(?=[\p{L}\p{N}[_%$-])/gu,
};

const schemes: SecretShape = {
  kind: "SECRET",
  pattern:
    /(?<![A-Za-z])(?:bearer|basic|token|digest|negotiate|apikey|aws4-hmac-sha256)[ \t]{1,4}(?<secret>[A-Za-z0-9._~+/=:-]{6,4000})/giu,
  accept: (secret) => /[0-9]/u.test(secret) || /[a-z][A-Z]|[_=+/-]/u.test(secret) || secret.length >= 24,
};

const headers: SecretShape = {
  kind: "SECRET",
  pattern:
    /(?<![A-Za-z])(?:(?:proxy-)?authorization|(?:set-)?cookie)["'`]?[ \t]{0,4}[:=][ \t]{0,4}["'`]?(?<secret>[^\n"'`]{4,4000})/giu,
};

/** Names that say that what follows is secret, whatever it looks like. */
const strongNames =
  "passw(?:or)?d|passwd|passphrase|pwd|secret|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|account[_-]?key|auth[_-]?key|auth[_-]?token|access[_-]?token|refresh[_-]?token|id[_-]?token|session[_-]?(?:id|key|token)|credentials?|client[_-]?secret|connection[_-]?string|x-amz-(?:signature|security-token|credential)";
/** Names that also stand for what is no secret. */
const weakNames = "tokens?|sig|signature|auth|nonce|otp|pin|salt|jwt|sid";

const assignment = "[A-Za-z0-9_-]{0,20}[\"'`\\]]{0,2}[ \\t]{0,8}(?::=|=>|==?|:)[ \\t\\r\\n]{0,8}";
const value =
  "(?:\"(?<a>[^\"\\n]{1,1000})\"|'(?<b>[^'\\n]{1,1000})'|`(?<c>[^`\\n]{1,1000})`|(?<d>[^\\s,;&\"'`<>(){}[\\]]{1,1000}))(?<call>\\()?";
/** What stands where a secret would: names of types, places to fill in, what a redaction left. */
const noSecret =
  /^(?:null|nil|none|undefined|true|false|yes|no|str|string|int|integer|number|bool|boolean|bytes|any|unknown|void|object|optional|required|char|text|varchar|\.{2,}|[*•x-]{2,}|<[^>]*>|\$.*|%.*%|\{\{.*|process\.env.*|os\.(?:environ|getenv).*|import\.meta.*|REDACTED.*)$/iu;

const strongAssignments: SecretShape = {
  kind: "SECRET",
  pattern: new RegExp(`(?:${strongNames})${assignment}${value}`, "giu"),
  accept: (secret, match) => match.groups?.call === undefined && secret.length >= 3 && !noSecret.test(secret),
};

const weakAssignments: SecretShape = {
  kind: "SECRET",
  pattern: new RegExp(
    `(?<![A-Za-z])(?:[A-Za-z0-9]{0,20}[_-])?(?:${weakNames})["'\`\\]]{0,2}[ \\t]{0,4}(?:=|:)[ \\t]{0,4}${value}`,
    "giu",
  ),
  accept: (secret, match) =>
    match.groups?.call === undefined &&
    secret.length >= 6 &&
    /[0-9]/u.test(secret) &&
    /[A-Za-z]/u.test(secret) &&
    !noSecret.test(secret) &&
    !/\s/u.test(secret),
};

const spoken: SecretShape = {
  kind: "SECRET",
  pattern:
    /(?:passw(?:or)?d|passphrase|passcode|api key|secret(?: key)?|pin)[ \t]{1,3}(?:is|was|are|to|becomes)[ \t]{0,2}:?[ \t]{1,3}["'`]?(?<secret>[^\s"'`]{4,200})/giu,
  accept: (secret) => /[0-9]|[^A-Za-z.,;:!?]/u.test(secret.replace(/[.,;:!?]+$/u, "")) && !noSecret.test(secret),
};

const flags: SecretShape = {
  kind: "SECRET",
  pattern: new RegExp(
    `(?:--?(?:[a-z0-9]{1,20}-){0,3}(?:${strongNames}|token|pass)[ \\t]{1,4}["'\`]?(?<a>[^\\s"'\`-][^\\s"'\`]{2,1000})|(?<![A-Za-z-])(?:-u|--user|--proxy-user)[ \\t]{1,4}["'\`]?(?<b>[^\\s:"'\`]{1,100}:[^\\s"'\`]{1,400}))`,
    "giu",
  ),
  accept: (secret) => !noSecret.test(secret),
};

const elements: SecretShape = {
  kind: "SECRET",
  pattern: new RegExp(
    `<[A-Za-z0-9_:.-]{0,40}(?:${strongNames}|token)[A-Za-z0-9_-]{0,20}>(?<secret>[^<>]{2,1000})</`,
    "giu",
  ),
  accept: (secret) => !noSecret.test(secret.trim()),
};

const cards: SecretShape = {
  kind: "CARD",
  pattern: /(?<![0-9.-])[3-6][0-9]{3}(?:[ -]?[0-9]{2,6}){2,4}(?![0-9.-])/gu,
  accept: (secret) => isCardNumber(secret.replace(/[ -]/gu, "")),
};

/** Shapes in the order in which their placeholders win where two overlap. */
export const secretShapes: readonly SecretShape[] = [
  privateKeys,
  logins,
  headers,
  prefixed,
  emails,
  schemes,
  strongAssignments,
  flags,
  elements,
  spoken,
  weakAssignments,
  cards,
];

/** Of 13 to 19 digits, the last of which checks the others (ISO/IEC 7812-1, annex B). */
function isCardNumber(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19) return false;
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const doubled = at % 2 === 1 ? 2 * Number(digit) : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
