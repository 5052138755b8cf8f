import { fail } from "@ddpm/core";
import type { ActivationName } from "../../layers/activations/activations.ts";
import type { CompleteConditionConfig } from "./config.ts";
import type { ConditionLevels } from "./levels.ts";

const where = "unet/unet2d-condition";

/** What becomes of the noise level and the condition. */
export interface ConditionInputs {
  /** Width of the embedding, and of the one that blocks receive. */
  readonly embedding: number;
  readonly blockEmbedding: number;
  readonly waves: "sinusoidal" | "fourier";
  readonly cosFirst: boolean;
  readonly frequencyShift: number;
  /** After the noise level's part, and after the whole embedding. */
  readonly timeActivation?: ActivationName;
  readonly wholeActivation?: ActivationName;
  readonly classes?: number;
  readonly classKind: "none" | "table" | "waves" | "vector" | "mlp" | "dense";
  readonly classNone: boolean;
  readonly addition: "none" | "text" | "text_time" | "image" | "text_image";
  /** Sinusoids per number of `sizes`. */
  readonly sizeWaves: number;
  readonly poolHeads: number;
  readonly projection: "none" | "text" | "image" | "text_image";
  /** Width of the tokens that levels attend to; left out where none does. */
  readonly attended?: number;
  /** Width of the context's tokens that the network takes; left out where it takes none. */
  readonly context?: number;
  /** What `condition.vector` consists of. */
  readonly vectorParts: Readonly<Record<string, number>>;
}

/** What a configuration makes of the noise level and the condition. @throws DdpmError where a width is missing */
export function conditionInputs(config: CompleteConditionConfig, levels: ConditionLevels): ConditionInputs {
  const fourier = config.timeEmbeddingType === "fourier";
  const embedding = config.timeEmbeddingDim ?? (fourier ? 2 : 4) * config.blockOutChannels[0]!;
  const classKind = classKindOf(config);
  const concatenated = config.classEmbeddingsConcat;
  if (concatenated && (classKind === "none" || config.additionEmbedType)) {
    fail(where, "classEmbeddingsConcat needs a class, and no additionEmbedType next to it.");
  }
  const attended = attendedWidth(levels);
  const addition = config.additionEmbedType ?? "none";
  const projection = projectionOf(config);
  const takesText = addition === "text" || (attended !== undefined && projection !== "image");
  const context = takesText ? (config.encoderHidDim ?? attended ?? single(config)) : undefined;
  const post = config.timestepPostAct;
  const whole = config.timeEmbeddingActFn;
  return {
    embedding,
    blockEmbedding: concatenated ? 2 * embedding : embedding,
    waves: fourier ? "fourier" : "sinusoidal",
    cosFirst: config.flipSinToCos,
    frequencyShift: config.freqShift,
    ...(post ? { timeActivation: named(post) } : {}),
    ...(whole ? { wholeActivation: named(whole) } : {}),
    classKind,
    ...classesOf(config, classKind),
    classNone: config.classNone,
    addition,
    sizeWaves: addition === "text_time" ? needed(config, "additionTimeEmbedDim") : 0,
    poolHeads: config.additionEmbedTypeNumHeads,
    projection,
    ...(attended === undefined ? {} : { attended }),
    ...(context === undefined ? {} : { context }),
    vectorParts: partsOf(config, { classKind, embedding, projection, attended }),
  };
}

type Named = NonNullable<CompleteConditionConfig["timestepPostAct"]>;

function named(activation: Named): ActivationName {
  return activation === "swish" ? "silu" : activation;
}

/** As in diffusers, the type decides where there is one, and the number of classes else. */
function classKindOf({
  classEmbedType,
  numClassEmbeds,
}: CompleteConditionConfig): ConditionInputs["classKind"] {
  const kinds = {
    timestep: "waves",
    identity: "vector",
    projection: "mlp",
    simple_projection: "dense",
  } as const;
  if (classEmbedType) return kinds[classEmbedType];
  return numClassEmbeds ? "table" : "none";
}

function classesOf(
  { numClassEmbeds }: CompleteConditionConfig,
  kind: ConditionInputs["classKind"],
): { classes?: number } {
  // Sinusoids take any number for a label; the label of no class here is one past the largest.
  if (kind === "waves") return { classes: numClassEmbeds ?? 1000 };
  return kind === "table" ? { classes: numClassEmbeds! } : {};
}

function projectionOf({
  encoderHidDim,
  encoderHidDimType,
}: CompleteConditionConfig): ConditionInputs["projection"] {
  const kinds = { text_proj: "text", image_proj: "image", text_image_proj: "text_image" } as const;
  if (!encoderHidDimType) return encoderHidDim ? "text" : "none";
  if (!encoderHidDim)
    fail(where, `encoderHidDimType is ${encoderHidDimType}, and encoderHidDim is left out.`);
  return kinds[encoderHidDimType];
}

/** The one width of the tokens that levels attend to. */
function attendedWidth({ down, up, middle }: ConditionLevels): number | undefined {
  const widths = [...down, ...up, ...(middle ? [middle] : [])].flatMap(({ context }) => context?.width ?? []);
  const other = widths.find((width) => width !== widths[0]);
  if (other)
    fail(
      where,
      `levels attend to tokens of ${widths[0]} and of ${other} numbers.`,
      "A context has one width.",
    );
  return widths[0];
}

function single({ crossAttentionDim }: CompleteConditionConfig): number {
  if (typeof crossAttentionDim === "number") return crossAttentionDim;
  return fail(where, "crossAttentionDim is no single number.", "Give one for the whole network.");
}

function needed(
  config: CompleteConditionConfig,
  name: "additionTimeEmbedDim" | "projectionClassEmbeddingsInputDim",
): number {
  return config[name] ?? fail(where, `${name} is left out, and another option needs it.`);
}

/** The parts of `condition.vector`, in order. */
function partsOf(
  config: CompleteConditionConfig,
  given: Pick<ConditionInputs, "classKind" | "embedding" | "projection"> & { attended: number | undefined },
): Record<string, number> {
  const { additionEmbedType: addition, timeCondProjDim: guidance, timeIds } = config;
  const { classKind, embedding } = given;
  const parts: Record<string, number> = {};
  if (classKind === "vector") parts.class = embedding;
  if (classKind === "mlp" || classKind === "dense") {
    parts.class = needed(config, "projectionClassEmbeddingsInputDim");
  }
  if (guidance) parts.guidance = guidance;
  if (addition === "text_time") {
    const taken = timeIds * needed(config, "additionTimeEmbedDim");
    const text = needed(config, "projectionClassEmbeddingsInputDim") - taken;
    if (text < 1) fail(where, `projectionClassEmbeddingsInputDim leaves ${text} numbers for the text.`);
    parts.text = text;
    parts.sizes = timeIds;
  }
  if (addition === "text_image") parts.text = single(config);
  const images = imageWidths(config, given.projection);
  if (images[0] !== undefined) parts.image = images[0];
  return parts;
}

/** Numbers of an image's embedding, which the embedding and the context may both be made of. */
function imageWidths(config: CompleteConditionConfig, projection: ConditionInputs["projection"]): number[] {
  const widths: number[] = [];
  const ofImage = (): number =>
    config.encoderHidDim ??
    fail(where, "encoderHidDim is left out, and an image's embedding has that width.");
  if (config.additionEmbedType === "image") widths.push(ofImage());
  if (config.additionEmbedType === "text_image") widths.push(single(config));
  if (projection === "image") widths.push(ofImage());
  if (projection === "text_image") widths.push(single(config));
  if (widths.some((width) => width !== widths[0])) fail(where, "an image's embedding has two widths.");
  return widths;
}
