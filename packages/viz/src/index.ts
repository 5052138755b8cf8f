export * from "./charts.ts";
export * from "./images.ts";
export * from "./report.ts";
