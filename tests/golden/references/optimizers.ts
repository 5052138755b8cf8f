import type { Optimizer } from "../../../packages/trainer/src/authoring.ts";
import { optimizers } from "../../../packages/trainer/src/index.ts";
import { type Declared, memberOf, numberOf, translate } from "../declared.ts";
import { unsupported } from "../result.ts";

/** An optimiser of torch.optim: ours, torch's defaults, and what its options and its state are called here. */
interface TorchOptimizer {
  readonly name: string;
  readonly defaults: Declared;
  readonly options: Readonly<Record<string, string | null>>;
  readonly state: Readonly<Record<string, string>>;
}

/** Options that choose how torch computes an update, not which one. */
const implementation = { foreach: null, fused: null, capturable: null, differentiable: null };
const decay = { weight_decay: "decay" };
const betas = { beta1: "beta1", beta2: "beta2", eps: "eps" };
const moments = { exp_avg: "mean", exp_avg_sq: "square" };
const adamDefaults = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0 };

const torchOptimizers: Readonly<Record<string, TorchOptimizer>> = {
  Adam: {
    name: "adam",
    defaults: adamDefaults,
    options: { ...betas, ...decay, amsgrad: "amsgrad" },
    state: { ...moments, max_exp_avg_sq: "largest" },
  },
  AdamW: {
    name: "adamw",
    defaults: { ...adamDefaults, weight_decay: 0.01 },
    options: { ...betas, ...decay, amsgrad: "amsgrad" },
    state: { ...moments, max_exp_avg_sq: "largest" },
  },
  SGD: {
    name: "sgd",
    defaults: { lr: 1e-3, momentum: 0, dampening: 0, nesterov: false, weight_decay: 0 },
    options: { ...decay, momentum: "momentum", dampening: "dampening", nesterov: "nesterov" },
    state: { momentum_buffer: "velocity" },
  },
  RMSprop: {
    name: "rmsprop",
    defaults: { lr: 0.01, alpha: 0.99, eps: 1e-8, weight_decay: 0, momentum: 0, centered: false },
    options: { ...decay, alpha: "alpha", eps: "eps", momentum: "momentum", centered: "centered" },
    state: { square_avg: "square", momentum_buffer: "velocity", grad_avg: "mean" },
  },
  RAdam: { name: "radam", defaults: adamDefaults, options: { ...betas, ...decay }, state: moments },
  NAdam: {
    name: "nadam",
    defaults: { ...adamDefaults, lr: 2e-3, momentum_decay: 4e-3 },
    options: { ...betas, ...decay, momentum_decay: "psi" },
    state: moments,
  },
};

/** An optimiser that a case declares, made of ours. */
export interface DeclaredOptimizer {
  readonly optimizer: Optimizer;
  readonly rate: number;
  /** Our name of a member of its state. */
  stateName(member: string): string | undefined;
}

/**
 * The optimiser that torch calls `name`, with these options over torch's defaults.
 *
 * @param version where the numbers come from, e.g. `torch 1.13 optim`: versions differ in NAdam
 */
export function torchOptimizer(name: string, given: Declared = {}, version = ""): DeclaredOptimizer {
  const known = memberOf(torchOptimizers, name) ?? unsupported(`no optimiser is declared as ${name}`);
  for (const flag of ["maximize", "decoupled_weight_decay"])
    if (given[flag]) unsupported(`the option ${flag} has no counterpart`);
  const off = { maximize: null, decoupled_weight_decay: null };
  const { lr: _, betas: pair, ...others } = { ...known.defaults, ...given };
  if (pair !== undefined && !(Array.isArray(pair) && pair.length === 2))
    unsupported(`the option betas is ${JSON.stringify(pair)}`);
  const [beta1, beta2] = (pair ?? []) as number[];
  const options = translate(
    { ...others, ...(beta1 === undefined ? {} : { beta1, beta2 }) },
    { ...known.options, ...implementation, ...off },
  );
  const repeat = name === "NAdam" && /^torch 1\./.test(version) ? { repeat: true } : {};
  return {
    optimizer: optimizers.create({ name: known.name, ...repeat, ...options }),
    rate: numberOf({ ...known.defaults, ...given }, "lr", 1e-3),
    stateName: (member) => memberOf(known.state, member),
  };
}
