import type { TaskKinds } from "../../../queue/start-queue-worker.js";

/** What a worker can do: each job that takes `--queue` has its kind here, loaded with its first task. */
export const taskKinds: TaskKinds = {
  compress: async () => (await import("./compress-kind.js")).compressKind,
  "generate.ask": async () => (await import("../../../generate/pairs/ask-task.js")).askTask,
  validate: async () => (await import("../../../validate/run/validate-kind.js")).validateKind,
};
