import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { posix } from "node:path";

/** Reads a file as text; throws where there is none. */
export type ReadText = (path: string) => string;

/** What limits the threads of this process. */
export interface Processors {
  /** Threads to use: `affinity`, or `quota` rounded down where that is less; at least 1. */
  readonly count: number;
  /** Logical processors that the process may be scheduled on. */
  readonly affinity: number;
  /** Processor time per second that its control groups allow, e.g. 0.5; not there when it is not limited. */
  readonly quota?: number;
}

const ROOT = "/sys/fs/cgroup";

/**
 * Processors that this process may use: its affinity, and on Linux the quota of its control groups (version 1
 * `cpu.cfs_quota_us`, version 2 `cpu.max`), which `availableParallelism` leaves out.
 *
 * Source: Linux, Documentation/scheduler/sched-bwc.rst and Documentation/admin-guide/cgroup-v2.rst.
 */
export function processors(
  read: ReadText = (path) => readFileSync(path, "utf8"),
  affinity: number = availableParallelism(),
): Processors {
  const quota = smallestQuota(read);
  if (quota === undefined) return { count: affinity, affinity };
  return { count: Math.max(1, Math.min(affinity, Math.floor(quota))), affinity, quota };
}

/** The smallest quota of the process' control group and all those around it. */
function smallestQuota(read: ReadText): number | undefined {
  const text = (path: string): string | undefined => {
    try {
      return read(path).trim();
    } catch {
      return undefined;
    }
  };
  const quotas = foldersOf(text("/proc/self/cgroup") ?? "").flatMap((folder) => {
    const quota =
      quotaOf(text(`${folder}/cpu.max`)?.split(/\s+/)) ??
      quotaOf([text(`${folder}/cpu.cfs_quota_us`), text(`${folder}/cpu.cfs_period_us`)]);
    return quota === undefined ? [] : [quota];
  });
  return quotas.length > 0 ? Math.min(...quotas) : undefined;
}

/** Processor time allowed per period, or undefined for "max", -1 and what is not there. */
function quotaOf([quota, period]: readonly (string | undefined)[] = []): number | undefined {
  const [allowed, whole] = [Number(quota), Number(period ?? 100_000)];
  return allowed > 0 && whole > 0 ? allowed / whole : undefined;
}

/**
 * Folders of a process' control groups, innermost first, from the lines `id:controllers:path` of /proc/self/cgroup; inside a
 * container the path may not be mounted, and the root is its own group.
 */
function foldersOf(lines: string): readonly string[] {
  const mounts = lines.split("\n").flatMap((line) => {
    const [, controllers, ...path] = line.split(":");
    if (controllers === "") return [{ mounts: [ROOT, `${ROOT}/unified`], path: path.join(":") }];
    if (!controllers?.split(",").includes("cpu")) return [];
    return [
      { mounts: [`${ROOT}/cpu`, `${ROOT}/cpu,cpuacct`, `${ROOT}/${controllers}`], path: path.join(":") },
    ];
  });
  const around = (path: string): string[] =>
    path === "/" || path === "." ? [""] : [path, ...around(posix.dirname(path))];
  const listed = mounts.flatMap(({ mounts: roots, path }) =>
    roots.flatMap((root) => around(path).map((at) => root + at)),
  );
  return [...new Set([...listed, ROOT, `${ROOT}/cpu`])];
}
