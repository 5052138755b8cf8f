import { type Refuse, refusing } from "../refuse.ts";

/** Refuses with an error that names the wasm kernels. */
export const refuse: Refuse = refusing("wasm");
