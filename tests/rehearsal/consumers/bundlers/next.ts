import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { CHROMIUM, shownImageAt } from "../../../vite-page.ts";
import { type Consumer, check } from "../consumer.ts";

const LAYOUT = 'export default ({ children }) => <html lang="en"><body>{children}</body></html>;\n';
const PAGE = `
"use client";
import { cosine } from "@ddpm/schedules";
import { grid, model, png, sample, shapes, train, useBackend } from "ddpm";
import { useState } from "react";

async function draw() {
  await useBackend("auto");
  const trained = await train(model(), shapes({ size: 16 }), { until: 32 });
  return URL.createObjectURL(new Blob([png(grid(await sample(trained, { count: 4, steps: 2 })))]));
}

export default function Page() {
  const [source, setSource] = useState();
  return <button onClick={async () => setSource(await draw())}>{cosine().at(0.5).alpha}<img alt="" src={source} /></button>;
}
`;
const ROUTE = `
import { grid, model, png, sample, shapes, train, useBackend } from "ddpm";
export const dynamic = "force-dynamic";
export async function GET() {
  const { name } = await useBackend("auto");
  const trained = await train(model(), shapes({ size: 16 }), { until: 32 });
  const images = await sample(trained, { count: 4, steps: 2 });
  return new Response(png(grid(images)), { headers: { "content-type": "image/png", "x-backend": name } });
}
`;

/** Next.js, which bundles with Turbopack: a client component, and a route handler that answers with a PNG. */
export const next: Consumer = {
  name: "next",
  usual: false,
  async run({ folder, write, run, install }) {
    await install("ddpm", "@ddpm/schedules", "next", "react", "react-dom");
    write("app/layout.jsx", LAYOUT);
    write("app/page.jsx", PAGE);
    write("app/picture/route.js", ROUTE);
    await run("npx", ["next", "build"], { limit: 600 });
    await install("onnxruntime-node@1.30.0", "onnxruntime-web@1.30.0", "--ignore-scripts");
    await run("npx", ["next", "build"], { limit: 600 });
    const address = `http://127.0.0.1:${41_000 + (process.pid % 1000)}`;
    const words = ["next", "start", "-p", new URL(address).port, "-H", "127.0.0.1"];
    const server = spawn("npx", words, { cwd: folder, stdio: "ignore", detached: true });
    try {
      const { type, backend } = await answerOf(`${address}/picture`);
      check(type === "image/png", `the route answered with ${type}`);
      check(backend === "onnx", `the route computed with ${backend}`);
      if (!existsSync(CHROMIUM)) return `the route answered; not opened, for there is no ${CHROMIUM}`;
      const { values } = await shownImageAt(address, 180_000, { press: "button" });
      check(values > 20, "the page shows no samples");
    } finally {
      process.kill(-server.pid!, "SIGTERM");
    }
    return "built with and without ONNX Runtime; the route answered, the page trained and sampled in Chromium";
  },
};

/** What the route answers with, as soon as the server is up. */
async function answerOf(address: string): Promise<Record<"type" | "backend", string | null | undefined>> {
  for (let tries = 0; tries < 120; tries++) {
    const response = await fetch(address).catch(() => undefined);
    if (response) {
      return { type: response.headers.get("content-type"), backend: response.headers.get("x-backend") };
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return { type: undefined, backend: undefined };
}
