import { fail } from "@ddpm/core";
import type { TrainEvent } from "./events.ts";
import type { TrainOptions } from "./options.ts";
import type { TrainState } from "./state.ts";

/** The training loop. */
export async function* train(_options: TrainOptions): AsyncGenerator<TrainEvent, TrainState> {
  fail("trainer", "the loop is not written yet.");
}
