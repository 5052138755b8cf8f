import * as tf from "@tensorflow/tfjs-core";
import {
  type Moment,
  momentAt,
  type NoiseSchedule,
  type Parameterization,
  snr as snrOf,
} from "../../../packages/core/src/index.ts";
import {
  boundColumnNames,
  boundColumns,
  boundTerms,
  clip,
  combine,
  diffuse,
  eps,
  levelColumns,
  minSnr,
  posteriorOf,
  priorTerm,
  simple,
  snr,
  type VarianceKind,
  v,
  x0 as x0Meaning,
  xprev,
} from "../../../packages/diffusion/src/index.ts";
import { chainOf, cosine, linear, posteriorLogVariance } from "../../../packages/schedules/src/index.ts";
import { type Case, caseOf, errorOf, unsupported } from "../result.ts";
import type { Stored } from "../sampling/file.ts";
import { FLOAT64, imageError, images, vectorError } from "./numbers.ts";
import { type Batch, lossesOf, speaking } from "./objectives.ts";

interface MainCase {
  readonly T: number;
  readonly t: readonly number[];
  readonly x0: Stored;
  readonly noise: Stored;
  readonly model_output: Stored;
  readonly model_var_values: Stored;
  readonly schedules: readonly (Readonly<Record<string, Stored>> & {
    readonly schedule: never;
    readonly lucidrains: never;
    readonly p_mean_variance_and_vlb: never;
  })[];
}

/** The chains of improved-diffusion by name. */
export function improvedChain(name: string, steps: number): NoiseSchedule {
  if (name === "improved-diffusion linear") return linear({ steps, rescale: true });
  if (name === "improved-diffusion cosine") return cosine({ steps });
  return unsupported(`the schedule ${name} is not known`);
}

/** Everything that the parts of a case share. */
interface Given extends Batch {
  readonly moments: readonly Moment[];
  readonly x: tf.Tensor4D;
  readonly output: tf.Tensor4D;
  readonly variance: tf.Tensor4D;
  /** Steps of the chain. */
  readonly steps: readonly number[];
}

/** The Gaussian algebra of improved-diffusion and denoising-diffusion-pytorch, part by part. */
export function mainCases(blocks: readonly MainCase[]): Case[] {
  return blocks.flatMap((block, i) =>
    block.schedules.flatMap((golden) => {
      const name = String(golden.schedule);
      const given = givenOf(block, improvedChain(name, block.T));
      const where = `main/${i} ${name}`;
      return [
        ...algebraCases(where, given, golden),
        ...lucidrainsCases(where, given, golden.lucidrains),
        ...(golden.p_mean_variance_and_vlb as unknown as readonly Meant[]).flatMap((each) =>
          meantCases(where, given, each),
        ),
      ];
    }),
  );
}

function givenOf(
  { T, t, x0, noise, model_output: output, model_var_values: variance }: MainCase,
  schedule: NoiseSchedule,
): Given {
  const times = t.map((step) => (step + 1) / T);
  const moments = times.map((time) => momentAt(schedule, time));
  const { alpha, sigma } = levelColumns(moments);
  const [clean, fresh] = [images(x0), images(noise)];
  return {
    x0: clean,
    eps: fresh,
    times,
    steps: t,
    schedule,
    moments,
    x: diffuse(clean, fresh, tf.tensor1d(alpha), tf.tensor1d(sigma)),
    output: images(output),
    variance: images(variance),
  };
}

const before = ({ schedule, times, moments }: Given, i: number) =>
  posteriorOf(moments[i]!, momentAt(schedule, Math.max(times[i]! - 1 / schedule.steps!, 0)), schedule);

/** Images from each image and two numbers of its level. */
function mixed(
  { moments }: Given,
  a: tf.Tensor4D,
  b: tf.Tensor4D,
  numbers: (at: Moment, i: number) => readonly [number, number],
): tf.Tensor4D {
  const rows = moments.map((at, i) => {
    const [first, second] = numbers(at, i);
    const row = (images_: tf.Tensor4D) => tf.slice(images_, [i, 0, 0, 0], [1, -1, -1, -1]) as tf.Tensor4D;
    return combine([first, row(a)], [second, row(b)]);
  });
  return tf.concat(rows, 0) as tf.Tensor4D;
}

const guessOf = (given: Given, meaning: Parameterization, output = given.output): tf.Tensor4D =>
  mixed(given, given.x, output, (at) => {
    const { skip, out } = meaning.at(at, given.schedule);
    return [skip, out];
  });

/** The largest factor by which a meaning blows up the rounding of what it is given. */
const gainOf = ({ moments, schedule }: Given, meaning: Parameterization): number =>
  Math.max(
    ...moments.map((at) => Math.max(...Object.values(meaning.at(at, schedule)).slice(0, 2).map(Math.abs))),
  );

function algebraCases(where: string, given: Given, golden: MainCase["schedules"][number]): Case[] {
  const { moments, schedule, x0, x, output, steps } = given;
  const chain = chainOf(schedule);
  const logs = posteriorLogVariance(chain, "next");
  const host = (name: string, ours: readonly number[]) =>
    caseOf(`${where} ${name}`, () => errorOf(ours, golden[name]!.data, FLOAT64));
  const picture = (name: string, ours: () => tf.Tensor4D, gain = 1) =>
    caseOf(`${where} ${name}`, () => tf.tidy(() => imageError(ours(), golden[name]!, gain)));
  const at = <Value>(values: ArrayLike<Value>) => steps.map((step) => values[step]!);
  const noiseGain = Math.max(...moments.map(({ sigma }) => 1 / sigma));
  return [
    host(
      "alphas_cumprod_at_t",
      moments.map(({ alpha }) => alpha ** 2),
    ),
    host("betas_at_t", at(chain.betas)),
    picture("q_sample", () => x),
    picture("q_mean", () => mixed(given, x0, x0, ({ alpha }) => [alpha, 0])),
    host(
      "q_variance_per_item",
      moments.map(({ sigma }) => sigma ** 2),
    ),
    host(
      "q_log_variance_per_item",
      moments.map(({ sigma }) => 2 * Math.log(sigma)),
    ),
    picture("posterior_mean", () =>
      mixed(given, x, x0, (_, i) => {
        const { keep, pull } = before(given, i);
        return [keep, pull];
      }),
    ),
    host(
      "posterior_variance_per_item",
      steps.map((_, i) => before(given, i).variance),
    ),
    host("posterior_log_variance_clipped_per_item", at(logs)),
    host(
      "posterior_mean_coef1_at_t",
      steps.map((_, i) => before(given, i).pull),
    ),
    host(
      "posterior_mean_coef2_at_t",
      steps.map((_, i) => before(given, i).keep),
    ),
    picture("x0_from_eps(x_t, model_output)", () => guessOf(given, eps()), gainOf(given, eps())),
    picture(
      "eps_from_x0(x_t, model_output)",
      () => mixed(given, x, output, ({ alpha, sigma }) => [1 / sigma, -alpha / sigma]),
      noiseGain,
    ),
    picture("x0_from_xprev(x_t, model_output)", () => guessOf(given, xprev()), gainOf(given, xprev())),
    caseOf(`${where} prior_bpd`, () =>
      tf.tidy(() =>
        errorOf(priorTerm(x0, schedule).dataSync(), golden.prior_bpd!.data, { abs: 1e-12, rel: 2e-6 }),
      ),
    ),
  ];
}

interface Lucidrains {
  readonly [name: string]: Stored | Readonly<Record<string, Stored>> | number;
}

function lucidrainsCases(where: string, given: Given, golden: Lucidrains): Case[] {
  const { x, x0, eps: noise, output, moments, steps, schedule } = given;
  const meanings = { pred_noise: eps(), pred_x0: x0Meaning(), pred_v: v() };
  const noiseGain = Math.max(...moments.map(({ sigma }) => 1 / sigma));
  const objectives = Object.entries(meanings).flatMap(([name, meaning]) => {
    const wanted = golden[name] as Readonly<Record<string, Stored>>;
    const id = (part: string) => `${where} lucidrains ${name} ${part}`;
    const gain = gainOf(given, meaning);
    const plain = lossesOf(
      given,
      speaking(() => output),
      meaning,
      snr(),
    );
    const cut = lossesOf(
      given,
      speaking(() => output),
      meaning,
      minSnr(),
    );
    const weightOf = (weight: ReturnType<typeof snr>) =>
      moments.map((at) => {
        const said = meaning.at(at, schedule);
        return weight.at(at, schedule, said) * said.out ** 2;
      });
    const guesses = (clipped: boolean) => {
      const found = guessOf(given, meaning);
      const x0Guess = clipped ? clip()(() => ({ x0: found }))(x, moments[0]!).x0 : found;
      const epsGuess = mixed(given, x, x0Guess, ({ alpha, sigma }) => [1 / sigma, -alpha / sigma]);
      return { x0: x0Guess, eps: name === "pred_noise" && !clipped ? output : epsGuess };
    };
    const picture = (part: string, ours: () => tf.Tensor4D, times: number) =>
      caseOf(id(part), () => tf.tidy(() => imageError(ours(), wanted[part]!, times)));
    const amplified = Math.max(noiseGain, gain);
    return [
      caseOf(id("p_losses_per_item"), () => vectorError(plain, wanted.p_losses_per_item!.data)),
      caseOf(id("p_losses_per_item_min_snr_gamma_5"), () =>
        vectorError(cut, wanted.p_losses_per_item_min_snr_gamma_5!.data),
      ),
      caseOf(id("p_losses_mean_min_snr_gamma_5"), () =>
        vectorError(
          [cut.reduce((sum, loss) => sum + loss) / cut.length],
          [wanted.p_losses_mean_min_snr_gamma_5 as unknown as number],
        ),
      ),
      caseOf(id("loss_weight_at_t"), () => errorOf(weightOf(snr()), wanted.loss_weight_at_t!.data, FLOAT64)),
      caseOf(id("loss_weight_min_snr_gamma_5_at_t"), () =>
        errorOf(weightOf(minSnr()), wanted.loss_weight_min_snr_gamma_5_at_t!.data, FLOAT64),
      ),
      picture("pred_x_start", () => guesses(false).x0, gain),
      picture("pred_x_start_clipped", () => guesses(true).x0, gain),
      picture("pred_noise", () => guesses(false).eps, amplified),
      picture("pred_noise_clipped_rederived", () => guesses(true).eps, amplified),
    ];
  });
  const own = (name: string, ours: () => tf.Tensor4D) =>
    caseOf(`${where} lucidrains ${name}`, () =>
      tf.tidy(() => imageError(ours(), golden[name] as Stored, gainOf(given, v()))),
    );
  const learned = "LearnedGaussianDiffusion_p_losses_per_item(vb_loss_weight=0.001)";
  const both = () => tf.concat([output, given.variance], 3) as tf.Tensor4D;
  return [
    ...objectives,
    own("predict_v(x0, noise)", () => mixed(given, noise, x0, ({ alpha, sigma }) => [alpha, -sigma])),
    own("predict_start_from_v(x_t, model_output)", () => guessOf(given, v())),
    caseOf(`${where} lucidrains posterior_log_variance_clipped_at_t`, () => {
      const logs = posteriorLogVariance(chainOf(schedule), "floor");
      return errorOf(
        steps.map((step) => logs[step]!),
        (golden.posterior_log_variance_clipped_at_t as Stored).data,
        FLOAT64,
      );
    }),
    caseOf(`${where} lucidrains ${learned}`, () => {
      const bound = { variance: "learned-range", weight: 1e-3, least: 1e-15 } as const;
      const ours = lossesOf(given, speaking(both, true), eps(), simple(), { bound, clip: "floor" });
      return vectorError(ours, (golden[learned] as Stored).data);
    }),
  ];
}

/** One mean type with one variance type of improved-diffusion. */
interface Meant {
  readonly model_mean_type: string;
  readonly model_var_type: string;
  readonly [part: string]: unknown;
}

const meaningsOf: Readonly<Record<string, Parameterization>> = {
  EPSILON: eps(),
  START_X: x0Meaning(),
  PREVIOUS_X: xprev(),
};
const kindsOf: Readonly<Record<string, VarianceKind>> = {
  FIXED_SMALL: "fixed-small",
  FIXED_LARGE: "fixed-large",
  LEARNED: "learned-log",
  LEARNED_RANGE: "learned-range",
};

function meantCases(where: string, given: Given, golden: Meant): Case[] {
  const { model_mean_type: meant, model_var_type: varying } = golden;
  const meaning = meaningsOf[meant];
  const kind = kindsOf[varying];
  const id = (part: string) => `${where} ${meant} ${varying} ${part}`;
  if (!meaning || !kind) return [caseOf(id("all"), () => unsupported(`${meant} ${varying} is not there`))];
  const ways = (["clip", "noclip"] as const).filter((way) => golden[way] !== undefined);
  return [
    ...ways.flatMap((way) =>
      stepCases(
        id(way),
        given,
        meaning,
        kind,
        way === "clip",
        golden[way] as Readonly<Record<string, Stored>>,
      ),
    ),
    ...["MSE", "RESCALED_MSE", "KL", "RESCALED_KL"].flatMap((loss) =>
      lossCases(
        id(`loss_${loss}`),
        given,
        meaning,
        kind,
        loss,
        golden[`loss_${loss}`] as Readonly<Record<string, Stored>>,
      ),
    ),
  ];
}

function stepCases(
  where: string,
  given: Given,
  meaning: Parameterization,
  kind: VarianceKind,
  clipped: boolean,
  golden: Readonly<Record<string, Stored>>,
): Case[] {
  const { x, x0, moments, schedule, times, variance } = given;
  const gain = gainOf(given, meaning);
  // The bound looks at the mean, which stays as the network gave it where it returns the mean itself.
  const direct = meaning.name === "xprev";
  const guess = (limited = clipped) => {
    const found = guessOf(given, meaning);
    return limited ? clip()(() => ({ x0: found }))(x, moments[0]!).x0 : found;
  };
  const columns = boundColumns(times, schedule, kind);
  const logs = () => columns.logTrue.map((low, i) => (kind === "fixed-large" ? columns.logLow[i]! : low));
  const measured: Readonly<Record<string, () => number>> = {
    vb_bits_per_item: () => {
      const tensors = Object.fromEntries(
        boundColumnNames.map((name) => [name, tf.tensor1d(columns[name])]),
      ) as Record<(typeof boundColumnNames)[number], tf.Tensor1D>;
      const distance = tf.sub(x0, guess(clipped && !direct)) as tf.Tensor4D;
      const ours = boundTerms(kind, { x0, distance, variance, ...tensors }).dataSync();
      return errorOf(ours, golden.vb_bits_per_item!.data, { abs: 1e-6, rel: 1e-5 });
    },
    pred_xstart: () => imageError(guess(), golden.pred_xstart!, gain),
    mean: () => {
      const mean = mixed(given, x, guess(clipped && !direct), (_, i) => {
        const { keep, pull } = before(given, i);
        return [keep, pull];
      });
      return imageError(mean, golden.mean!, direct ? 1 : gain);
    },
    log_variance_per_item: () => vectorError(logs(), golden.log_variance_per_item!.data),
    variance_per_item: () => {
      const large = logs().map((log) => Math.exp(log));
      const small = moments.map((_, i) => before(given, i).variance);
      return vectorError(kind === "fixed-small" ? small : large, golden.variance_per_item!.data);
    },
    log_variance: () => {
      if (kind === "learned-log") return imageError(variance, golden.log_variance!);
      const ours = mixed(given, tf.onesLike(variance), variance, (_, i) => {
        const half = columns.logSpan[i]! / 2;
        return [columns.logLow[i]! + half, half];
      });
      return imageError(ours, golden.log_variance!);
    },
  };
  return Object.keys(golden).map((part) =>
    caseOf(`${where} ${part}`, () =>
      tf.tidy(() => (measured[part] ?? (() => unsupported(`${part} is not compared`)))()),
    ),
  );
}

function lossCases(
  where: string,
  given: Given,
  meaning: Parameterization,
  kind: VarianceKind,
  loss: string,
  golden: Readonly<Record<string, Stored>>,
): Case[] {
  const steps = given.schedule.steps!;
  const learned = kind.startsWith("learned");
  const network = speaking(
    () => (learned ? (tf.concat([given.output, given.variance], 3) as tf.Tensor4D) : given.output),
    learned,
  );
  const share = loss === "RESCALED_MSE" ? steps / 1000 : loss === "RESCALED_KL" ? steps : 1;
  const alone = loss.endsWith("KL");
  const bound = alone || learned ? { variance: kind, weight: share, alone } : undefined;
  const simpleLoss = () => lossesOf(given, network, meaning, simple());
  const total = () => lossesOf(given, network, meaning, simple(), bound ? { bound } : {});
  const close = { abs: 1e-6 * share, rel: 1e-5 };
  const measured: Readonly<Record<string, () => number>> = {
    mse: () => vectorError(simpleLoss(), golden.mse!.data),
    vb: () =>
      errorOf(
        lossesOf(given, network, meaning, simple(), {
          bound: { variance: kind, weight: share, alone: true },
        }),
        golden.vb!.data,
        close,
      ),
    loss: () => errorOf(total(), golden.loss!.data, close),
  };
  return Object.keys(golden).map((part) =>
    caseOf(`${where} ${part}`, () => (measured[part] ?? (() => unsupported(`${part} is not compared`)))()),
  );
}

/** SNR of some moments. */
export const snrs = (moments: readonly Moment[]): number[] => moments.map(snrOf);
