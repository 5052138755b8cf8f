import { configureOnnx } from "@ddpm/tfjs-backend-onnx";
import { grid, model, png, sample, shapes, train, useBackend } from "ddpm";
import type { Order, Report } from "./messages.ts";

// Vite's development server does not serve the files of ONNX Runtime by itself; the built page has them.
if (import.meta.env.DEV) configureOnnx({ wasmFolder: "/node_modules/onnxruntime-web/dist" });

const report = (message: Report): void => postMessage(message);

addEventListener("message", async ({ data: { until } }: MessageEvent<Order>) => {
  const { name } = await useBackend("auto");
  report({ kind: "backend", name });
  const training = train(model(), shapes({ size: 16 }), { until });
  for await (const event of training) {
    if (event.type === "step") report({ kind: "step", images: event.images, loss: event.loss });
  }
  const images = await sample(await training, { count: 16, steps: 20 });
  report({ kind: "samples", png: new Uint8Array(png(grid(images, { scale: 4 }))) });
});
