/** Types of levels on the way down, and what kind of level each is here. */
export const downKinds = {
  DownResnetBlock1D: "temporal",
  DownBlock1D: "plain",
  AttnDownBlock1D: "attention",
  DownBlock1DNoSkip: "time",
} as const;

/** Types of levels on the way up, and what kind of level each is here. */
export const upKinds = {
  UpResnetBlock1D: "temporal",
  UpBlock1D: "plain",
  AttnUpBlock1D: "attention",
  UpBlock1DNoSkip: "time",
} as const;

/** Types of the middle, and what kind each is here. */
export const middleKinds = {
  UNetMidBlock1D: "attention",
  MidResTemporalBlock1D: "temporal",
  ValueFunctionMidBlock1D: "value",
} as const;

/** Types of the end, and what kind each is here. */
export const headKinds = { OutConv1DBlock: "conv", ValueFunction: "value" } as const;

/** A level's type on the way down, by diffusers' name. */
export type DownBlockType1D = keyof typeof downKinds;

/** A level's type on the way up, by diffusers' name. */
export type UpBlockType1D = keyof typeof upKinds;

/**
 * Kinds of levels: residual blocks that receive the noise level (`temporal`); convolutions with a cubic filter between
 * levels (`plain`), and attention (`attention`); convolutions at the finest level, next to the noise level on the way
 * down (`time`).
 */
export type LevelKind1D = "temporal" | "plain" | "attention" | "time";
