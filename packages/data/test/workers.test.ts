import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { isDdpmError } from "@ddpm/core";
import { afterAll, describe, expect, it } from "vitest";
import { imageStream } from "../src/index.ts";
import { dataWorkers, openDataset } from "../src/node/index.ts";
import { folderOf, picture } from "./temporary-folder.ts";

const files = async () => ({
  ...Object.fromEntries(
    await Promise.all(
      Array.from({ length: 12 }, async (_, i) => [`${i}.jpg`, await picture(20 * i, 9, "jpeg")] as const),
    ),
  ),
});
const [one, three] = [dataWorkers({ count: 1 }), dataWorkers({ count: 3 })];
afterAll(() => Promise.all([one.close(), three.close()]));

describe("worker threads", () => {
  it("change no bit of what a stream gives, however many there are", async () => {
    const path = await folderOf(await files());
    const read = async (workers?: typeof one) => {
      const set = await openDataset(path, { size: 16, workers, cache: 0 });
      const stream = imageStream(set, { seed: 3, augment: 0.4, crop: 12, workers });
      return [
        await stream.read(0, 7),
        await stream.read(7, 10),
        await stream.read(3, 1),
        await stream.read(0, 0),
      ];
    };
    const here = await read();
    expect(await read(one)).toEqual(here);
    expect(await read(three)).toEqual(here);
    expect(here[0]!.augmentLabels).toHaveLength(63);
  });

  it("make rows of views into larger memory, and of values finer than bytes", async () => {
    // Two rows of one column, which a mirror leaves as they are.
    const plan = { seed: 1, shape: [2, 1, 1], flip: false, augment: 0, range: "symmetric" } as const;
    const large = Uint8Array.from({ length: 1000 }, (_, i) => i % 256);
    const images = Array.from({ length: 10 }, (_, k) => ({ k, pixels: large.subarray(2 * k, 2 * k + 2) }));
    const { data } = await three.rows(plan, images);
    expect([...data]).toEqual(Array.from({ length: 20 }, (_, i) => Math.fround(i / 127.5 - 1)));
    expect(large[5]).toBe(5);
    const values = Float32Array.of(0.25, -3);
    const fine = await one.rows(plan, [{ k: 0, pixels: Uint8Array.of(0, 0), values }]);
    expect([...fine.data]).toEqual([0.25, -3]);
  });

  it("decode more pictures than a message holds, of several treatments at once", async () => {
    const path = await folderOf({ "a.png": await picture(9), "b.png": await picture(200) });
    const look = { fit: "crop", kernel: "linear", background: [0, 0, 0] } as const;
    const asked = Array.from({ length: 100 }, (_, i) => ({
      file: `${path}/${i % 3 === 0 ? "a" : "b"}.png`,
      look: { ...look, channels: i % 7 === 0 ? 1 : 3, size: [1, 1 + (i % 2)] } as const,
    }));
    const found = await Promise.all(asked.map((one) => three.decode(one.file, undefined, one.look)));
    const wanted = asked.map((one, i) => {
      const pixels = new Uint8Array((1 + (i % 2)) * one.look.channels).fill(i % 3 === 0 ? 9 : 200);
      return { pixels, height: 1, width: 1 + (i % 2) };
    });
    expect(found).toEqual(wanted);
  });

  it("report what does not decode as this thread would", async () => {
    const path = await folderOf({ "a.png": await picture(1), "bad.jpg": "no picture" });
    const messages = await Promise.all(
      [undefined, one].map(async (workers) => {
        const set = await openDataset(path, { workers });
        return (await Promise.resolve(set.image(1)).catch((error: unknown) => error)) as Error;
      }),
    );
    expect(messages.every(isDdpmError)).toBe(true);
    expect(messages[1]!.message).toBe(messages[0]!.message);
    expect(messages[1]!.message).toMatch(/bad\.jpg: does not decode \(.+\)\. Remove it, or set skipBad/);
    const missing = one.decode("/nowhere.png", undefined, {
      fit: "crop",
      kernel: "linear",
      channels: 3,
      background: [0, 0, 0],
    });
    await expect(missing).rejects.toThrow(/\/nowhere.png does not exist/);
    const { skipped } = await openDataset(path, { workers: one, skipBad: true });
    expect(skipped).toHaveLength(1);
  });

  it("report a thread that dies, once and for all", async () => {
    const plan = { seed: 1, shape: [1, 1, 1], flip: false, augment: 0, range: "unit" } as const;
    const images = [{ k: 0, pixels: Uint8Array.of(1) }];
    for (const [body, why] of [
      ["process.exit(3)", /worker 1 of 2 died \(exit code 3\)/],
      ["throw new Error('out of luck')", /worker 1 of 2 died \(out of luck\)/],
    ] as const) {
      const script = `require("node:worker_threads").parentPort.on("message", () => { ${body} });`;
      const workers = dataWorkers({ count: 2 }, () => new Worker(script, { eval: true }));
      await expect(workers.rows(plan, images)).rejects.toThrow(why);
      await expect(workers.rows(plan, images)).rejects.toThrow(why);
      await workers.close();
    }
  });

  it("end when closed, and what is under way fails", async () => {
    const workers = dataWorkers({ count: 1 });
    const path = await folderOf({ "a.png": await picture(1) });
    const set = await openDataset(path, { workers, size: 4 });
    const under = Promise.resolve(set.image(0));
    under.catch(() => {});
    await workers.close();
    await expect(under).rejects.toThrow(/the workers are closed/);
    await workers.close();
    await expect(set.image(0)).rejects.toThrow(/the workers are closed/);
  });

  it("refuse a count that makes no sense", () => {
    for (const count of [0, 1.5, 1000]) expect(() => dataWorkers({ count })).toThrow(/workers, expected/);
  });

  it("do not keep a process alive, nor let it end with work under way", async () => {
    const path = await folderOf({ "a.png": await picture(7, 4) });
    const index = new URL("../src/node/index.ts", import.meta.url).href;
    const script = `
      const { dataWorkers, openDataset } = await import(${JSON.stringify(index)});
      const set = await openDataset(${JSON.stringify(path)}, { workers: dataWorkers({ count: 2 }), size: 2 });
      console.log((await set.image(0)).pixels[0]);`;
    const flags = ["--conditions=@ddpm/source", "--import", "tsx", "--input-type=module", "-e", script];
    const cwd = fileURLToPath(new URL("..", import.meta.url));
    const { stdout, stderr, status } = spawnSync(process.execPath, flags, {
      cwd,
      encoding: "utf8",
      timeout: 30_000,
    });
    expect([stdout, status], stderr).toEqual(["7\n", 0]);
  });
});
