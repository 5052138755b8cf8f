export * from "./charts/index.ts";
export * from "./images.ts";
export * from "./report/index.ts";
