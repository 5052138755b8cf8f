/** Values by key, the least recently used of them dropped when their sizes add up to more than the limit. */
export interface Lru<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  delete(key: Key): void;
  clear(): void;
}

/**
 * @param limit sum of sizes to keep; 0 keeps nothing
 * @param size  what a value counts; 1 each unless given
 */
export function lru<Key, Value>(limit: number, size: (value: Value) => number = () => 1): Lru<Key, Value> {
  const kept = new Map<Key, Value>();
  let total = 0;
  const remove = (key: Key): void => {
    if (!kept.has(key)) return;
    total -= size(kept.get(key)!);
    kept.delete(key);
  };
  return {
    get(key) {
      const value = kept.get(key);
      if (value === undefined) return undefined;
      kept.delete(key);
      kept.set(key, value);
      return value;
    },
    set(key, value) {
      remove(key);
      kept.set(key, value);
      total += size(value);
      for (const oldest of kept.keys()) {
        if (total <= limit) break;
        remove(oldest);
      }
    },
    delete: remove,
    clear() {
      kept.clear();
      total = 0;
    },
  };
}
