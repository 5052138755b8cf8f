import { PicturesRow } from "../../../ui/pictures/pictures-row.tsx";
import { MixFilm } from "./mix-film.tsx";
import { saveFilm, thereAndBack } from "./picture-files.ts";
import type { Lane } from "./sampling.ts";

export interface LaneCardProps {
  readonly lane: Lane;
  /** Share of the way, 0 … 1. */
  readonly way: number;
  /** The pictures are stages between two. */
  readonly mix: boolean;
  /** Settings as text, stored in a PNG. */
  readonly note: string;
  onFailure(error: unknown): void;
}

/** Enlargement of saved pictures. */
const SCALE = 4;

/** Stages in a row; more begin another. */
const row = (): number => (matchMedia("(max-width: 40rem)").matches ? 5 : 9);

/** One sampler: its picture at a step, its guess of the clean one, what it cost, its files. */
export function LaneCard({ lane, way, mix, note, onFailure }: LaneCardProps) {
  const { name, shots, up, calls, milliseconds } = lane;
  const index = Math.min(shots.length - 1, Math.round(way * (shots.length - 1)));
  const shot = shots[index];
  const cost = `${calls} calls · ${(milliseconds / 1000).toFixed(2)} s`;
  const head = (where: string) => (
    <>
      <h2>{name}</h2>
      <p class="soft numbers">
        {where} · {cost}
      </p>
    </>
  );
  if (!shot && up) {
    return (
      <section class="card" aria-label={name}>
        {head(`looking for their noise: step ${up.step} of ${up.count}`)}
        <div class="between">
          <PicturesRow
            pictures={up.x}
            columns={2}
            label={`${name}: the two pictures on their way to noise`}
          />
        </div>
      </section>
    );
  }
  if (!shot) return null;
  const { count } = shot.x;
  const columns = mix ? Math.min(row(), count) : Math.ceil(Math.sqrt(count));
  const save = (format: "png" | "gif"): void => {
    const steps = format === "gif" ? shots.map(({ x }) => x) : [shot.x];
    saveFilm({ frames: steps, format, scale: SCALE, columns, note }, name).catch(onFailure);
  };
  const film = (): void => {
    const frames = thereAndBack(shot.x);
    saveFilm({ frames, format: "gif", scale: 2 * SCALE, note }, `${name}-way`).catch(onFailure);
  };
  return (
    <section class="card" aria-label={name}>
      {head(`step ${index + 1} of ${shots.length}`)}
      <div class={mix ? "stack" : "two"}>
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
        {mix && (
          <div class="film">
            <MixFilm name={name} pictures={shot.x} />
            {up && (
              <div class="between">
                <PicturesRow pictures={up.x} columns={2} label={`${name}: the noise of both pictures`} />
                <p class="soft">their noise, halved to be seen</p>
              </div>
            )}
          </div>
        )}
      </div>
      <p class="row">
        <button type="button" onClick={() => save("png")}>
          PNG
        </button>
        <button type="button" onClick={() => save("gif")}>
          GIF
        </button>
        {mix && (
          <button type="button" onClick={film}>
            GIF of the way
          </button>
        )}
      </p>
    </section>
  );
}
