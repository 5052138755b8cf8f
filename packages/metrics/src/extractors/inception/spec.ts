/** How a pooling branch pools. */
export type Pooling = "average" | "max";

/** One convolution: output channels, kernel, stride, and whether the picture keeps its size. */
export interface Conv {
  readonly name: string;
  readonly out: number;
  readonly kernel: readonly [height: number, width: number];
  readonly stride: 1 | 2;
  readonly same: boolean;
}

/** A branch: convolutions one after the other; `fork` holds two that both take the last one's output, side by side. */
export interface Branch {
  readonly pool?: { readonly kind: Pooling; readonly stride: 1 | 2 } | undefined;
  readonly convs: readonly Conv[];
  readonly fork?: readonly [Conv, Conv];
}

/** Branches whose outputs are put side by side. */
export interface Block {
  readonly name: string;
  readonly branches: readonly Branch[];
}

const conv = (
  name: string,
  out: number,
  kernel: number | readonly [number, number] = 1,
  { stride = 1, same = true }: { readonly stride?: 1 | 2; readonly same?: boolean } = {},
): Conv => ({ name, out, kernel: typeof kernel === "number" ? [kernel, kernel] : kernel, stride, same });

const down = { stride: 2, same: false } as const;
const valid = { same: false } as const;

/** The convolutions before the first block, with max pooling after the third and the fifth. */
export const stem: readonly Conv[] = [
  conv("Conv2d_1a_3x3", 32, 3, down),
  conv("Conv2d_2a_3x3", 32, 3, valid),
  conv("Conv2d_2b_3x3", 64, 3),
  conv("Conv2d_3b_1x1", 80),
  conv("Conv2d_4a_3x3", 192, 3, valid),
];

const blockA = (name: string, pooled: number): Block => ({
  name,
  branches: [
    { convs: [conv("branch1x1", 64)] },
    { convs: [conv("branch5x5_1", 48), conv("branch5x5_2", 64, 5)] },
    { convs: [conv("branch3x3dbl_1", 64), conv("branch3x3dbl_2", 96, 3), conv("branch3x3dbl_3", 96, 3)] },
    { pool: { kind: "average", stride: 1 }, convs: [conv("branch_pool", pooled)] },
  ],
});

const blockB: Block = {
  name: "Mixed_6a",
  branches: [
    { convs: [conv("branch3x3", 384, 3, down)] },
    {
      convs: [conv("branch3x3dbl_1", 64), conv("branch3x3dbl_2", 96, 3), conv("branch3x3dbl_3", 96, 3, down)],
    },
    { pool: { kind: "max", stride: 2 }, convs: [] },
  ],
};

const blockC = (name: string, c7: number): Block => ({
  name,
  branches: [
    { convs: [conv("branch1x1", 192)] },
    {
      convs: [conv("branch7x7_1", c7), conv("branch7x7_2", c7, [1, 7]), conv("branch7x7_3", 192, [7, 1])],
    },
    {
      convs: [
        conv("branch7x7dbl_1", c7),
        conv("branch7x7dbl_2", c7, [7, 1]),
        conv("branch7x7dbl_3", c7, [1, 7]),
        conv("branch7x7dbl_4", c7, [7, 1]),
        conv("branch7x7dbl_5", 192, [1, 7]),
      ],
    },
    { pool: { kind: "average", stride: 1 }, convs: [conv("branch_pool", 192)] },
  ],
});

const blockD: Block = {
  name: "Mixed_7a",
  branches: [
    { convs: [conv("branch3x3_1", 192), conv("branch3x3_2", 320, 3, down)] },
    {
      convs: [
        conv("branch7x7x3_1", 192),
        conv("branch7x7x3_2", 192, [1, 7]),
        conv("branch7x7x3_3", 192, [7, 1]),
        conv("branch7x7x3_4", 192, 3, down),
      ],
    },
    { pool: { kind: "max", stride: 2 }, convs: [] },
  ],
};

const blockE = (name: string, kind: Pooling): Block => ({
  name,
  branches: [
    { convs: [conv("branch1x1", 320)] },
    {
      convs: [conv("branch3x3_1", 384)],
      fork: [conv("branch3x3_2a", 384, [1, 3]), conv("branch3x3_2b", 384, [3, 1])],
    },
    {
      convs: [conv("branch3x3dbl_1", 448), conv("branch3x3dbl_2", 384, 3)],
      fork: [conv("branch3x3dbl_3a", 384, [1, 3]), conv("branch3x3dbl_3b", 384, [3, 1])],
    },
    { pool: { kind, stride: 1 }, convs: [conv("branch_pool", 192)] },
  ],
});

/** Blocks up to the features of width 768. */
export const middle: readonly Block[] = [
  blockA("Mixed_5b", 32),
  blockA("Mixed_5c", 64),
  blockA("Mixed_5d", 64),
  blockB,
  blockC("Mixed_6b", 128),
  blockC("Mixed_6c", 160),
  blockC("Mixed_6d", 160),
  blockC("Mixed_6e", 192),
];

/** Blocks up to the features of width 2048; the last one pools by maximum, as the network of the FID paper does. */
export const top: readonly Block[] = [blockD, blockE("Mixed_7b", "average"), blockE("Mixed_7c", "max")];
