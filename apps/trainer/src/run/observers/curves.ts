import { readFile } from "node:fs/promises";
import type { LogRow } from "@ddpm/runs/authoring";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import type { Panel, Series } from "@ddpm/viz/authoring";
import type { Observer, Watched } from "./observer.ts";

/** Log lines that the smoothed curve of the loss averages over, at least. */
const SMOOTHED = 15;

/** Draws loss, held-out loss and learning rate by images seen, whenever something is due and at the end. */
export function curves(watched: Watched): Observer {
  const draw = async (): Promise<void> => {
    const panels = await panelsOf(watched.rows());
    if (panels.length === 0) return;
    const { lineCharts } = await import("@ddpm/viz/charts");
    const note = "faint: as logged; strong: moving average";
    const svg = lineCharts(panels, { title: watched.config.name, note, width: 960, height: 400 });
    if (svg !== (await readFile(watched.folder.lossChart, "utf8").catch(() => ""))) {
      await writeFileAtomic(watched.folder.lossChart, svg);
    }
  };
  return {
    due: draw,
    failed: draw,
    end: draw,
  };
}

async function panelsOf(rows: readonly LogRow[]): Promise<Panel[]> {
  const loss = series(rows, "loss", "training");
  if (!loss || loss.x.length < 2) return [];
  const { smooth } = await import("@ddpm/viz/charts");
  const smoothing = Math.max(0, Math.min(0.97, 1 - SMOOTHED / loss.x.length));
  const heldOut = series(rows, "heldOutLoss", "held out, averaged weights");
  const heldOutRaw = series(rows, "heldOutLossRaw", "held out, weights as trained");
  const rate = series(rows, "learningRate", "learning rate");
  const losses = [
    { ...loss, y: smooth(loss.y, smoothing) },
    { ...loss, faint: true },
    ...(heldOut ? [heldOut] : []),
    ...(heldOutRaw ? [heldOutRaw] : []),
  ];
  const log = losses.every(({ y }) => Array.from(y).every((value) => value > 0));
  const x = { name: "images seen" };
  return [
    { x, y: { name: log ? "loss" : "loss (linear)", log }, series: losses },
    ...(rate ? [{ x, y: { name: "learning rate" }, series: [rate] }] : []),
  ];
}

function series(rows: readonly LogRow[], field: string, name: string): Series | undefined {
  const known = rows.filter((row) => Number.isFinite(row[field]));
  if (known.length === 0) return undefined;
  return { name, x: known.map(({ images }) => images), y: known.map((row) => row[field] as number) };
}
