import type { OpNode, Value } from "../graph/types.ts";
import { sameShape } from "../graph/types.ts";
import { type BlockedLayouts, type Layout, plain } from "./layouts.ts";

/** What operations say about layouts before the graph is lowered. */
export interface LayoutVotes {
  /** Layouts of direct blocked convolutions, or null where there are none. */
  readonly blocked: BlockedLayouts | null;
  /** The operation reads this value best in `layout`. */
  want(value: Value, layout: Layout): void;
  /** The operation produces this value in `layout`. */
  give(value: Value, layout: Layout): void;
  /** The operation works element by element: whatever order these values have, it should be the same one. */
  unify(values: readonly Value[]): void;
}

/** Which layout each value should have. */
export type LayoutChoice = (value: Value) => Layout;

const GIVE = 3;
const WANT = 2;
const STORED = 2;

/**
 * Chooses layouts for a whole graph: values that element-wise operations tie together form a class, and each class takes
 * the layout with most votes from the operations that produce and read its members. So a filter, its gradient, its moments
 * and its average all follow the convolution that reads the filter.
 */
export function assignLayouts(
  nodes: readonly OpNode[],
  leaves: readonly Value[],
  blocked: BlockedLayouts | null,
): LayoutChoice {
  const parent = new Map<Value, Value>();
  const find = (value: Value): Value => {
    let root = value;
    for (let up = parent.get(root); up && up !== root; up = parent.get(root)) root = up;
    for (let at = value; at !== root; ) {
      const up = parent.get(at)!;
      parent.set(at, root);
      at = up;
    }
    return root;
  };
  const wishes: { value: Value; layout: Layout; weight: number }[] = [];
  const vote = (value: Value, layout: Layout, weight: number): void => {
    if (layout.accepts(value.shape)) wishes.push({ value, layout, weight });
  };
  const votes: LayoutVotes = {
    blocked,
    want: (value, layout) => vote(value, layout, WANT),
    give: (value, layout) => vote(value, layout, GIVE),
    unify: (values) => {
      const [first, ...rest] = values;
      for (const value of rest) {
        if (sameShape(value.shape, first!.shape)) {
          const a = find(value);
          const b = find(first!);
          if (a !== b) parent.set(a, b);
        }
      }
    },
  };
  for (const leaf of leaves) {
    const stored = leaf.leaf?.stored;
    if (stored && stored.layout !== plain && sameShape(stored.shape, leaf.shape))
      vote(leaf, stored.layout, STORED);
  }
  for (const node of nodes) node.op.layouts?.(node, votes);

  const tally = new Map<Value, Map<Layout, number>>();
  for (const { value, layout, weight } of wishes) {
    const root = find(value);
    let counts = tally.get(root);
    if (!counts) {
      counts = new Map();
      tally.set(root, counts);
    }
    counts.set(layout, (counts.get(layout) ?? 0) + weight);
  }
  const chosen = new Map<Value, Layout>();
  for (const [root, counts] of tally) {
    let best: Layout = plain;
    let most = 0;
    for (const [layout, count] of counts) {
      if (count > most) {
        best = layout;
        most = count;
      }
    }
    chosen.set(root, best);
  }
  return (value) => chosen.get(find(value)) ?? plain;
}
