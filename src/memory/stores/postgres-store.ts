import type { MemoryStore } from "../types.js";
import { createTableStore, type Table } from "./table-store.js";

/** What is needed of a `Pool` of the package `pg`. */
export interface PostgresPool {
  query(sql: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  connect(): Promise<{
    query(sql: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
    release(): void;
  }>;
}

/** A number that no other program locks by chance: transactions that give out sequences come one after another. */
const lockNumber = 0x62726576;

/**
 * The store of a Postgres database, for memories that several machines share.
 *
 * @param pool a `Pool` of the package `pg`; whoever made it ends it
 */
export async function openPostgresStore(pool: PostgresPool): Promise<MemoryStore> {
  const table: Table = {
    binary: "BYTEA",
    number: "BIGINT",
    run: async (sql, values) => (await pool.query(sql, [...values])).rows,
    async atOnce(work) {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        await client.query("SELECT pg_advisory_xact_lock($1)", [lockNumber]);
        const result = await work(async (sql, values) => (await client.query(sql, [...values])).rows);
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK");
        throw error;
      } finally {
        client.release();
      }
    },
    async close() {},
  };
  return createTableStore(table);
}
