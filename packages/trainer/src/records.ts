import type { Tensor } from "@tensorflow/tfjs-core";

/** `<prefix>/<name>` for every name. */
export function prefixed(prefix: string, params: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [`${prefix}/${name}`, value]));
}

/** The entries under `<prefix>/`, without it, in order. */
export function under<Value extends Tensor = Tensor>(
  prefix: string,
  record: Readonly<Record<string, Tensor>>,
): Record<string, Value> {
  const start = `${prefix}/`;
  const found: Record<string, Value> = {};
  for (const [key, value] of Object.entries(record)) {
    if (key.startsWith(start)) found[key.slice(start.length)] = value as Value;
  }
  return found;
}
