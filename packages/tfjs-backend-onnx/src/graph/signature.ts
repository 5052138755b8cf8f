/**
 * Signatures of recordings: a list of integers in which every operation, attribute, shape and dtype is a number from a
 * process-wide table. Equal signatures mean equal graphs; the values of scalars are not in them.
 */
const table = new Map<string, number>();

/** The number of a text, always the same within a process. */
export function intern(text: string): number {
  let id = table.get(text);
  if (id === undefined) {
    id = table.size;
    table.set(text, id);
  }
  return id;
}

export interface Signature {
  push(value: number): void;
  /** The integers so far, valid until the next reset. */
  view(): Int32Array;
  hash(): number;
  reset(): void;
}

/** Makes an empty signature with a rolling hash (FNV-1a over 32-bit integers). */
export function signature(): Signature {
  let values = new Int32Array(4096);
  let length = 0;
  let hash = 0x811c9dc5;
  return {
    push: (value) => {
      if (length === values.length) {
        const grown = new Int32Array(length * 2);
        grown.set(values);
        values = grown;
      }
      values[length++] = value;
      hash = Math.imul(hash ^ value, 0x01000193);
      hash ^= hash >>> 15;
    },
    view: () => values.subarray(0, length),
    hash: () => hash >>> 0,
    reset: () => {
      length = 0;
      hash = 0x811c9dc5;
    },
  };
}

/** Whether two signatures are the same list. */
export function sameSignature(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
