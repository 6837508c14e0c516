import { setTimeout } from "node:timers/promises";
import { BrevisError } from "../../errors.js";
import type { MemoryStore } from "../types.js";
import { createTableStore, type Table } from "./table-store.js";

/**
 * The store of one SQLite file, which several processes may open at once. Needs the package `libsql`, whose packages carry its binary.
 *
 * @param path the file, made where it is not; `:memory:` keeps nothing
 * @throws {BrevisError} `model-missing` where `libsql` is not installed, `store-corrupt` for a file that is no such store
 */
export async function openSqliteStore(path: string): Promise<MemoryStore> {
  const { default: Database } = await import("libsql").catch((cause: unknown) => {
    throw new BrevisError(
      "invalid-input",
      "Expected the package `libsql` for a memory in a file but it is not there.",
      {
        hint: "Run `npm install libsql`, or give openMemory a store of your own.",
        cause,
      },
    );
  });
  try {
    const database = new Database(path);
    // Waiting inside SQLite would stop the whole process, and with it a transaction of its own that is waited for.
    database.pragma("busy_timeout = 0");
    await whileBusy(() => database.pragma("journal_mode = WAL"));
    const table: Table = {
      binary: "BLOB",
      number: "INTEGER",
      async run(sql, values) {
        const statement = database.prepare(withQuestionMarks(sql));
        const plain = values.map((value) => (typeof value === "boolean" ? Number(value) : value));
        if (/\bRETURNING\b|^\s*SELECT\b/iu.test(sql)) return statement.all(...plain) as Record<string, unknown>[];
        statement.run(...plain);
        return [];
      },
      async atOnce(work) {
        await whileBusy(() => database.exec("BEGIN IMMEDIATE"));
        try {
          const result = await work(table.run);
          database.exec("COMMIT");
          return result;
        } catch (error) {
          database.exec("ROLLBACK");
          throw error;
        }
      },
      async close() {
        database.close();
      },
    };
    return await createTableStore(table);
  } catch (cause) {
    if (cause instanceof BrevisError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BrevisError("store-corrupt", `Expected a memory in the SQLite file ${path} but: ${reason}.`, {
      hint: "Name another file, or move this one away.",
      cause,
    });
  }
}

/** Waits for others that write: 10 ms at a time, 15 s in all. */
async function whileBusy(begin: () => void): Promise<void> {
  for (let left = 1500; ; left--) {
    try {
      return begin();
    } catch (error) {
      const isBusy = /busy|locked/iu.test(`${(error as { code?: string }).code} ${(error as Error).message}`);
      if (!isBusy || left === 0) throw error;
      await setTimeout(10);
    }
  }
}

/** `$1` is Postgres's way to name a value; SQLite takes `?1`. */
function withQuestionMarks(sql: string): string {
  return sql.replace(/\$(\d+)/gu, "?$1");
}
