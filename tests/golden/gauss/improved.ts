import * as tf from "@tensorflow/tfjs-core";
import type { Parameterization } from "../../../packages/core/src/index.ts";
import {
  boundColumnNames,
  boundColumns,
  boundTerms,
  type VarianceKind,
} from "../../../packages/diffusion/src/authoring.ts";
import { clip, eps, simple, x0 as x0Meaning, xprev } from "../../../packages/diffusion/src/index.ts";
import { memberOf } from "../declared.ts";
import { type Case, caseOf, errorOf, membersBut, unsupported } from "../result.ts";
import type { Stored } from "../sampling/file.ts";
import { before, type Given, gainOf, guessOf, mixed } from "./given.ts";
import { kindsOf } from "./names.ts";
import { imageError, vectorError } from "./numbers.ts";
import { lossesOf, speaking } from "./objectives.ts";

/** One mean type with one variance type of improved-diffusion. */
export interface Meant {
  readonly model_mean_type: string;
  readonly model_var_type: string;
  readonly [part: string]: unknown;
}

const meaningsOf: Readonly<Record<string, Parameterization>> = {
  EPSILON: eps(),
  START_X: x0Meaning(),
  PREVIOUS_X: xprev(),
};

/** Steps and losses of one mean type with one variance type. */
export function meantCases(where: string, given: Given, golden: Meant): Case[] {
  const { model_mean_type: meant, model_var_type: varying } = golden;
  const meaning = memberOf(meaningsOf, String(meant));
  const kind = memberOf(kindsOf, String(varying));
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
    ...strangeCases(id, golden),
    ...losses
      .filter((loss) => golden[`loss_${loss}`] !== undefined)
      .flatMap((loss) =>
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

const losses = ["MSE", "RESCALED_MSE", "KL", "RESCALED_KL"];

/** Members that are neither steps nor losses that are known. */
function strangeCases(id: (part: string) => string, golden: Meant): Case[] {
  const read = [
    "model_mean_type",
    "model_var_type",
    "clip",
    "noclip",
    ...losses.map((loss) => `loss_${loss}`),
  ];
  return membersBut(golden, read).map((name) => ({ id: id(name), reason: `nothing compares ${name}` }));
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
      const distance = tf.sub(x0, guess(clipped && !direct));
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
      tf.tidy(() => (memberOf(measured, part) ?? (() => unsupported(`nothing compares ${part}`)))()),
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
    () => (learned ? tf.concat([given.output, given.variance], 3) : given.output),
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
    caseOf(`${where} ${part}`, () =>
      (memberOf(measured, part) ?? (() => unsupported(`nothing compares ${part}`)))(),
    ),
  );
}
