/** A function that computes its result once per object, for metrics that share a costly step. */
export function memoised<Key extends object, Rest extends readonly (string | number)[], Value>(
  compute: (key: Key, ...rest: Rest) => Value,
): (key: Key, ...rest: Rest) => Value {
  const results = new WeakMap<Key, Map<string, Value>>();
  return (key, ...rest) => {
    const known = results.get(key) ?? new Map<string, Value>();
    results.set(key, known);
    const name = rest.join(" ");
    const value = known.has(name) ? (known.get(name) as Value) : compute(key, ...rest);
    known.set(name, value);
    return value;
  };
}
