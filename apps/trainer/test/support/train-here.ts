import { parseRun } from "@ddpm/runs";
import type { ReportedEvent, Reporter } from "../../src/output/reporter.ts";
import { runFolder } from "../../src/run/folder.ts";
import { prepare } from "../../src/run/prepare.ts";
import { runToEnd } from "../../src/run/training.ts";

/** How a training in this process ended. */
export interface Trained {
  readonly code: number;
  readonly events: readonly ReportedEvent[];
}

/**
 * Trains what a description says into a folder, in this process.
 *
 * @param onEvent called with each event
 * @param backend wasm when left out
 */
export async function trainHere(
  description: object,
  out: string,
  onEvent: (event: ReportedEvent) => void = () => {},
  backend = "wasm",
): Promise<Trained> {
  const events: ReportedEvent[] = [];
  const reporter: Reporter = {
    say() {},
    preview() {},
    progress() {},
    event(event) {
      events.push(event);
      onEvent(event);
    },
    close() {},
  };
  const config = parseRun(description, "test");
  const prepared = await prepare(config, runFolder(out), { backend }, reporter);
  const { status } = await runToEnd(prepared, reporter);
  return { code: status, events };
}
