/** Kinds of levels on the way down, by what they are called there. */
export const downKinds = {
  DownBlock2D: "plain",
  AttnDownBlock2D: "attention",
  ResnetDownsampleBlock2D: "block",
  SkipDownBlock2D: "skip",
  AttnSkipDownBlock2D: "skip-attention",
  KDownBlock2D: "k",
} as const;

/** Kinds of levels on the way up, by what they are called there. */
export const upKinds = {
  UpBlock2D: "plain",
  AttnUpBlock2D: "attention",
  ResnetUpsampleBlock2D: "block",
  SkipUpBlock2D: "skip",
  AttnSkipUpBlock2D: "skip-attention",
  KUpBlock2D: "k",
} as const;
