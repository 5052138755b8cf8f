import type { Spec } from "../../packages/core/src/index.ts";
import type { LearningRate, Progress } from "../../packages/trainer/src/authoring.ts";
import { learningRates } from "../../packages/trainer/src/index.ts";
import { choiceOf, type Declared, numberOf, translate } from "./declared.ts";
import { type Case, caseOf, unsupported } from "./result.ts";
import { scaledError } from "./scaled-error.ts";

interface Diffusers {
  readonly name: string;
  readonly base_lr: number;
  readonly num_warmup_steps: number;
  readonly num_training_steps: number;
  readonly options: Declared;
  readonly lr_at_step_0_1_2: readonly number[];
}

interface Torch {
  readonly name: string;
  readonly base_lr: number;
  readonly options: Declared;
  readonly lr_at_step_0_1_2: readonly number[];
}

interface PerEpoch {
  readonly base_lr: number;
  readonly epochs: number;
  readonly warmup_epochs: number;
  readonly lr_of_epoch: readonly number[];
}

/** Every rate to 1e-12, relative. */
export function diffusersRateCase(entry: Diffusers, i: number): Case {
  return compare(`lr_diffusers/${i} ${entry.name}`, () => fromDiffusers(entry), entry.lr_at_step_0_1_2);
}

export function torchRateCase(entry: Torch, i: number): Case {
  return compare(`lr_torch/${i} ${entry.name}`, () => fromTorch(entry), entry.lr_at_step_0_1_2);
}

/** A warm-up and a cosine in epochs. */
export function epochRateCase({ base_lr, epochs, warmup_epochs, lr_of_epoch }: PerEpoch, i: number): Case {
  return caseOf(`lr_per_epoch_mxagar/${i}`, () => {
    const rate = learningRates.create({ name: "epochs", rate: base_lr, warmup: warmup_epochs });
    const ours = lr_of_epoch.map((_, epoch) =>
      rate.at({ update: 2 * epoch + 1, images: 10 * epoch, batch: 5, until: 10 * epochs, epoch: 10 }),
    );
    return scaledError(ours, lr_of_epoch, 1e-12, 1e-9);
  });
}

function compare(id: string, rateOf: () => LearningRate, golden: readonly number[]): Case {
  return caseOf(id, () => {
    const rate = rateOf();
    const at = (i: number): Progress => ({ update: i + 1, images: i, batch: 1, until: 1, epoch: 1 });
    return scaledError(
      golden.map((_, i) => rate.at(at(i))),
      golden,
      1e-12,
      1e-9,
    );
  });
}

/** What get_scheduler takes for every name, whether the schedule reads it or not. */
const unread = { num_cycles: null, power: null, step_rules: null, last_epoch: null };

function fromDiffusers(entry: Diffusers): LearningRate {
  const { name, base_lr: rate, num_warmup_steps: warmup, num_training_steps: length, options = {} } = entry;
  const given = (names: Readonly<Record<string, string>>) => translate(options, { ...unread, ...names });
  switch (name) {
    case "constant":
      given({});
      return learningRates.create({ name: "constant", rate });
    case "constant_with_warmup":
      given({});
      return learningRates.create({ name: "constant", rate, warmup });
    case "linear":
      given({});
      return learningRates.create({ name: "polynomial", rate, warmup, length });
    case "polynomial":
      return learningRates.create({
        name: "polynomial",
        rate,
        warmup,
        length,
        floor: 1e-7,
        ...given({ power: "power", lr_end: "floor" }),
      });
    case "cosine":
      // get_scheduler passes num_cycles on to cosine_with_restarts only.
      given({});
      return learningRates.create({ name: "cosine", rate, warmup, length });
    case "cosine_with_restarts": {
      const cycles = { cycles: 1, ...given({ num_cycles: "cycles" }) };
      return learningRates.create({ name: "cosine", rate, warmup, length, restarts: true, ...cycles });
    }
    case "piecewise_constant":
      given({});
      return learningRates.create({ name: "pieces", rate, ...piecesOf(options.step_rules) });
    default:
      return unsupported(`no learning rate is declared as ${name}`);
  }
}

/** Rules as `1:10,0.1:20,0.005`: a factor up to a step, and the last one's. */
function piecesOf(rules: unknown) {
  if (typeof rules !== "string") return unsupported(`step_rules is ${JSON.stringify(rules)}`);
  const parts = rules.split(",");
  const last = Number(parts.pop());
  const pieces = parts.map((rule) => rule.split(":").map(Number));
  return { pieces: pieces.map(([factor, until]) => ({ until, factor })), last };
}

/** What torch's schedulers take and what changes no rate of one run. */
const bookkeeping = { last_epoch: null, verbose: null };

function fromTorch({ name, base_lr: rate, options = {} }: Torch): LearningRate {
  const given = (names: Readonly<Record<string, string | null>>) =>
    translate(options, { ...bookkeeping, ...names });
  switch (name) {
    case "CosineAnnealingLR":
      return learningRates.create({
        name: "cosine",
        rate,
        floor: 0,
        ...given({ T_max: "length", eta_min: "floor" }),
      });
    case "StepLR":
      return learningRates.create({
        name: "steps",
        rate,
        factor: 0.1,
        ...given({ step_size: "every", gamma: "factor" }),
      });
    case "ExponentialLR":
      return learningRates.create({ name: "steps", rate, every: 1, ...given({ gamma: "factor" }) });
    case "MultiStepLR":
      given({ milestones: null, gamma: null });
      return learningRates.create({ name: "pieces", rate, ...milestones(options) });
    case "ConstantLR": {
      given({ factor: null, total_iters: null });
      const [factor, until] = [numberOf(options, "factor", 1 / 3), numberOf(options, "total_iters", 5)];
      return learningRates.create({ name: "pieces", rate, pieces: [{ until, factor }], last: 1 });
    }
    case "PolynomialLR":
      return learningRates.create({
        name: "polynomial",
        rate,
        length: 5,
        power: 1,
        floor: 0,
        ...given({ total_iters: "length", power: "power" }),
      });
    case "LinearLR":
      given({ start_factor: null, end_factor: null, total_iters: null });
      return learningRates.create(fromLinear(rate, options));
    case "CosineAnnealingWarmRestarts":
      return learningRates.create({
        name: "warm-restarts",
        rate,
        growth: 1,
        floor: 0,
        ...given({ T_0: "first", T_mult: "growth", eta_min: "floor" }),
      });
    case "OneCycleLR":
      return learningRates.create(fromOneCycle(options));
    default:
      return unsupported(`no learning rate is declared as ${name}`);
  }
}

/** Falls by a factor at each milestone. */
function milestones(options: Declared) {
  const { milestones: list } = options;
  if (!Array.isArray(list)) return unsupported(`milestones is ${JSON.stringify(list)}`);
  const gamma = numberOf(options, "gamma", 0.1);
  const sorted = [...(list as number[])].sort((a, b) => a - b);
  return {
    pieces: sorted.map((until, i) => ({ until, factor: gamma ** i })),
    last: gamma ** sorted.length,
  };
}

/** A straight line from `start_factor` to `end_factor`: a warm-up to the last rate that begins at a share of it. */
function fromLinear(rate: number, options: Declared): Spec {
  const [from, to] = [numberOf(options, "start_factor", 1 / 3), numberOf(options, "end_factor", 1)];
  if (to === 0) unsupported("a rate that ends at 0 is no warm-up");
  return {
    name: "constant",
    rate: rate * to,
    warmup: numberOf(options, "total_iters", 5),
    start: from / to,
  };
}

/** What torch cycles next to the rate. */
const momentum = { cycle_momentum: null, base_momentum: null, max_momentum: null };

function fromOneCycle(options: Declared): Spec {
  const { anneal_strategy = "cos", epochs, steps_per_epoch, ...others } = options;
  const shape = choiceOf({ anneal_strategy }, "anneal_strategy", { cos: "cosine", linear: "linear" });
  const product = typeof epochs === "number" && typeof steps_per_epoch === "number";
  return {
    name: "one-cycle",
    rise: 0.3,
    start: 25,
    end: 1e4,
    shape,
    ...(product ? { length: epochs * steps_per_epoch } : {}),
    ...translate(others, {
      ...bookkeeping,
      ...momentum,
      max_lr: "rate",
      total_steps: "length",
      pct_start: "rise",
      div_factor: "start",
      final_div_factor: "end",
      three_phase: "threePhases",
    }),
  };
}
