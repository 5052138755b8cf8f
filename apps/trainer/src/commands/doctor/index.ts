import { cpus, freemem, release, totalmem } from "node:os";
import { backends, registerGradients } from "@ddpm/backends";
import { reasonOf, type StartedBackend } from "@ddpm/backends/authoring";
import { isDdpmError } from "@ddpm/core";
import { formatBytes } from "@ddpm/core/authoring";
import { type Processors, processors } from "@ddpm/core/node";
import { pictureCodec } from "@ddpm/data/node/authoring";
import { Command } from "commander";
import pc from "picocolors";
import { createReporter } from "../../output/create-reporter.ts";
import type { Reporter } from "../../output/reporter.ts";
import { trainingSpeed } from "../../run/timing/speed.ts";
import { version } from "../../version.ts";
import { labelled } from "./labelled.ts";

/** Seconds of training per backend: enough for a rate, short enough to wait for. */
const SECONDS = 3;

/**
 * `ddpm doctor`: what this machine can do, and why not more; fit for a bug report.
 *
 * @param speedOf images per second that a backend trains
 */
export function doctorCommand(speedOf: typeof trainingSpeed = trainingSpeed): Command {
  return new Command("doctor")
    .addHelpText("after", "\nExamples:\n  ddpm doctor\n  ddpm doctor --json")
    .action(async (_flags, command: Command) => {
      const reporter = createReporter(Boolean(command.optsWithGlobals().json));
      reportMachine(reporter);
      const codec = await examineCodec();
      reporter.event(
        { event: "codec", name: "sharp", ...codec },
        [
          labelled("pictures  ", codec.works ? codec.detail : `${pc.red("absent")} ${codec.detail}`),
          "",
          "backends, in the order that --backend auto tries them:",
        ].join("\n"),
      );
      await registerGradients();
      for (const backend of backends.plugins) {
        const verdict = await examine(() => backends.create(backend.name).start());
        const rate =
          verdict.works && backend.name !== "cpu" ? await speedOf(verdict.started, SECONDS) : undefined;
        const speed =
          rate === undefined ? "" : `, ${Math.round(rate)} images/s training the quickstart's network`;
        reporter.event(
          {
            event: "backend",
            name: backend.name,
            works: verdict.works,
            detail: verdict.detail,
            imagesPerSecond: rate,
          },
          labelled(
            `  ${verdict.works ? pc.green("works ") : pc.red("absent")} ${backend.name.padEnd(9)} `,
            `${verdict.detail}${speed}`,
          ),
        );
      }
    });
}

function reportMachine(reporter: Reporter): void {
  const found = processors();
  const model = cpus()[0]?.model ?? "unknown";
  reporter.event(
    {
      event: "machine",
      ddpm: version,
      node: process.version,
      platform: process.platform,
      arch: process.arch,
      release: release(),
      cpu: model,
      threads: found.count,
      affinity: found.affinity,
      quota: found.quota,
      memory: totalmem(),
      free: freemem(),
    },
    [
      labelled("ddpm      ", version),
      labelled("node      ", process.version),
      labelled("platform  ", `${process.platform} ${process.arch}, ${release()}`),
      labelled("processor ", `${model}, ${describe(found)}`),
      labelled("memory    ", `${formatBytes(totalmem())}, ${formatBytes(freemem())} free`),
    ].join("\n"),
  );
}

/** Whether the library that decodes pictures loads. */
async function examineCodec(): Promise<{ works: boolean; detail: string }> {
  try {
    const { versions } = await pictureCodec();
    return { works: true, detail: `sharp ${versions.sharp} with libvips ${versions.vips}` };
  } catch (error) {
    if (!isDdpmError(error)) throw error;
    return { works: false, detail: withoutPlace(error) };
  }
}

function withoutPlace(error: Error): string {
  return error.message.replace(/^\[[^\]]*\] /, "");
}

/** Threads that backends take when left to choose, and what they follow from. */
function describe({ count, affinity, quota }: Processors): string {
  const text = `${count} thread${count === 1 ? "" : "s"}`;
  if (quota === undefined) return text;
  return `${text}: ${affinity} processors, a control group allows the time of ${Number(quota.toFixed(2))}`;
}

type Verdict =
  | { readonly works: true; readonly started: StartedBackend; readonly detail: string }
  | { readonly works: false; readonly detail: string };

async function examine(start: () => Promise<StartedBackend>): Promise<Verdict> {
  try {
    const started = await start();
    return { works: true, started, detail: started.detail };
  } catch (error) {
    if (!isDdpmError(error)) return { works: false, detail: reasonOf(error) };
    return { works: false, detail: withoutPlace(error) };
  }
}
