import { type Condition, type Denoiser, fail, type Params } from "@ddpm/core";
import type { TextModel, Tokenizer } from "@ddpm/core/authoring";
import { checkCondition } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { tokenRows } from "./token-rows.ts";

/** Parameters of the text model have this before their names. */
const TEXT = "text.";

/** Parts of a denoiser that reads text. */
export interface WithTextOptions {
  /** Takes a context of the text model's width. */
  readonly denoiser: Denoiser;
  readonly textModel: TextModel;
  readonly tokenizer: Tokenizer;
  /**
   * Hide padding from both networks, where it is an id of its own; true. Pipelines of Stable Diffusion show it: false.
   */
  readonly maskPadding?: boolean | undefined;
}

/**
 * A denoiser that reads rows of ids (`condition.tokens`): the text model makes the context of the network, and its pooled state the
 * vector of a network that takes one; both are trained as one. Without tokens the text is empty, which guidance and caption dropout rely on.
 *
 * @returns a denoiser with the parameters of both, those of the text model as `text.…`
 * @throws DdpmError for parts that do not fit
 */
export function withText({ denoiser, textModel, tokenizer, maskPadding = true }: WithTextOptions): Denoiser {
  const { context, vector, ...others } = denoiser;
  const pools = vector !== undefined && !denoiser.vectorParts;
  const rest = pools || vector === undefined ? others : { ...others, vector };
  checkFit(denoiser, textModel, tokenizer);
  const { padding, start, end } = tokenizer;
  const hidesPadding = maskPadding && padding !== start && padding !== end;
  const empty = [...tokenRows(tokenizer, [""]).ids];
  return {
    ...rest,
    specs: [...denoiser.specs, ...textModel.specs.map((spec) => ({ ...spec, name: `${TEXT}${spec.name}` }))],
    tokens: empty,
    init: (random) => ({
      ...denoiser.init(random),
      ...renamed(textModel.init(random.fork("text")), (name) => `${TEXT}${name}`),
    }),
    apply(params, x, noise, condition, mode) {
      const { tokens: given, ...fields } = condition;
      checkCondition("text/with-text", { tokens: empty }, x.shape, given ? { tokens: given } : {});
      return tf.tidy(() => {
        const tokens = given ?? repeated(empty, x.shape[0]!);
        const mask = hidesPadding
          ? (tf.cast(tf.notEqual(tokens, padding), "int32") as tf.Tensor2D)
          : undefined;
        const { last, pooled } = textModel.apply(textParams(params), tokens, mask);
        const read: Condition = {
          ...{ ...fields, context: last },
          ...(pools ? { vector: pooled } : {}),
          ...(mask ? { contextMask: mask } : {}),
        };
        return denoiser.apply(params, x, noise, read, mode);
      });
    },
  };
}

function checkFit(denoiser: Denoiser, textModel: TextModel, tokenizer: Tokenizer): void {
  const where = "text/with-text";
  if (denoiser.context !== textModel.width) {
    const taken = denoiser.context ? `a context of width ${denoiser.context}` : "no context";
    fail(
      where,
      `${denoiser.name} takes ${taken}, and the states of ${textModel.name} have ${textModel.width} numbers.`,
    );
  }
  const { vector, vectorParts } = denoiser;
  if (vector !== undefined && !vectorParts && vector !== textModel.pooledWidth)
    fail(
      where,
      `${denoiser.name} takes a vector of ${vector} numbers, and the pooled state of ${textModel.name} has ${textModel.pooledWidth}.`,
    );
  if (tokenizer.size > textModel.vocabulary)
    fail(
      where,
      `${tokenizer.name} has ${tokenizer.size} tokens, and ${textModel.name} knows ${textModel.vocabulary}.`,
    );
  if (tokenizer.length > textModel.length)
    fail(where, `rows of ${tokenizer.length} ids, and ${textModel.name} takes ${textModel.length} at most.`);
}

function textParams(params: Params): Params {
  const own = Object.entries(params).filter(([name]) => name.startsWith(TEXT));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(TEXT.length), value]));
}

function renamed(params: Params, rename: (name: string) => string): Params {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [rename(name), value]));
}

function repeated(row: readonly number[], count: number): tf.Tensor2D {
  return tf.tile(tf.tensor2d([[...row]], [1, row.length], "int32"), [count, 1]);
}
