import { type Refuse, refusing } from "../refuse.ts";

/** Refuses with an error that names the webgpu kernels. */
export const refuse: Refuse = refusing("webgpu");
