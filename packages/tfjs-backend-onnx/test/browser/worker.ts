import { report } from "./report.ts";

declare function postMessage(message: unknown): void;

report().then(postMessage, (error: Error) => postMessage({ error: error.message }));
