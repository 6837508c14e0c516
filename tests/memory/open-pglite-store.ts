import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import pg from "pg";
import { type MemoryStore, openPostgresStore } from "../../src/memory/index.js";

let started: Promise<pg.Pool> | undefined;

/** A Postgres for all tests of a file; it ends with the process that runs them. */
async function startPostgres() {
  const database = await PGlite.create();
  const server = new PGLiteSocketServer({ db: database, host: "127.0.0.1", port: 0 });
  const port = new Promise<number>((resolve) =>
    server.addEventListener("listening", (event) => resolve((event as CustomEvent<{ port: number }>).detail.port)),
  );
  await server.start();
  // PGlite serves one connection at a time.
  const host = "127.0.0.1";
  return new pg.Pool({ host, port: await port, user: "postgres", database: "postgres", max: 1, idleTimeoutMillis: 0 });
}

/** An empty store through the real driver, over a socket. */
export async function openPgliteStore(): Promise<MemoryStore> {
  started ??= startPostgres();
  const pool = await started;
  await pool.query("DROP TABLE IF EXISTS brevis_memory; DROP TABLE IF EXISTS brevis_forgotten");
  return openPostgresStore(pool);
}
