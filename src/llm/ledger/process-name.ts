import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Names a process so that others can see whether it is gone: host, id, and when it began where the system says so. */
export function processName(): string {
  return `${hostname()}:${process.pid}:${startOf(process.pid)}`;
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
  return start !== "" && start !== startOf(Number(pid));
}

/** Field 22 of /proc/PID/stat, in the kernel's ticks; empty where there is no such file. */
function startOf(pid: number): string {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
