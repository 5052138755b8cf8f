/**
 * Names and attributes of fused kernels; the kernels themselves are in `/wasm` and `/webgpu`.
 *
 * @packageDocumentation
 */
export * from "./contract.ts";
