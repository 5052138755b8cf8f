import type { LayoutChoice, LayoutVotes, OpNode, Value } from "../graph/operation.ts";
import { type BlockedLayouts, type Layout, plain } from "../tensor/layouts.ts";
import { sameShape } from "../tensor/shape.ts";

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
  const classes = layoutClasses();
  const cast: Vote[] = [];
  const vote = (value: Value, layout: Layout, weight: number): void => {
    if (layout.accepts(value.shape)) cast.push({ value, layout, weight });
  };
  const votes: LayoutVotes = {
    blocked,
    want: (value, layout) => vote(value, layout, WANT),
    give: (value, layout) => vote(value, layout, GIVE),
    unify: (values) => {
      const [first, ...rest] = values;
      for (const value of rest) if (sameShape(value.shape, first!.shape)) classes.join(value, first!);
    },
  };
  for (const leaf of leaves) {
    const stored = leaf.leaf?.stored;
    if (stored && stored.layout !== plain && sameShape(stored.shape, leaf.shape))
      vote(leaf, stored.layout, STORED);
  }
  for (const node of nodes) node.op.layouts?.(node, votes);
  const chosen = mostVoted(cast, classes.rootOf);
  return (value) => chosen.get(classes.rootOf(value)) ?? plain;
}

interface Vote {
  readonly value: Value;
  readonly layout: Layout;
  readonly weight: number;
}

/** Classes of values that share a layout, each known by one of its members: a union-find structure. */
function layoutClasses(): { rootOf(value: Value): Value; join(a: Value, b: Value): void } {
  const parent = new Map<Value, Value>();
  const rootOf = (value: Value): Value => {
    let root = value;
    for (let up = parent.get(root); up && up !== root; up = parent.get(root)) root = up;
    for (let at = value; at !== root; ) {
      const up = parent.get(at)!;
      parent.set(at, root);
      at = up;
    }
    return root;
  };
  return {
    rootOf,
    join: (a, b) => {
      const rootA = rootOf(a);
      const rootB = rootOf(b);
      if (rootA !== rootB) parent.set(rootA, rootB);
    },
  };
}

/** The layout with most votes of each class; the first one among equals. */
function mostVoted(votes: readonly Vote[], rootOf: (value: Value) => Value): ReadonlyMap<Value, Layout> {
  const tally = new Map<Value, Map<Layout, number>>();
  for (const { value, layout, weight } of votes) {
    const root = rootOf(value);
    const counts = tally.get(root) ?? new Map<Layout, number>();
    tally.set(root, counts);
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
  return chosen;
}
