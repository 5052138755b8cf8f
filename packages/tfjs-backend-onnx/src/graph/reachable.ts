import type { OpNode, Value } from "./operation.ts";
import type { Recording } from "./recorder.ts";

/** The nodes that outputs depend on, in recorded order. */
export function reachable(recording: Recording, outputs: readonly Value[]): readonly OpNode[] {
  const marked = new Set<OpNode>();
  for (const { node } of outputs) if (node) marked.add(node);
  for (let i = recording.nodes.length - 1; i >= 0; i--) {
    const node = recording.nodes[i]!;
    if (marked.has(node)) for (const input of node.inputs) if (input.node) marked.add(input.node);
  }
  return recording.nodes.filter((node) => marked.has(node));
}
