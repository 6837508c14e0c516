/** `brevis/memory`: an agent's memory, compressed when it is written and packed into a token budget. */
export { openMemory } from "./open-memory.js";
export { openPostgresStore, type PostgresPool } from "./stores/postgres-store.js";
export { openSqliteStore } from "./stores/sqlite-store.js";
export type {
  AddedMemory,
  AddOptions,
  Embed,
  Memory,
  MemoryOptions,
  MemoryRecord,
  MemoryStats,
  MemoryStore,
  Metadata,
  NewRecord,
  PackedItem,
  PackedMemories,
  PackOptions,
  RecordChange,
  StoreChange,
} from "./types.js";
