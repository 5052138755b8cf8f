import type { Spec } from "../../packages/core/src/index.ts";
import { type LearningRate, learningRates, type Progress } from "../../packages/trainer/src/index.ts";
import { type Case, errorOf } from "./ema_lr.ts";

interface Diffusers {
  readonly name: string;
  readonly base_lr: number;
  readonly num_warmup_steps: number;
  readonly num_training_steps: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly lr_at_step_0_1_2: readonly number[];
}

interface Torch {
  readonly name: string;
  readonly base_lr: number;
  readonly options: Readonly<Record<string, number | string | boolean>>;
  readonly lr_at_step_0_1_2: readonly number[];
}

interface PerEpoch {
  readonly base_lr: number;
  readonly epochs: number;
  readonly warmup_epochs: number;
  readonly lr_of_epoch: readonly number[];
}

export interface RateFile {
  readonly lr_diffusers: readonly Diffusers[];
  readonly lr_torch: readonly Torch[];
  readonly lr_per_epoch_mxagar: readonly PerEpoch[];
}

/** Every rate to 1e-12, relative. */
export function rateCases(file: RateFile): Case[] {
  return [
    ...file.lr_diffusers.map((entry, i) =>
      compare(`lr_diffusers/${i} ${entry.name}`, fromDiffusers(entry), entry.lr_at_step_0_1_2),
    ),
    ...file.lr_torch.map((entry, i) =>
      compare(`lr_torch/${i} ${entry.name}`, fromTorch(entry), entry.lr_at_step_0_1_2),
    ),
    ...file.lr_per_epoch_mxagar.map(({ base_lr, epochs, warmup_epochs, lr_of_epoch }, i) => {
      const rate = learningRates.create({ name: "epochs", rate: base_lr, warmup: warmup_epochs });
      const ours = lr_of_epoch.map((_, epoch) =>
        rate.at({ update: 2 * epoch + 1, images: 10 * epoch, batch: 5, until: 10 * epochs, epoch: 10 }),
      );
      return { id: `lr_per_epoch_mxagar/${i}`, error: errorOf(ours, lr_of_epoch, 1e-12, 1e-9) };
    }),
  ];
}

function compare(id: string, rate: LearningRate | undefined, golden: readonly number[]): Case {
  if (!rate) return { id, reason: "no such learning rate is offered" };
  const at = (i: number): Progress => ({ update: i + 1, images: i, batch: 1, until: 1, epoch: 1 });
  const ours = golden.map((_, i) => rate.at(at(i)));
  return { id, error: errorOf(ours, golden, 1e-12, 1e-9) };
}

function fromDiffusers(entry: Diffusers): LearningRate | undefined {
  const { name, base_lr: rate, num_warmup_steps: warmup, num_training_steps: length, options } = entry;
  switch (name) {
    case "constant":
      return learningRates.create({ name: "constant", rate });
    case "constant_with_warmup":
      return learningRates.create({ name: "constant", rate, warmup });
    case "linear":
      return learningRates.create({ name: "polynomial", rate, warmup, length });
    case "polynomial":
      return learningRates.create({ name: "polynomial", rate, warmup, length, floor: 1e-7, ...options });
    case "cosine":
      // get_scheduler passes num_cycles on to cosine_with_restarts only.
      return learningRates.create({ name: "cosine", rate, warmup, length });
    case "cosine_with_restarts":
      return learningRates.create({
        name: "cosine",
        rate,
        warmup,
        length,
        cycles: options.num_cycles ?? 1,
        restarts: true,
      });
    case "piecewise_constant": {
      const rules = String(options.step_rules).split(",");
      const last = Number(rules.pop());
      const pieces = rules.map((rule) => rule.split(":").map(Number));
      return learningRates.create({
        name: "pieces",
        rate,
        pieces: pieces.map(([factor, until]) => ({ until, factor })),
        last,
      });
    }
    default:
      return undefined;
  }
}

function fromTorch({ name, base_lr: rate, options }: Torch): LearningRate | undefined {
  switch (name) {
    case "CosineAnnealingLR":
      return learningRates.create({ name: "cosine", rate, length: options.T_max, floor: options.eta_min });
    case "StepLR":
      return learningRates.create({ name: "steps", rate, every: options.step_size, factor: options.gamma });
    case "ExponentialLR":
      return learningRates.create({ name: "steps", rate, every: 1, factor: options.gamma });
    case "LinearLR":
      return learningRates.create(fromLinear(rate, options));
    case "CosineAnnealingWarmRestarts": {
      const { T_0: first, T_mult: growth = 1, eta_min: floor = 0 } = options;
      return learningRates.create({ name: "warm-restarts", rate, first, growth, floor });
    }
    case "OneCycleLR":
      return learningRates.create(fromOneCycle(options));
    default:
      return undefined;
  }
}

/** A straight line from `start_factor` to `end_factor`: a warm-up to the last rate that begins at a share of it. */
function fromLinear(rate: number, options: Torch["options"]): Spec {
  const { start_factor: from = 1 / 3, end_factor: to = 1, total_iters: warmup = 5 } = options;
  return { name: "constant", rate: rate * Number(to), warmup, start: Number(from) / Number(to) };
}

function fromOneCycle(options: Torch["options"]): Spec {
  const { max_lr, total_steps, pct_start, anneal_strategy, div_factor, final_div_factor, three_phase } =
    options;
  return {
    name: "one-cycle",
    rate: max_lr,
    length: total_steps,
    ...(pct_start === undefined ? {} : { rise: pct_start }),
    ...(anneal_strategy === undefined ? {} : { shape: anneal_strategy === "cos" ? "cosine" : "linear" }),
    ...(div_factor === undefined ? {} : { start: div_factor }),
    ...(final_div_factor === undefined ? {} : { end: final_div_factor }),
    ...(three_phase === undefined ? {} : { threePhases: three_phase }),
  };
}
