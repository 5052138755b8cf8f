export * from "./charts.ts";
export * from "./images.ts";
