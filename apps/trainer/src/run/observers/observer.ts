import type { ChosenBackend } from "@ddpm/backends";
import type { Images } from "@ddpm/core";
import type { LogRow, RunConfig, RunParts } from "@ddpm/runs";
import type { DueEvent, Finding, TrainState } from "@ddpm/trainer";
import type { Pixels } from "@ddpm/viz/images";
import type { Reporter } from "../../output/reporter.ts";
import type { RunFolder } from "../folder.ts";

/** A picture that a training drew. */
export interface RunPicture {
  /** Images seen. */
  readonly images: number;
  /** What it shows: `samples`, `final`. */
  readonly kind: string;
  readonly path: string;
  readonly pixels: Pixels;
  readonly png: Uint8Array;
}

/** What a training is, and where an observer tells what it found; others see it, too. */
export interface Watched {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly parts: RunParts;
  readonly backend: ChosenBackend;
  readonly reporter: Reporter;
  /** [H, W, C] of the images. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Of the image stream: a resumed run must see the same one. */
  readonly fingerprint: string;
  /** Names of the classes that the network takes, by label, where they have some. */
  readonly classNames?: readonly string[];
  /** Images to make conditions of, for a network that goes by one. */
  readonly known?: Images;
  /** The log so far, oldest row first. */
  rows(): readonly LogRow[];
  /** Adds a row to the log; whatever it says has to be the same when the training is repeated. */
  log(row: LogRow): Promise<void>;
  /** Shows a picture to whoever keeps them. */
  publish(picture: RunPicture): Promise<void>;
  /** Ends the training after this step, as if it were complete. */
  stop(why: string): void;
  /** Goes back to a checkpoint before so many images after this event, with half the learning rate, if the run may. */
  goBack(finding: Finding): Promise<boolean>;
}

/**
 * Something that watches a training. Training waits for each in turn; what is asked for at one point of the training
 * is done in the order of the observers, checkpoints last.
 */
export interface Observer {
  /** The training begins with weights of another run, which may be gone when they are wanted again. */
  begin?(state: TrainState): Promise<void>;
  /** A row was added to the log. */
  row?(row: LogRow): Promise<void>;
  /** Something is due; `event.what` says what. */
  due?(event: DueEvent): Promise<void>;
  picture?(picture: RunPicture): Promise<void>;
  /** The training goes on from here: whatever lies after it is taken back. */
  resumeAt?(images: number): Promise<void>;
  /** The training ended with a loss or gradient that is no number: nothing of its state is left. */
  failed?(): Promise<void>;
  /** The training is over, however it ended otherwise. */
  end?(state: TrainState): Promise<void>;
  /** It is complete. */
  finish?(state: TrainState): Promise<void>;
}
