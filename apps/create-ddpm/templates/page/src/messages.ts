/** What the page asks of its worker. */
export interface Order {
  /** Images to train on. */
  readonly until: number;
}

/** What the worker reports. */
export type Report =
  | { readonly kind: "backend"; readonly name: string }
  | { readonly kind: "step"; readonly images: number; readonly loss: number }
  | { readonly kind: "samples"; readonly png: Uint8Array<ArrayBuffer> };
