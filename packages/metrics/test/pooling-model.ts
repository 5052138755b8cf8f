/** A field of length-delimited content, as protocol buffers write it. */
const field = (number: number, content: readonly number[]): number[] => {
  const length: number[] = [];
  for (let rest = content.length; ; rest >>= 7) {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    if (rest <= 0x7f) break;
  }
  return [(number << 3) | 2, ...length, ...content];
};
const text = (number: number, value: string): number[] => field(number, [...new TextEncoder().encode(value)]);
const whole = (number: number, value: number): number[] => [number << 3, value];

/** A value of the graph: name and float32 shape; names stand for sizes that vary. */
function value(name: string, shape: readonly (number | string)[]): number[] {
  const axes = shape.flatMap((size) => field(1, typeof size === "number" ? whole(1, size) : text(2, size)));
  return [...text(1, name), ...field(2, field(1, [...whole(1, 1), ...field(2, axes)]))];
}

/** An ONNX model that averages a picture [N, channels, H, W] over its pixels: y = [N, channels]. */
export function poolingModel(channels: number): Uint8Array {
  const node = (from: string, to: string, operator: string): number[] =>
    field(1, [...text(1, from), ...text(2, to), ...text(4, operator)]);
  const graph = [
    ...node("x", "pooled", "GlobalAveragePool"),
    ...node("pooled", "y", "Flatten"),
    ...text(2, "pool"),
    ...field(11, value("x", ["n", channels, "h", "w"])),
    ...field(12, value("y", ["n", channels])),
  ];
  return Uint8Array.from([...whole(1, 8), ...field(7, graph), ...field(8, whole(2, 13))]);
}
