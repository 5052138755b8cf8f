import { describe, expect, it } from "vitest";
import { processors } from "../src/node/index.ts";

/** Control groups as files; what is not named is not there. */
const files =
  (texts: Readonly<Record<string, string>>) =>
  (path: string): string => {
    const text = texts[path];
    if (text === undefined) throw new Error(`ENOENT ${path}`);
    return text;
  };

const V1 = "4:memory:/x\n2:cpu,cpuacct:/docker/abc\n1:name=systemd:/\n";

describe("the processors that a process may use", () => {
  it.each([
    ["no control groups", {}, 8, 8, undefined],
    [
      "version 2, no quota",
      { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "max 100000\n" },
      8,
      8,
      undefined,
    ],
    [
      "version 2, half of one",
      { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "50000 100000\n" },
      8,
      1,
      0.5,
    ],
    [
      "version 2, two and a half",
      { "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/cpu.max": "250000 100000\n" },
      8,
      2,
      2.5,
    ],
    [
      "version 2, another period",
      { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "150000 50000\n" },
      8,
      3,
      3,
    ],
    [
      "version 2, less in the group around it",
      {
        "/proc/self/cgroup": "0::/a/b\n",
        "/sys/fs/cgroup/a/cpu.max": "100000 100000",
        "/sys/fs/cgroup/a/b/cpu.max": "400000 100000",
      },
      8,
      1,
      1,
    ],
    [
      "version 2, a path that is not mounted",
      { "/proc/self/cgroup": "0::/../../c\n", "/sys/fs/cgroup/cpu.max": "200000 100000" },
      8,
      2,
      2,
    ],
    [
      "version 1, half of one",
      {
        "/proc/self/cgroup": V1,
        "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      },
      2,
      1,
      0.5,
    ],
    [
      "version 1, in its own folder",
      {
        "/proc/self/cgroup": V1,
        "/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us": "300000",
        "/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us": "100000",
      },
      8,
      3,
      3,
    ],
    [
      "version 1, no quota",
      {
        "/proc/self/cgroup": V1,
        "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
      },
      8,
      8,
      undefined,
    ],
    [
      "a quota above the affinity",
      { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "6400000 100000" },
      2,
      2,
      64,
    ],
    [
      "text that is no quota",
      { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "often" },
      4,
      4,
      undefined,
    ],
  ] as const)("%s", (_, texts, affinity, count, quota) => {
    const found = processors(files(texts), affinity);
    expect(found.count).toBe(count);
    expect(found.affinity).toBe(affinity);
    expect(found.quota).toBe(quota);
  });

  it("is at least one here", () => {
    expect(processors().count).toBeGreaterThanOrEqual(1);
  });
});
