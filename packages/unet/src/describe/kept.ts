import type { RECOMPUTED } from "../layers/blocks/recompute.ts";
import type { Operation } from "./trace.ts";

/** What the forward pass leaves behind for the gradient. */
export interface Kept {
  /** Operations whose results stay. */
  readonly operations: ReadonlySet<Operation>;
  /** Most bytes that working something out again takes, on top of them. */
  readonly again: number;
}

/**
 * Takes away what the backward pass recomputes: of everything inside of such a scope, only what is read outside stays.
 *
 * @param all        every operation, in order
 * @param operations those to look at
 * @param scopes     which kinds of scopes are recomputed, the outer ones first
 */
export function keptFor(
  all: readonly Operation[],
  operations: readonly Operation[],
  [scope, ...inner]: readonly (keyof typeof RECOMPUTED)[],
): Kept {
  if (!scope) return { operations: new Set(operations), again: 0 };
  const groups = new Map<number, Operation[]>();
  const outside: Operation[] = [];
  for (const operation of operations) {
    const id = operation.scopes[scope];
    if (id === undefined) outside.push(operation);
    else groups.set(id, [...(groups.get(id) ?? []), operation]);
  }
  const rest = keptFor(all, outside, inner);
  const kept = new Set(rest.operations);
  let again = rest.again;
  for (const group of groups.values()) {
    const within = keptFor(all, group, inner);
    again = Math.max(again, bytesOf(within.operations) + within.again);
    const end = all.indexOf(group.at(-1)!);
    for (const operation of group) if (operation.lastUse > end) kept.add(operation);
  }
  return { operations: kept, again };
}

/** Bytes of the results of operations. */
export function bytesOf(operations: Iterable<Operation>): number {
  let bytes = 0;
  for (const operation of operations) bytes += operation.bytes;
  return bytes;
}
