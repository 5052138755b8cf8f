import type { OpNode, Value } from "../graph/operation.ts";

/** An operation that can do the addition behind it in the same pass. */
export interface AbsorbsAddition {
  /**
   * The operation with `addend` added to its result, or null if it cannot.
   *
   * @param sum the value that the addition gives, which the returned operation has to produce
   */
  absorb(node: OpNode, addend: Value, sum: Value): OpNode | null;
}

/** Operations that absorb additions, by name, and the name of additions. */
export interface RewriteRules {
  readonly addition: string;
  readonly absorbing: Readonly<Record<string, AbsorbsAddition>>;
}

/**
 * Moves additions (biases, residual sums) into the operations whose results they change, where nobody else needs the
 * result without the addition.
 */
export function absorbAdditions(
  nodes: readonly OpNode[],
  outputs: readonly Value[],
  { addition, absorbing }: RewriteRules,
): readonly OpNode[] {
  const uses = new Map<Value, number>();
  const use = (value: Value): void => {
    uses.set(value, (uses.get(value) ?? 0) + 1);
  };
  for (const node of nodes) node.inputs.forEach(use);
  outputs.forEach(use);

  const producer = new Map<Value, OpNode>();
  const removed = new Set<OpNode>();
  const rewritten: OpNode[] = [];
  for (const node of nodes) {
    let now = node;
    if (node.op.name === addition) {
      const [a, b] = node.inputs as [Value, Value];
      const sum = node.outputs[0]!;
      for (const [value, addend] of [
        [a, b],
        [b, a],
      ] as const) {
        const source = producer.get(value);
        if (!source || uses.get(value) !== 1 || a === b) continue;
        const absorbed = absorbing[source.op.name]?.absorb(source, addend, sum);
        if (!absorbed) continue;
        removed.add(source);
        now = absorbed;
        break;
      }
    }
    for (const output of now.outputs) producer.set(output, now);
    rewritten.push(now);
  }
  return rewritten.filter((node) => !removed.has(node));
}
