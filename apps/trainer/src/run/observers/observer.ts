import type { ChosenBackend } from "@ddpm/backends";
import type { ImageStream, Images } from "@ddpm/core";
import type { ImageShape } from "@ddpm/core/authoring";
import type { RunConfig, RunParts } from "@ddpm/runs";
import type { ImageLatents, LogRow } from "@ddpm/runs/authoring";
import type { TrainState } from "@ddpm/trainer";
import type { DueEvent, Finding } from "@ddpm/trainer/authoring";
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

/** A training as its observers see it, and where they report what they measure; the others see that, too. */
export interface Watched {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly parts: RunParts;
  readonly backend: ChosenBackend;
  readonly reporter: Reporter;
  /** [H, W, C] of the images, or of the latents. */
  readonly shape: ImageShape;
  /** What decodes them, where the network works in latents. */
  readonly latents?: ImageLatents | undefined;
  /** The training images: a resumed run must see the same ones. */
  readonly stream: Pick<ImageStream, "fingerprint" | "shape" | "classes">;
  /** Images to make conditions of, for a network that is conditioned on one. */
  readonly known?: Images;
  /** The log so far, oldest row first. */
  rows(): readonly LogRow[];
  /** Adds a row to the log; it must be the same when the training is repeated. */
  log(row: LogRow): Promise<void>;
  /** Shows a picture to the observers that store or send pictures. */
  publish(picture: RunPicture): Promise<void>;
  /** Ends the training after this step, as if it were complete. */
  stop(why: string): void;
  /** Returns to the last good checkpoint after this event, with half the learning rate, if the run may. */
  recover(finding: Finding): Promise<boolean>;
}

/**
 * Something that watches a training. Training waits for one after the other; what is due at one point of the training
 * is done in the order of the observers, checkpoints last.
 */
export interface Observer {
  /** The training begins with weights of another run, which may be gone when they are needed again. */
  begin?(state: TrainState): Promise<void>;
  /** A row was added to the log. */
  row?(row: LogRow): Promise<void>;
  /** Something is due: `event.what` names it. */
  due?(event: DueEvent): Promise<void>;
  picture?(picture: RunPicture): Promise<void>;
  /** The training resumes from here: everything after it is removed. */
  resumeAt?(images: number): Promise<void>;
  /** The training ended with a loss or gradient that is no number: nothing of its state is left. */
  failed?(): Promise<void>;
  /** The training is over, however it ended otherwise. */
  end?(state: TrainState): Promise<void>;
  /** It is complete. */
  finish?(state: TrainState): Promise<void>;
}
