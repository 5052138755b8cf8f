import { fail } from "../errors/errors.ts";
import { angleOf, fillNormals, radiusOf } from "./box-muller.ts";
import { philox, philoxWords } from "./philox.ts";

/**
 * A seeded stream of random numbers, counter-based: its state is a key and a position, so it can be saved,
 * and forked streams do not depend on what was drawn before.
 */
export interface Random {
  /** A number in [0, 1), 53 bits. */
  uniform(): number;
  /** A standard normal number. */
  normal(): number;
  /**
   * A whole number in [0, bound), without bias.
   *
   * @throws DdpmError unless bound is a whole number in [1, 2^32]
   */
  integer(bound: number): number;
  /** `count` numbers in [0, 1), 24 bits each so that float32 never rounds up to 1. */
  uniforms(count: number): Float32Array;
  /** `count` standard normal numbers: the same as that many calls of `normal`, rounded to float32. */
  normals(count: number): Float32Array;
  /** 0 … count − 1 in random order. */
  permutation(count: number): Uint32Array;
  /** A stream of its own: same parent and label, same stream, whatever was drawn before. */
  fork(label: string | number): Random;
  /** Where the stream stands; {@link randomFrom} continues from there. */
  state(): RandomState;
}

/** All there is to save of a stream. */
export interface RandomState {
  readonly key: readonly [number, number];
  /** Words drawn so far. */
  readonly position: number;
  /** The second half of a pair of normals that was drawn but not yet given out. */
  readonly spare?: number;
}

/** Words that are made at once, and the buffer that holds them until they are used. */
const PIECE = 2048;
const piece = new Uint32Array(PIECE);

/** The last word of the counter: 0 for draws, this for forks, so that the two never meet. */
const FORK = 0x666f726b;

/**
 * A stream from a seed: Philox 4×32-10 words, Box–Muller normals.
 *
 * @param seed any whole number up to 2^53, 0 included
 * @throws DdpmError for any other number
 */
export function random(seed: number): Random {
  if (!(Number.isInteger(seed) && seed >= 0 && seed <= 2 ** 53)) {
    fail("core/random", `seed ${seed} given, expected a whole number from 0 to 2^53.`);
  }
  return randomFrom({ key: [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0], position: 0 });
}

/** Continues where {@link Random.state} left off. */
export function randomFrom(state: RandomState): Random {
  const [key0, key1] = state.key;
  const block = new Uint32Array(4);
  let position = state.position;
  let loaded = -1;
  let spare = state.spare;

  const word = (): number => {
    const index = Math.floor(position / 4);
    if (index !== loaded) {
      philox([index >>> 0, Math.floor(index / 2 ** 32), 0, 0], key0, key1, block);
      loaded = index;
    }
    return block[position++ % 4]!;
  };
  const uniform = (): number => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = radiusOf(word());
    const angle = angleOf(word());
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  /** Hands on the next `count` words in pieces, each lent: words from `begin` on. */
  const inPieces = (count: number, take: (begin: number, length: number) => void): void => {
    for (let left = count; left > 0; ) {
      const begin = position % 4;
      const length = Math.min(left, PIECE - 4);
      philoxWords(Math.floor(position / 4), key0, key1, piece, Math.ceil((begin + length) / 4));
      take(begin, length);
      position += length;
      left -= length;
    }
  };
  const integer = (bound: number): number => {
    if (!(Number.isInteger(bound) && bound >= 1 && bound <= 2 ** 32)) {
      fail("core/random", `bound ${bound} given, expected a whole number from 1 to 2^32.`);
    }
    const limit = Math.floor(2 ** 32 / bound) * bound;
    let drawn = word();
    while (drawn >= limit) drawn = word();
    return drawn % bound;
  };

  return {
    uniform,
    normal,
    integer,
    uniforms(count) {
      const values = new Float32Array(count);
      let i = 0;
      inPieces(count, (begin, length) => {
        for (let k = begin; k < begin + length; k++) values[i++] = (piece[k]! >>> 8) / 2 ** 24;
      });
      return values;
    },
    normals(count) {
      const values = new Float32Array(count);
      let i = 0;
      if (spare !== undefined && count > 0) values[i++] = normal();
      inPieces(2 * Math.floor((count - i) / 2), (begin, length) => {
        fillNormals(piece, begin, values, i, length / 2);
        i += length;
      });
      if (i < count) values[i] = normal();
      return values;
    },
    permutation(count) {
      const order = Uint32Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i > 0; i--) {
        const j = integer(i + 1);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return order;
    },
    fork(label) {
      const child = new Uint32Array(4);
      philox([...hash(label), typeof label === "number" ? 1 : 2, FORK], key0, key1, child);
      return randomFrom({ key: [child[0]!, child[1]!], position: 0 });
    },
    state: () => ({ key: [key0, key1], position, ...(spare === undefined ? {} : { spare }) }),
  };
}

/** Two words from a label: the number itself, or two FNV-1a hashes of the text. */
function hash(label: string | number): [number, number] {
  if (typeof label === "number") return [label >>> 0, Math.floor(label / 2 ** 32) >>> 0];
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (let i = 0; i < label.length; i++) {
    const unit = label.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193) >>> 0;
    b = Math.imul(b ^ (unit + i), 0x85ebca6b) >>> 0;
  }
  return [a, b];
}
