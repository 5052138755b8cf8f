/** What is known of a training at one point; fields that were not measured there are absent. */
export interface HistoryRow {
  /** Images seen. */
  readonly images: number;
  /** Updates made. */
  readonly step?: number;
  /** Mean loss since the row before. */
  readonly loss?: number;
  /** Mean global norm of the gradients since the row before. */
  readonly gradientNorm?: number;
  /** Decay of the averaged weights at the last update. */
  readonly emaDecay?: number;
  /** Weight of the initial weights in the averaged ones. */
  readonly initialShare?: number;
  /** Loss on held-out images. */
  readonly heldOutLoss?: number;
  /** Share of numbers at the ends of the range, in samples and in the data. */
  readonly saturated?: number;
  readonly dataSaturated?: number;
  /** Share of samples that are much nearer to a training image than training images are to each other. */
  readonly copied?: number;
}

/** Something that is going wrong. */
export interface Finding {
  /** The check that found it. */
  readonly check: string;
  /** Where in the training, in images seen. */
  readonly images: number;
  readonly what: string;
  /** What to change. */
  readonly advice: string;
}

/** One way in which runs go bad: looks at the history so far, oldest row first. */
export interface Check {
  readonly name: string;
  /** Returning to a checkpoint before it and continuing with a lower learning rate helps. */
  readonly recoverable?: true;
  look(rows: readonly HistoryRow[]): Omit<Finding, "check"> | undefined;
}

/** All that the checks find in a history, one finding per check. */
export function examine(checks: readonly Check[], rows: readonly HistoryRow[]): Finding[] {
  return checks.flatMap((check) => {
    const found = check.look(rows);
    return found ? [{ check: check.name, ...found }] : [];
  });
}

/** The rows in which a field was measured. */
export function measured<Field extends keyof HistoryRow>(
  rows: readonly HistoryRow[],
  field: Field,
): (HistoryRow & Record<Field, number>)[] {
  return rows.filter((row) => row[field] !== undefined) as (HistoryRow & Record<Field, number>)[];
}
