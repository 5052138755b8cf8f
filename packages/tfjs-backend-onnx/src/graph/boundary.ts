import { engine } from "@tensorflow/tfjs-core";

/** Decides between kernels whether what is recorded so far should run. */
export type Boundary = (recorded: number) => boolean;

/**
 * A recording runs when it is long enough and belongs to an outermost `tidy` that is over, or when it is too long: so each
 * step of a loop becomes the same graph every time.
 *
 * @param minRecorded operations below which a recording continues
 * @param maxRecorded operations above which it ends whatever happens
 */
export function tidyBoundary(minRecorded: number, maxRecorded: number): Boundary {
  let openedIn = -1;
  return (recorded) => {
    if (recorded < minRecorded) {
      if (recorded === 0) openedIn = outermostScope();
      return false;
    }
    const scope = outermostScope();
    const ends = scope !== openedIn || recorded >= maxRecorded;
    if (ends) openedIn = scope;
    return ends;
  };
}

/** Identifies the outermost `tidy` that is open, or -1. */
function outermostScope(): number {
  return engine().state.scopeStack[0]?.id ?? -1;
}
