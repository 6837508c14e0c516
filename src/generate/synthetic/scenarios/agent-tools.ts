import type { Scenario } from "../make-pair.js";
import { type DraftUnit, detail, drop, line, lines, Rank, say } from "../say.js";
import { writeRecord } from "./mcp-tool-call.js";
import { extensions, languages, writeComment, writeSignature, writeStatement } from "./write-code.js";

/** What a shell prints: listings, logs of commits, builds. */
export const bashOutput: Scenario = {
  name: "bash_output",
  domain: "mixed",
  write(dice, v) {
    const units: DraftUnit[] = [];
    const form = dice.integer(0, 3);
    const owner = v.firstName().toLowerCase();
    units.push(
      line(
        Rank.ordinary,
        say`$ ${["ls -la", "git log --oneline", "cargo build", "df -h"][form]!} ${dice.chance(0.5) ? dice.pick(["src", "lib", "."]) : ""}`,
      ),
    );
    if (form === 0) units.push(line(Rank.noise, say`total ${dice.integer(8, 900)}`));
    const count = dice.integer(6, 20);
    for (let at = 0; at < count; at++) {
      if (form === 0)
        units.push(
          line(
            Rank.ordinary,
            say`${detail`${dice.pick(["-rw-r--r--", "drwxr-xr-x", "-rwxr-xr-x"])}  ${dice.integer(1, 9)} ${owner} staff  `}${dice.integer(10, 99999)} ${detail`${v.date()} ${v.clock().slice(0, 5)} `}${v.snake()}.${dice.pick(["py", "ts", "md", "lock", "json"])}`,
          ),
        );
      else if (form === 1)
        units.push(
          line(
            Rank.ordinary,
            say`${v.hash(7)} ${dice.pick(["fix", "feat", "chore", "docs"])}(${v.noun()}): ${v.verb()} ${v.qualifier()} ${v.noun()}${drop` as was discussed before`}`,
          ),
        );
      else if (form === 2)
        units.push(
          dice.chance(0.8)
            ? line(Rank.noise, say`   Compiling ${v.snake()} v${v.version()}`)
            : line(Rank.important, say`warning: unused variable: \`${v.snake()}\``),
        );
      else
        units.push(
          line(
            Rank.ordinary,
            say`/dev/${v.noun()}${at}  ${dice.integer(10, 900)}G  ${dice.integer(1, 900)}G  ${dice.integer(1, 99)}% /${v.noun()}/${v.noun()}`,
          ),
        );
    }
    if (form === 2) {
      units.push(line(Rank.evidence, say`error[E0${dice.integer(100, 799)}]: cannot ${v.verb()} \`${v.snake()}\``));
      units.push(line(Rank.important, say`  --> ${v.path("rs")}:${dice.integer(1, 900)}:${dice.integer(1, 80)}`));
      units.push(
        line(
          Rank.evidence,
          say`error: could not compile \`${v.snake()}\` due to ${dice.integer(1, 9)} previous errors`,
        ),
      );
    }
    units.push(...lines(Rank.noise, [""]));
    return units;
  },
};

/** A source file as an agent reads it, often with line numbers. */
export const fileRead: Scenario = {
  name: "file_read",
  domain: "code",
  write(dice, v) {
    const language = dice.pick(languages);
    const units: DraftUnit[] = [
      line(Rank.noise, drop`Reading the file to understand how the current implementation works`),
    ];
    let number = dice.integer(1, 400);
    const numbered = dice.chance(0.6);
    const put = (rank: number, text: string) => {
      const prefix = numbered ? detail`${String(number).padStart(5)}  ` : [];
      number++;
      units.push(line(rank, say`${prefix}${text}`));
    };
    units.push(line(Rank.important, say`${v.path(extensions[language])}`));
    const functions = dice.integer(2, 4);
    for (let at = 0; at < functions; at++) {
      if (dice.chance(0.7)) put(Rank.noise, writeComment(language, dice, v));
      put(Rank.important, writeSignature(language, dice, v));
      const statements = dice.integer(3, 8);
      for (let part = 0; part < statements; part++) {
        const isComment = dice.chance(0.2);
        put(
          isComment ? Rank.noise : Rank.ordinary,
          `    ${isComment ? writeComment(language, dice, v) : writeStatement(language, dice, v)}`,
        );
      }
      if (language !== "python") put(Rank.noise, "}");
      put(Rank.noise, "");
    }
    return units;
  },
};

/** A stack trace with the log lines around it. */
export const errorTrace: Scenario = {
  name: "error_trace",
  domain: "mixed",
  write(dice, v) {
    const units: DraftUnit[] = [];
    const log = () =>
      line(
        Rank.noise,
        say`${v.timestamp()} ${dice.pick(["INFO", "DEBUG"])} ${v.service()} ${v.verb()} ${v.noun()} took ${dice.integer(1, 900)} ms`,
      );
    units.push(...dice.several(2, 6, log));
    const error = v.errorClass();
    const says = `${v.noun()} ${dice.integer(1, 99999)} is ${v.qualifier()}`;
    const isLibrary = () => dice.chance(0.5);
    const form = dice.integer(0, 2);
    if (form === 0) {
      units.push(line(Rank.important, say`Traceback (most recent call last):`));
      const frames = dice.integer(3, 7);
      for (let at = 0; at < frames; at++) {
        const rank = at === frames - 1 ? Rank.evidence : isLibrary() ? Rank.noise : Rank.ordinary;
        units.push(
          line(
            rank,
            say`  File "${rank === Rank.noise ? `/usr/lib/python3/dist-packages/${v.snake()}.py` : v.path("py")}", line ${dice.integer(1, 900)}, in ${v.snake()}`,
          ),
        );
        units.push(line(Math.min(rank, Rank.ordinary), say`    ${writeStatement("python", dice, v)}`));
      }
      units.push(line(Rank.evidence, say`${error}: ${says}`));
    } else {
      const java = form === 1;
      units.push(
        line(
          Rank.evidence,
          java ? say`Exception in thread "main" com.${v.noun()}.${error}: ${says}` : say`${error}: ${says}`,
        ),
      );
      const frames = dice.integer(4, 10);
      for (let at = 0; at < frames; at++) {
        const library = at > 0 && isLibrary();
        const place = java
          ? `${library ? "java.base/java.util.concurrent" : `com.${v.noun()}`}.${v.pascal()}.${v.camel()}(${v.pascal()}.java:${dice.integer(1, 900)})`
          : `${v.camel()} (${library ? `node_modules/${v.service()}/index.js` : v.path("ts")}:${dice.integer(1, 900)}:${dice.integer(1, 80)})`;
        units.push(line(library ? Rank.noise : at === 0 ? Rank.important : Rank.ordinary, say`    at ${place}`));
      }
    }
    units.push(...dice.several(1, 4, log));
    return units;
  },
};

/** Matches of a search over a repository. */
export const searchResult: Scenario = {
  name: "search_result",
  domain: "code",
  write(dice, v) {
    const language = dice.pick(languages);
    const target = v.camel();
    const units: DraftUnit[] = [
      line(Rank.noise, drop`Searching through the whole repository for every place where this name is used`),
    ];
    const files = dice.integer(2, 6);
    for (let at = 0; at < files; at++) {
      const path = v.path(extensions[language]);
      const matches = dice.integer(1, 6);
      for (let match = 0; match < matches; match++) {
        const isDefinition = match === 0 && dice.chance(0.3);
        const code = isDefinition ? writeSignature(language, dice, v) : writeStatement(language, dice, v);
        units.push(
          line(
            isDefinition ? Rank.important : Rank.ordinary,
            say`${path}:${dice.integer(1, 900)}:    ${code} ${drop`${language === "python" ? "#" : "//"} ${v.closer()}`}`,
          ),
        );
      }
    }
    units.push(line(Rank.important, say`${target}: ${dice.integer(2, 90)} matches in ${files} files`));
    return units;
  },
};

/** The answer of an HTTP API or a tool, pretty-printed or a record a line. */
export const jsonToolResult: Scenario = {
  name: "json_tool_result",
  domain: "mixed",
  write(dice, v) {
    if (dice.chance(0.5)) {
      const records = dice.several(6, 16, (at) =>
        line(at === 0 ? Rank.important : Rank.ordinary, say`${writeRecord(dice, v)}`),
      );
      return [
        line(Rank.important, say`{"status": "${dice.pick(["ok", "partial", "failed"])}", "count": ${records.length}}`),
        ...records,
      ];
    }
    const units: DraftUnit[] = lines(Rank.ordinary, ["{"]);
    units.push(line(Rank.important, say`  "request_id": "${v.uuid()}",`));
    const groups = dice.integer(3, 6);
    for (let at = 0; at < groups; at++) {
      units.push(line(Rank.important, say`  "${v.snake()}": {`));
      const fields = dice.integer(2, 5);
      for (let field = 0; field < fields; field++) {
        units.push(
          dice.pick([
            () => line(Rank.ordinary, say`    "${v.snake()}": ${dice.integer(0, 99999)},`),
            () => line(Rank.ordinary, say`    "${v.snake()}": "${v.qualifier()}",`),
            () => line(Rank.noise, drop`    "comment": "${v.filler()} nothing to see here",`),
            () => line(Rank.noise, say`    "${v.snake()}": null,`),
            () => line(Rank.ordinary, say`    "${v.snake()}": "${v.url()}",`),
          ])(),
        );
      }
      units.push(line(Rank.noise, say`  },`));
    }
    if (dice.chance(0.4))
      units.push(line(Rank.evidence, say`  "error": "${v.errorClass()}: ${v.noun()} is not ${v.qualifier()}"`));
    units.push(...lines(Rank.ordinary, ["}"]));
    return units;
  },
};
