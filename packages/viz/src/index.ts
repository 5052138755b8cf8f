export * from "./images.ts";
export * from "./report/index.ts";
