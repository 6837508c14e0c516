import { readFileSync } from "node:fs";

/**
 * When a process began, in the kernel's ticks: with it, another process that has got the id of a dead one is told from it. Field 22 of
 * /proc/PID/stat, https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; undefined where there is no such file.
 */
export function readProcessStart(pid: number): string | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is a name in brackets, with any characters in it.
    return line.slice(line.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
