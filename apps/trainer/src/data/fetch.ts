import { formatBytes } from "@ddpm/core/authoring";
import { fetchSet, publishedSets } from "@ddpm/data/node";
import { type PublishedSet, publishedSet } from "@ddpm/data/node/authoring";
import pc from "picocolors";
import { createReporter } from "../output/create-reporter.ts";
import { Exit } from "../output/exit.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage } from "../output/usage.ts";

/** Flags of `ddpm data fetch`. */
export interface FetchFlags {
  readonly out: string;
  readonly from?: string;
  readonly keep?: boolean;
  readonly json?: boolean;
}

/**
 * Downloads a published data set; without a name, lists them.
 *
 * @returns the exit status
 */
export async function fetchPublished(name: string | undefined, flags: FetchFlags): Promise<number> {
  const reporter = createReporter(Boolean(flags.json));
  if (name === undefined) {
    list(reporter);
    return Exit.done;
  }
  const set = await asUsage(() => mirrored(publishedSet(name), flags.from));
  return fetched(set, flags, reporter);
}

function list(reporter: Reporter): void {
  for (const { name, about, source, licence, files } of publishedSets) {
    const bytes = files.reduce((sum, file) => sum + (file.bytes ?? Number.NaN), 0);
    const size = Number.isNaN(bytes) ? "" : `, ${formatBytes(bytes)}`;
    reporter.event(
      { event: "set", name, about, source, licence, ...(size ? { bytes } : {}) },
      `  ${pc.cyan(name.padEnd(16))} ${about}${size}\n${" ".repeat(19)}${pc.dim(`${source}; licence: ${licence}`)}`,
    );
  }
}

/** The set with another address for each file, before the known ones. */
function mirrored(set: PublishedSet, from: string | undefined): PublishedSet {
  if (from === undefined) return set;
  const base = from.endsWith("/") ? from : `${from}/`;
  return { ...set, files: set.files.map((file) => ({ ...file, urls: [base + file.name, ...file.urls] })) };
}

/** @returns the exit status */
async function fetched(set: PublishedSet, flags: FetchFlags, reporter: Reporter): Promise<number> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    const how = { signal: stop.signal, interrupt };
    const path = await downloaded(set, flags, reporter, how).finally(() => reporter.close());
    reporter.event(
      { event: "done", name: set.name, path },
      `${set.name} is in ${path} (licence: ${set.licence}). Look at it: ddpm data check ${path}`,
    );
    return Exit.done;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    reporter.event(
      { event: "interrupted", name: set.name },
      "Stopped; the same command resumes the download.",
    );
    return Exit.interrupted;
  } finally {
    process.off("SIGINT", interrupt);
  }
}

async function downloaded(
  set: PublishedSet,
  { out, keep }: FetchFlags,
  reporter: Reporter,
  { signal, interrupt }: { readonly signal: AbortSignal; readonly interrupt: () => void },
): Promise<string> {
  const began = new Map<string, { at: number; from: number }>();
  return fetchSet(set, {
    folder: out,
    keep,
    signal,
    progress({ file, doing, done, total }) {
      if (!began.has(`${doing} ${file}`)) {
        began.set(`${doing} ${file}`, { at: performance.now(), from: done });
        reporter.event(
          { event: doing, file, bytes: total },
          `${doing === "unpack" ? "Unpacking" : "Downloading"} ${file}`,
        );
      }
      // What is half unpacked is of no use: Ctrl-C may end the program at once.
      if (doing === "unpack") process.off("SIGINT", interrupt);
      if (doing === "unpack" || total === undefined) return;
      const { at, from } = began.get(`${doing} ${file}`)!;
      const perSecond = (done - from) / 1000 / Math.max(1e-3, (performance.now() - at) / 1000);
      const [kilobytes, all] = [Math.round(done / 1000), Math.round(total / 1000)];
      reporter.progress({ done: kilobytes, total: all, unit: "kB", perSecond, note: file });
    },
  });
}
