import { spawn } from "node:child_process";
import { type Consumer, check } from "./consumer.ts";

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
import { grid, model, png, sample, useBackend } from "ddpm";
export const dynamic = "force-dynamic";
export async function GET() {
  await useBackend("auto");
  const images = await sample(model(), { count: 4, steps: 2 });
  return new Response(png(grid(images)), { headers: { "content-type": "image/png" } });
}
`;

/** Next.js: a client component, and a route handler that answers with a PNG. */
export const next: Consumer = {
  name: "next",
  usual: false,
  async run({ folder, write, run, install }) {
    await install("ddpm", "@ddpm/schedules", "next", "react", "react-dom");
    write("app/layout.jsx", LAYOUT);
    write("app/page.jsx", PAGE);
    write("app/picture/route.js", ROUTE);
    await run("npx", ["next", "build"], { limit: 600 });
    const port = 41_000 + (process.pid % 1000);
    const server = spawn("npx", ["next", "start", "-p", String(port), "-H", "127.0.0.1"], {
      cwd: folder,
      stdio: "ignore",
      detached: true,
    });
    try {
      const type = await typeOf(`http://127.0.0.1:${port}/picture`);
      check(type === "image/png", `the route answered with ${type}`);
    } finally {
      process.kill(-server.pid!, "SIGTERM");
    }
    return "built with a client component; the route handler answered with a PNG";
  },
};

async function typeOf(address: string): Promise<string | null | undefined> {
  for (let tries = 0; tries < 120; tries++) {
    const response = await fetch(address).catch(() => undefined);
    if (response) return response.headers.get("content-type");
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return undefined;
}
