/** Types of levels on the way down, and what kind of level each is here. */
export const downKinds = {
  DownBlock2D: "plain",
  AttnDownBlock2D: "attention",
  ResnetDownsampleBlock2D: "block",
  CrossAttnDownBlock2D: "context",
  SimpleCrossAttnDownBlock2D: "joined",
  KDownBlock2D: "k",
  KCrossAttnDownBlock2D: "k-context",
} as const;

/** Types of levels on the way up, and what kind of level each is here. */
export const upKinds = {
  UpBlock2D: "plain",
  AttnUpBlock2D: "attention",
  ResnetUpsampleBlock2D: "block",
  CrossAttnUpBlock2D: "context",
  SimpleCrossAttnUpBlock2D: "joined",
  KUpBlock2D: "k",
  KCrossAttnUpBlock2D: "k-context",
} as const;

/** Types of the middle, and what kind of attention each has. */
export const middleKinds = {
  UNetMidBlock2D: "plain",
  UNetMidBlock2DCrossAttn: "context",
  UNetMidBlock2DSimpleCrossAttn: "joined",
} as const;

/** A level's type on the way down, by diffusers' name. */
export type ConditionDownType = keyof typeof downKinds;

/** A level's type on the way up, by diffusers' name. */
export type ConditionUpType = keyof typeof upKinds;

/** The type of the middle, by diffusers' name. */
export type ConditionMiddleType = keyof typeof middleKinds;
