/** Array that holds each dtype; F16 and BF16 keep their bits, see `float32` to convert. */
export interface DTypeArrays {
  readonly U64: BigUint64Array;
  readonly I64: BigInt64Array;
  readonly F64: Float64Array;
  readonly F32: Float32Array;
  readonly U32: Uint32Array;
  readonly I32: Int32Array;
  readonly BF16: Uint16Array;
  readonly F16: Uint16Array;
  readonly U16: Uint16Array;
  readonly I16: Int16Array;
  readonly I8: Int8Array;
  readonly U8: Uint8Array;
  readonly BOOL: Uint8Array;
}

/** Names of number formats as a safetensors header spells them. */
export type DType = keyof DTypeArrays;

/** Any array a tensor may hold. */
export type DTypeArray = DTypeArrays[DType];

/** A named tensor's content: numbers in row-major order; their count is the product of `shape`. */
export type SafeTensor<D extends DType = DType> = {
  readonly [K in D]: {
    readonly dtype: K;
    readonly shape: readonly number[];
    readonly data: DTypeArrays[K];
  };
}[D];

/** What is needed to view bytes as numbers of one dtype. */
export interface DTypeArrayClass {
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): DTypeArray;
}

/**
 * Arrays by dtype, in the order in which tensors are written: widest first, so that every tensor starts aligned.
 *
 * Source: `Dtype` in safetensors/src/tensor.rs, read backwards.
 */
export const DTYPES: Readonly<Record<DType, DTypeArrayClass>> = {
  U64: BigUint64Array,
  I64: BigInt64Array,
  F64: Float64Array,
  F32: Float32Array,
  U32: Uint32Array,
  I32: Int32Array,
  BF16: Uint16Array,
  F16: Uint16Array,
  U16: Uint16Array,
  I16: Int16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};

/** The keys of {@link DTYPES}, in writing order. */
export const DTYPE_NAMES: readonly DType[] = Object.keys(DTYPES) as DType[];

/** Whether a header's word is a dtype known here. */
export function isDType(word: unknown): word is DType {
  return typeof word === "string" && Object.hasOwn(DTYPES, word);
}
