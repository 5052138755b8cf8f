/** What a WebGPU adapter says of itself. */
export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
}

/** Names that software renderers give themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/** Whether an adapter is software that imitates a graphics card. */
export function isSoftware({ vendor, architecture, device, description }: AdapterInfo): boolean {
  return SOFTWARE.test([vendor, architecture, device, description].join(" "));
}

/** A name for people. */
export function adapterLabel({ description, device, vendor, architecture }: AdapterInfo): string {
  return description || device || [vendor, architecture].filter(Boolean).join(" ") || "graphics adapter";
}
