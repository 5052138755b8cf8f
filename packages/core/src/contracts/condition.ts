import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import { type ErrorPlace, expectShape, fail } from "../errors/errors.ts";

/** What the network is conditioned on besides the noise level; all absent means unconditional. */
export interface Condition {
  /** Class per sample, [B] int32; the value `classes` means "none" (guidance dropout). */
  readonly labels?: Tensor1D;
  /** A condition image, [B, H, W, C'], concatenated to the input: of networks for images. */
  readonly image?: Tensor4D;
  /** The network's own earlier guess of x_0, [B, …, C] (self-conditioning). */
  readonly guess?: Tensor;
  /**
   * Numbers of each sample, [B, N]: labels of its augmentation (EDM), or embeddings made elsewhere. Where a network declares
   * `vectorParts`, they are concatenated in that order.
   */
  readonly vector?: Tensor2D;
  /** Tokens that the network attends to, [B, L, D]: a text's states, for example. */
  readonly context?: Tensor3D;
  /** [B, L], 1 where a token of the context is seen, else 0; all are seen when left out. */
  readonly contextMask?: Tensor2D;
  /** Ids of a text, [B, L] int32, for a network with a text model of its own; the empty text when left out. */
  readonly tokens?: Tensor2D;
}

/** What a network declares about the conditions that it takes. */
export interface TakenConditions {
  /** Number of classes of `condition.labels`; absent: it takes none. */
  readonly classes?: number | undefined;
  /** Channels of `condition.image`, which it then cannot do without; absent: it takes none. */
  readonly imageChannels?: number | undefined;
  /** Takes `condition.guess`; without one it makes do with zeros. */
  readonly takesGuess?: boolean | undefined;
  /** Numbers of `condition.vector` for each sample; absent: it takes none. */
  readonly vector?: number | undefined;
  /** What `condition.vector` consists of, in order, where its numbers have names. */
  readonly vectorParts?: Readonly<Record<string, number>> | undefined;
  /** Width of the tokens of `condition.context`, which it then cannot do without; absent: it takes none. */
  readonly context?: number | undefined;
  /** The row of `condition.tokens` that the empty text has, [L]; absent: it takes none. */
  readonly tokens?: readonly number[] | undefined;
}

/** A field of a condition as a network takes it. */
export interface ConditionField {
  readonly name: keyof Condition;
  /** Of one sample, without the batch; −1 for any number of tokens. */
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
  /** The network cannot do without it. */
  readonly needed: boolean;
}

const NAMES = [
  "labels",
  "image",
  "guess",
  "vector",
  "context",
  "contextMask",
  "tokens",
] as const satisfies readonly (keyof Condition)[];

/** The condition among named tensors: the fields that are there, and nothing else. */
export function conditionOf(
  given: { readonly [Name in keyof Condition]?: Condition[Name] | undefined },
): Condition {
  return Object.fromEntries(NAMES.flatMap((name) => (given[name] ? [[name, given[name]]] : [])));
}

/**
 * The fields of a condition that a network takes.
 *
 * @param sample shape of one sample, […, C]
 */
export function conditionFields(
  { classes, imageChannels, takesGuess, vector, context, tokens }: TakenConditions,
  sample: readonly number[],
): readonly ConditionField[] {
  const sides = sample.slice(0, -1);
  const optional = { dtype: "float32", needed: false } as const;
  const needed = { dtype: "float32", needed: true } as const;
  const fields: readonly (ConditionField | undefined)[] = [
    classes === undefined ? undefined : { name: "labels", shape: [], dtype: "int32", needed: false },
    imageChannels ? { name: "image", shape: [...sides, imageChannels], ...needed } : undefined,
    takesGuess ? { name: "guess", shape: sample, ...optional } : undefined,
    vector ? { name: "vector", shape: [vector], ...optional } : undefined,
    context ? { name: "context", shape: [-1, context], ...needed } : undefined,
    context ? { name: "contextMask", shape: [-1], dtype: "int32", needed: false } : undefined,
    tokens ? { name: "tokens", shape: [tokens.length], dtype: "int32", needed: false } : undefined,
  ];
  return fields.filter((field) => field !== undefined);
}

/**
 * Checks a condition against what a network takes.
 *
 * @param samples shape of the samples, [B, …, C]
 * @throws DdpmError for a field that it does not take, one of another shape, or one that it cannot do without
 */
export function checkCondition(
  where: ErrorPlace,
  network: TakenConditions,
  samples: readonly number[],
  condition: Condition,
): void {
  const [batch, ...sample] = samples as [number, ...number[]];
  const fields = conditionFields(network, sample);
  const taken = fields.map(({ name }) => name).join(", ") || "no condition";
  for (const name of NAMES) {
    if (condition[name] && !fields.some((field) => field.name === name)) {
      fail(where, `condition.${name} was given, but the network takes none.`, `It takes ${taken}.`);
    }
  }
  for (const { name, shape, needed } of fields) {
    const given = condition[name];
    if (given) {
      expectShape(where, `condition.${name}`, given.shape, [batch, ...shape]);
    } else if (needed) {
      const wanted = [batch, ...shape].map((size) => (size === -1 ? "any" : size)).join(", ");
      fail(where, `the network needs condition.${name} of shape [${wanted}], and none was given.`);
    }
  }
  const { context, contextMask } = condition;
  if (context && contextMask) {
    expectShape(where, "condition.contextMask", contextMask.shape, [batch, context.shape[1]]);
  }
}
