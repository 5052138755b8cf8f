import { call } from "../../engine/client.ts";
import { PicturesRow } from "../../ui/pictures-row.tsx";
import { saveBlob } from "../../ui/save-blob.ts";
import type { Lane } from "./sampling.ts";

export interface LaneCardProps {
  readonly lane: Lane;
  /** Share of the way, 0 … 1. */
  readonly way: number;
  /** Settings as text, stored in a PNG. */
  readonly note: string;
  onFailure(error: unknown): void;
}

/** Enlargement of saved pictures. */
const SCALE = 4;

/** One sampler: its picture at a step, its guess of the clean one, what it cost, its files. */
export function LaneCard({ lane, way, note, onFailure }: LaneCardProps) {
  const { name, shots, calls, milliseconds } = lane;
  const index = Math.min(shots.length - 1, Math.round(way * (shots.length - 1)));
  const shot = shots[index];
  if (!shot) return null;
  const columns = Math.ceil(Math.sqrt(shot.x.count));
  const save = (format: "png" | "gif"): void => {
    const frames = format === "gif" ? shots.map(({ x }) => x) : [shot.x];
    call("film", { frames, format, scale: SCALE, note }).then(
      ({ blob }) => saveBlob(blob, `${name}.${format}`),
      onFailure,
    );
  };
  return (
    <section class="card" aria-label={name}>
      <h2>{name}</h2>
      <p class="soft numbers">
        step {index + 1} of {shots.length} · {calls} calls · {(milliseconds / 1000).toFixed(2)} s
      </p>
      <div class="two">
        <div>
          <PicturesRow
            pictures={shot.x}
            columns={columns}
            label={`${name}: images after step ${index + 1}`}
          />
          <p class="soft">
            x<sub>t</sub>
          </p>
        </div>
        <div>
          <PicturesRow pictures={shot.x0} columns={columns} label={`${name}: guess at step ${index + 1}`} />
          <p class="soft">
            x̂<sub>0</sub>, the guess
          </p>
        </div>
      </div>
      <p class="row">
        <button type="button" onClick={() => save("png")}>
          PNG
        </button>
        <button type="button" onClick={() => save("gif")}>
          GIF
        </button>
      </p>
    </section>
  );
}
