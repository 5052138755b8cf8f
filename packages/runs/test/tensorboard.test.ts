import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fsStorage } from "../src/node/index.ts";
import { eventFile } from "../src/tensorboard/index.ts";

const folder = mkdtempSync(join(tmpdir(), "ddpm-events-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What TensorBoard's own protocol buffers and RecordWriter (2.21) make of the same three events, in hexadecimal. */
const reference =
  "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe93c00000000000000" +
  "c8b7a3520900006040fc54d9411080052a2e0a110a0a747261696e2f6c6f7373150000003e0a190a12747261696e2f6c" +
  "6561726e696e6752617465156f12833a20169de42d000000000000003c418afb0900008040fc54d9411080e497d0122a" +
  "1c0a1a0a0773616d706c6573220f080210ac021803220689504e4700ff93a29ba7";

const picture = { png: Buffer.from("\x89PNG\x00\xff", "latin1"), width: 300, height: 2 };

function written(
  run: string,
  times: readonly number[],
): { file: ReturnType<typeof eventFile>; hex(): string } {
  let calls = 0;
  const file = eventFile(fsStorage(run), () => times[calls++]!);
  return { file, hex: () => readFileSync(file.path).toString("hex") };
}

test("an event file has the bytes that TensorBoard itself would write", async () => {
  const { file, hex } = written(mkdtempSync(join(folder, "run-")), [1700000001.5, 1700000000.25, 1700000002]);
  await file.row({ images: 640, loss: 0.125, learningRate: 1e-3, note: "no number" });
  await file.picture(5_000_000_000, "samples", picture);
  expect(hex()).toBe(reference);
});

/** What TensorBoard's own protocol buffers and RecordWriter make of SESSION START at step 201, in hexadecimal. */
const startAt201 = "100000000000000095fbfe1809000000000000f03f10c9013a0208014b07a6e3";

test("a resumed run continues the same file: a torn end goes, and a session starts after what is kept", async () => {
  const run = mkdtempSync(join(folder, "run-"));
  const { file, hex } = written(run, Array(20).fill(1));
  await file.resumeAt(0);
  await file.row({ images: 100, loss: 1 });
  await file.row({ images: 200, loss: 0.5 });
  const upTo200 = hex();
  const { ino } = statSync(file.path);
  await file.row({ images: 300, loss: 0.25 });
  const upTo300 = hex();
  truncateSync(file.path, upTo300.length / 2 - 3);
  await file.resumeAt(1000);
  expect(hex()).toBe(upTo200);
  await file.row({ images: 300, loss: 0.25 });
  await file.resumeAt(300);
  expect(hex()).toBe(upTo300);
  await file.resumeAt(200);
  // TensorBoard drops nothing at the first start in a file: there are two.
  const restarted = upTo300 + startAt201 + startAt201;
  expect(hex()).toBe(restarted);
  await file.resumeAt(200);
  expect(hex()).toBe(restarted);
  await file.row({ images: 300, loss: 0.25 });
  const again = hex();
  await file.resumeAt(200);
  expect(hex()).toBe(again + startAt201);
  expect(statSync(file.path).ino).toBe(ino);
});
