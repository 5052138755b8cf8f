const word = new Float32Array(1);
const bitsOf = new Uint32Array(word.buffer);

/** IEEE half precision bits to numbers: exact. */
export function fromFloat16(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  const out = new Uint32Array(values.buffer);
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i]!;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 31;
    const fraction = half & 0x3ff;
    if (exponent === 0) values[i] = (sign ? -1 : 1) * fraction * 2 ** -24;
    else out[i] = sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
  }
  return values;
}

/** bfloat16 bits to numbers: exact. */
export function fromBfloat16(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  const out = new Uint32Array(values.buffer);
  for (let i = 0; i < bits.length; i++) out[i] = bits[i]! << 16;
  return values;
}

/** Numbers to IEEE half precision bits: to the nearest, ties to even; beyond ±65519.99 to infinity. */
export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    word[0] = value;
    const bits = bitsOf[0]!;
    const sign = (bits >>> 16) & 0x8000;
    const magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) return sign | 0x7e00;
    if (magnitude >= 0x47800000) return sign | 0x7c00;
    if (magnitude < 0x38800000) return sign | roundEven(Math.abs(value) * 2 ** 24);
    return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  });
}

/** Numbers to bfloat16 bits: to the nearest, ties to even. */
export function toBfloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    word[0] = value;
    const bits = bitsOf[0]!;
    if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
    return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
  });
}

function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
