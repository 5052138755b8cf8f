import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process, distinguished from every other one that had or will have its number. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** What numbers of processes belong to: a start of the machine, and a container; empty where it is unknown. */
  readonly space: string;
  /** When it was started, in units of the system; empty where it is unknown. */
  readonly started: string;
}

/** Whether a process still runs; `unknown` for one that cannot be seen from here, such as on another machine. */
export type Life = "running" | "gone" | "unknown";

/** This process. */
export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), space: spaceHere(), started: startOf(process.pid) };
}

/** Whether a process still runs, as far as this one can see. */
export function lifeOf({ pid, host, space, started }: ProcessIdentity): Life {
  if (host !== hostname() || space !== spaceHere()) return "unknown";
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return "gone";
  }
  if (started === "") return "unknown";
  return startOf(pid) === started ? "running" : "gone";
}

function spaceHere(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return "";
  }
}

/** Field 22 of /proc/<pid>/stat, proc(5): clock ticks from the start of the machine to that of the process. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
