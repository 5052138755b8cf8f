import type { RunConfig } from "@ddpm/runs";
import type { BackendReport } from "./backends/backend.ts";
import type { BackendChoice } from "./backends/names.ts";
import type { DescribeInput, NetworkCost } from "./jobs/describe.ts";
import type { Estimate, EstimateInput } from "./jobs/estimate.ts";
import type { Exported, ExportInput } from "./jobs/export-run.ts";
import type { Film, FilmInput } from "./jobs/film.ts";
import type { ImportInput } from "./jobs/import-run.ts";
import type { DataFacts, LookInput } from "./jobs/look.ts";
import type { PointsEvent, PointsInput, PointsResult, PointsView, PointsViewInput } from "./jobs/points.ts";
import type { RateInput } from "./jobs/rate.ts";
import type { RunFacts } from "./jobs/runs.ts";
import type { SampleEvent, SampleResult } from "./jobs/sample.ts";
import type { ModelChoice, SampleInput } from "./jobs/sample-input.ts";
import type { TrainInput, TrainingEvent, TrainResult } from "./jobs/train.ts";
import type { FitInput, FitResult, ReadInput, ReadResult } from "./jobs/weights.ts";
import type { FetchedFile } from "./store/fetched.ts";
import type { ModelFacts } from "./store/models.ts";

/** Input, events and result of a job. */
interface Call<Input, Event, Output> {
  readonly input: Input;
  readonly event: Event;
  readonly output: Output;
}

/** Everything that the page asks of the worker, by name. */
export interface Calls {
  readonly start: Call<BackendChoice, never, BackendReport>;
  readonly describe: Call<DescribeInput, never, NetworkCost>;
  readonly "points.train": Call<PointsInput, PointsEvent, PointsResult>;
  readonly "points.view": Call<PointsViewInput, never, PointsView>;
  readonly "runs.list": Call<null, never, readonly RunFacts[]>;
  readonly "runs.remove": Call<string, never, null>;
  readonly "runs.export": Call<ExportInput, never, Exported>;
  readonly "runs.import": Call<ImportInput, never, RunFacts>;
  readonly "data.look": Call<LookInput, never, DataFacts>;
  readonly "data.fetched": Call<null, never, readonly FetchedFile[]>;
  readonly "data.forget": Call<string, never, readonly FetchedFile[]>;
  readonly estimate: Call<EstimateInput, never, Estimate>;
  readonly "train.rate": Call<RateInput, never, RunConfig>;
  readonly train: Call<TrainInput, TrainingEvent, TrainResult>;
  readonly sample: Call<SampleInput, SampleEvent, SampleResult>;
  readonly "weights.read": Call<ReadInput, never, ReadResult>;
  readonly "weights.fit": Call<FitInput, never, FitResult>;
  /** Gives the name of the run that was made. */
  readonly "weights.keep": Call<FitInput, never, string>;
  readonly "model.facts": Call<ModelChoice, never, ModelFacts>;
  readonly film: Call<FilmInput, never, Film>;
}

export type CallName = keyof Calls;

/** What a job is lent besides its input. */
export interface Context<Event> {
  /** Tells the page something; buffers in `transfer` change hands. */
  emit(event: Event, transfer?: readonly ArrayBuffer[]): void;
  /** Set when the page wants no more. Jobs then end early and return what they have. */
  readonly signal: AbortSignal;
}

/** The function behind a call. */
export type Job<Name extends CallName> = (
  input: Calls[Name]["input"],
  context: Context<Calls[Name]["event"]>,
) => Promise<Calls[Name]["output"]>;

/** What went wrong, in words for the reader of the page. */
export interface Failure {
  readonly message: string;
  readonly hint?: string;
  /** The device that computes is gone; a new worker has another. */
  readonly lost?: boolean;
}

/** From the page to the worker. */
export type ToWorker =
  | { readonly type: "call"; readonly id: number; readonly name: CallName; readonly input: unknown }
  | { readonly type: "abort"; readonly id: number };

/** From the worker to the page. */
export type FromWorker =
  | { readonly type: "event"; readonly id: number; readonly event: unknown }
  | { readonly type: "done"; readonly id: number; readonly output: unknown }
  | { readonly type: "failed"; readonly id: number; readonly failure: Failure };
