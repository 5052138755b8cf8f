/** What happened, for scripts and people alike; `event` names it. */
export interface ReportedEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** How far a long piece of work is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** E.g. `images`, `steps`. */
  readonly unit: string;
  /** Absent while it is not known. */
  readonly perSecond?: number;
  /** Shown next to the bar, e.g. the loss. */
  readonly note?: string;
  /** Makes it an event for scripts, too, with these fields, e.g. the loss; for people only when left out. */
  readonly values?: Readonly<Record<string, number>>;
}

/** Where a command says what it does: a terminal, plain lines, or JSON lines. */
export interface Reporter {
  /** For people: a line of text. */
  say(text: string): void;
  /** For people with a terminal that shows pictures made of characters. */
  preview(draw: (columns: number) => string): void;
  /** How far the work is: a bar on a terminal, elsewhere a line at once and then every ten seconds. */
  progress(progress: Progress): void;
  /** For scripts: a line of JSON; `text` is what people see instead. */
  event(event: ReportedEvent, text?: string): void;
  /** Clears the bar. */
  close(): void;
}
