import type { NoiseSchedule } from "../../../packages/core/src/index.ts";
import { schedules } from "../../../packages/schedules/src/index.ts";
import { type Declared, memberOf, translate } from "../declared.ts";
import { unsupported } from "../result.ts";

/** A schedule as a reference builds it: ours with that reference's defaults, and its option names → ours. */
interface Family {
  readonly spec: { readonly name: string } & Declared;
  /** null: the option is there and changes nothing. */
  readonly options?: Readonly<Record<string, string | null>>;
}

interface Reference {
  /** Its repository, at the beginning of `reference`. */
  readonly repository: RegExp;
  /** What names of tables and chains begin with, e.g. `improved_diffusion linear:T1000`. */
  readonly short: RegExp;
  readonly names: Readonly<Record<string, Family>>;
}

/** DDPM's betas, which every reference takes when none are given. */
const betas = { betaStart: 1e-4, betaEnd: 0.02 };
const ends = { beta_start: "betaStart", beta_end: "betaEnd" };
const none = { beta_start: null, beta_end: null };
const linear: Family = { spec: { name: "linear", ...betas }, options: ends };
const quadratic = (more: Declared = {}): Family => ({
  spec: { name: "quadratic", ...betas, ...more },
  options: ends,
});
const warmup = (share: number): Family => ({ spec: { name: "warmup", share, ...betas }, options: ends });
const openai = {
  linear: { spec: { name: "linear", rescale: true } },
  cosine: { spec: { name: "cosine" }, options: { max_beta: "maxBeta" } },
};

/** What each reference's names mean here: the only place where they are declared. */
const references: readonly Reference[] = [
  {
    repository: /^huggingface\/diffusers\b/,
    short: /^diffusers$/,
    names: {
      linear,
      scaled_linear: { spec: { name: "scaled-linear", ...betas }, options: ends },
      squaredcos_cap_v2: { spec: { name: "cosine" }, options: none },
      sigmoid: { spec: { name: "beta-sigmoid", ...betas }, options: ends },
      laplace: { spec: { name: "laplace" }, options: none },
      exp: { spec: { name: "exponential" }, options: none },
      betas_for_alpha_bar_exp: { spec: { name: "exponential" }, options: { max_beta: "maxBeta" } },
      betas_for_alpha_bar_cosine: { spec: { name: "cosine" }, options: { max_beta: "maxBeta" } },
      betas_for_alpha_bar_laplace: { spec: { name: "laplace" }, options: { max_beta: "maxBeta" } },
    },
  },
  {
    repository: /^lucidrains\/denoising-diffusion-pytorch\b/,
    short: /^lucidrains$/,
    names: {
      linear: { spec: { name: "linear", rescale: true } },
      cosine: { spec: { name: "cosine" }, options: { s: "offset" } },
      sigmoid: {
        spec: { name: "sigmoid", float32Ends: true },
        options: { start: "start", end: "end", tau: "tau", clamp_min: null },
      },
    },
  },
  { repository: /^openai\/improved-diffusion\b/, short: /^improved[-_]diffusion$/, names: openai },
  { repository: /^openai\/guided-diffusion\b/, short: /^guided[-_]diffusion$/, names: openai },
  {
    repository: /^hojonathanho\/diffusion\b/,
    short: /^hojonathanho$/,
    names: {
      linear,
      quad: quadratic(),
      warmup10: warmup(0.1),
      warmup50: warmup(0.5),
      const: { spec: { name: "constant", beta: 0.02 }, options: { beta_start: null, beta_end: "beta" } },
      jsd: { spec: { name: "jsd" }, options: none },
    },
  },
  {
    repository: /^huggingface\/(annotated-diffusion|notebooks|blog)\b/,
    short: /^annotated([-_]diffusion)?$/,
    names: {
      linear,
      cosine: {
        spec: { name: "cosine", minBeta: 1e-4, maxBeta: 0.9999 },
        options: { s: "offset", minBeta: "minBeta", maxBeta: "maxBeta" },
      },
      quadratic: quadratic(),
      quadratic_2022: quadratic({ squareEnds: true }),
      sigmoid: { spec: { name: "beta-sigmoid", ...betas }, options: ends },
    },
  },
  { repository: /^labmlai\//, short: /^labml(ai)?$/, names: { linear } },
  { repository: /^dataflowr\//, short: /^dataflowr$/, names: { linear } },
  { repository: /^mxagar\//, short: /^mxagar$/, names: { linear } },
];

/** What a schedule of ours is built with besides a reference's options. */
export interface More {
  /** ᾱ of the last step, where `rescale_betas_zero_snr` asks for zero. */
  readonly terminal?: number;
  readonly interpolate?: "sigma";
}

/** The schedule that a reference calls `name`, with T steps and these options. */
export function scheduleOf(
  reference: string,
  name: string,
  steps: number,
  options: Declared,
  more: More = {},
): NoiseSchedule {
  const known = references.find(({ repository }) => repository.test(reference));
  const family = known && memberOf(known.names, name);
  if (!family) return unsupported(`no schedule is declared as ${name} of ${reference}`);
  const { rescale_betas_zero_snr: zero = false, trained_betas: own = null, clip, ...rest } = options;
  if (typeof zero !== "boolean") unsupported(`the option rescale_betas_zero_snr is ${JSON.stringify(zero)}`);
  if (clip !== undefined && !(Array.isArray(clip) && clip.length === 2))
    unsupported(`the option clip is ${JSON.stringify(clip)}`);
  const [minBeta, maxBeta] = (clip ?? []) as number[];
  const given = clip === undefined ? rest : { ...rest, minBeta, maxBeta };
  const { terminal = 0, ...interpolate } = more;
  const named = { ...family.spec, ...translate(given, family.options ?? {}), steps };
  const spec = { ...(own === null ? named : { name: "custom", betas: own }), ...interpolate };
  return schedules.create(zero ? { name: "zero-terminal", of: spec, terminal, ...interpolate } : spec);
}

/** A schedule by the name that tables and blocks give it: a reference's short name, and the schedule's. */
export function namedSchedule(name: string, steps: number, options: Declared = {}): NoiseSchedule {
  const [short = "", family = ""] = name.replace(/:T\d+.*$/, "").split(" ");
  const index = references.findIndex((reference) => reference.short.test(short));
  const known = references[index] ?? unsupported(`the schedule ${name} is not known`);
  const declared = memberOf(known.names, family) ?? unsupported(`the schedule ${name} is not known`);
  return schedules.create({ ...declared.spec, ...translate(options, declared.options ?? {}), steps });
}
