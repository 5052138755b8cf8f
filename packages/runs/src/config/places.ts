/** Where a run's description names a plugin, and what holds there when it does not. */
export interface Place {
  /** Left out, there is none. */
  readonly standard?: Named;
  /** The option that a number in the plugin's place means. */
  readonly main?: string;
}

/** A plugin with options. */
export interface Named {
  readonly name: string;
  readonly [option: string]: unknown;
}

/** A small network: what a description means that names none. */
const network: Named = {
  ...{ name: "ho", width: 32, multipliers: [1, 2, 2], blocks: 1, attention: [2], groups: 8, dropout: 0 },
};

/** Every place of a plugin, by its path. */
export const places: Readonly<Record<string, Place>> = {
  denoiser: { standard: network },
  schedule: { standard: { name: "cosine", steps: 1000 } },
  parameterization: { standard: { name: "eps" } },
  loss: { standard: { name: "l2" } },
  weight: { standard: { name: "simple" } },
  times: { standard: { name: "uniform" } },
  condition: {},
  "autoencoder.network": { standard: { name: "kl" } },
  "latent.network": {},
  "heldOut.metric": { standard: { name: "objective-loss" } },
  "train.optimizer": { standard: { name: "adam" } },
  "train.learningRate": { standard: { name: "constant", rate: 2e-4 }, main: "rate" },
  "train.clip": { standard: { name: "norm", maxNorm: 1 }, main: "maxNorm" },
  "train.ema": { standard: { name: "warmup" }, main: "decay" },
  "sample.sampler": { standard: { name: "ddim" } },
  "sample.spacing": { standard: { name: "trailing" } },
};
