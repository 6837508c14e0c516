import { hostname } from "node:os";
import { readProcessStart } from "../../files/process-start.js";

/** Names a process so that others can see whether it is gone: host, id, and when it began where the system says so. */
export function processName(): string {
  return `${hostname()}:${process.pid}:${readProcessStart(process.pid) ?? ""}`;
}

/** Whether a process is known to be gone. Of those on other machines nothing is known. */
export function isProcessGone(name: string): boolean {
  const [host, pid, start] = name.split(":");
  if (host !== hostname() || !pid) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  // Another process may have got the same id since.
  return start !== "" && start !== (readProcessStart(Number(pid)) ?? "");
}
