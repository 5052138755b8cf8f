/** Beyond this many threads a WebAssembly module gains nothing and its workers cost memory. */
const MOST = 8;

/** What pages and workers have and Node's types do not know. */
const here = globalThis as {
  readonly crossOriginIsolated?: boolean;
  readonly navigator?: { readonly hardwareConcurrency?: number };
};

/** Threads to use: those of the machine where memory can be shared between workers, else 1. */
export function processors(): number {
  return canShareMemory() ? Math.min(MOST, here.navigator?.hardwareConcurrency ?? 1) : 1;
}

/** Whether this page or worker is cross-origin isolated, without which browsers hand out no shared memory. */
export function canShareMemory(): boolean {
  return typeof SharedArrayBuffer !== "undefined" && here.crossOriginIsolated === true;
}
