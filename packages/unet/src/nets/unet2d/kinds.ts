/** Types of levels on the way down, and what kind of level each is here. */
export const downKinds = {
  DownBlock2D: "plain",
  AttnDownBlock2D: "attention",
  ResnetDownsampleBlock2D: "block",
  SkipDownBlock2D: "skip",
  AttnSkipDownBlock2D: "skip-attention",
  KDownBlock2D: "k",
} as const;

/** Types of levels on the way up, and what kind of level each is here. */
export const upKinds = {
  UpBlock2D: "plain",
  AttnUpBlock2D: "attention",
  ResnetUpsampleBlock2D: "block",
  SkipUpBlock2D: "skip",
  AttnSkipUpBlock2D: "skip-attention",
  KUpBlock2D: "k",
} as const;

/** A level's type on the way down, by diffusers' name. */
export type DownBlockType = keyof typeof downKinds;

/** A level's type on the way up, by diffusers' name. */
export type UpBlockType = keyof typeof upKinds;

/**
 * Kinds of levels; `k` levels stand with none but `k` levels. `k-context` levels attend to a context, `context` levels have transformers that attend to a context,
 * `joined` levels resample in blocks and attend to pixels and context together.
 */
export type LevelKind =
  | "plain"
  | "attention"
  | "block"
  | "skip"
  | "skip-attention"
  | "k"
  | "k-context"
  | "context"
  | "joined";

/** The type on the way up of a kind of level. */
export function upTypeOf(kind: LevelKind): UpBlockType {
  return (Object.keys(upKinds) as UpBlockType[]).find((type) => upKinds[type] === kind)!;
}

/** Levels that keep no halved features and take only what was kept last. */
export function isK(kind: LevelKind): boolean {
  return kind === "k" || kind === "k-context";
}
