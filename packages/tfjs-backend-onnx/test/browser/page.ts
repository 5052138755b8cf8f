import { type Report, report } from "./report.ts";

declare const Worker: new (
  address: string,
  options: { type: "module" },
) => { onmessage: (event: { data: Report }) => void; onerror: (event: { message: string }) => void };

/** The test calls these. */
Object.assign(globalThis, {
  inPage: report,
  inWorker: () =>
    new Promise((resolve, reject) => {
      const worker = new Worker("/worker.js", { type: "module" });
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    }),
});
