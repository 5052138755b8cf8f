import type { OnnxConstant, OnnxNode } from "./model.ts";

/** The nodes that outputs depend on. Lowering emits views that turn out not to be needed, and the runtime would run them. */
export function pruneNodes(nodes: readonly OnnxNode[], outputs: readonly string[]): readonly OnnxNode[] {
  const needed = new Set(outputs);
  const kept: OnnxNode[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (!node.outputs.some((name) => needed.has(name))) continue;
    for (const input of node.inputs) needed.add(input);
    kept.push(node);
  }
  return kept.reverse();
}

/** The constants that nodes read. */
export function pruneConstants(
  constants: readonly OnnxConstant[],
  nodes: readonly OnnxNode[],
): readonly OnnxConstant[] {
  const read = new Set(nodes.flatMap((node) => node.inputs));
  return constants.filter(({ name }) => read.has(name));
}
