export * from "./images.ts";
