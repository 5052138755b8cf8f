import { PicturesRow } from "../../../ui/pictures/pictures-row.tsx";
import { MixFilm } from "./mix-film.tsx";
import { saveFilm, thereAndBack } from "./picture-files.ts";
import type { Lane, Shot } from "./sampling.ts";

export interface LaneCardProps {
  readonly lane: Lane;
  /** Share of the sampling run that is shown, 0 … 1. */
  readonly progress: number;
  /** The pictures are an interpolation. */
  readonly mix: boolean;
  /** Settings as text, stored in a PNG. */
  readonly note: string;
  onFailure(error: unknown): void;
}

/** Enlargement of saved pictures. */
const SCALE = 4;

/** Pictures of an interpolation in a row; more begin another. */
const row = (): number => (matchMedia("(max-width: 40rem)").matches ? 5 : 9);

/** One sampler: its picture at a step, its estimate of the clean one, what it cost, its files. */
export function LaneCard({ lane, progress, mix, note, onFailure }: LaneCardProps) {
  const { name, shots, up } = lane;
  const index = Math.min(shots.length - 1, Math.round(progress * (shots.length - 1)));
  const shot = shots[index];
  if (!shot) return up ? <Encoding lane={lane} up={up} /> : null;
  const { count } = shot.x;
  const columns = mix ? Math.min(row(), count) : Math.ceil(Math.sqrt(count));
  return (
    <section class="card" aria-label={name}>
      <Head lane={lane} where={`step ${index + 1} of ${shots.length}`} />
      <div class={mix ? "stack" : "two"}>
        <Shown {...{ name, shot, columns }} step={index + 1} />
        {mix && <Interpolation {...{ lane, shot }} />}
      </div>
      <SaveButtons {...{ lane, shot, columns, mix, note, onFailure }} />
    </section>
  );
}

interface LaneProps {
  readonly lane: Lane;
}

function Head({ lane: { name, calls, milliseconds }, where }: LaneProps & { readonly where: string }) {
  return (
    <>
      <h2>{name}</h2>
      <p class="soft numbers">
        {where} · {calls} calls · {(milliseconds / 1000).toFixed(2)} s
      </p>
    </>
  );
}

/** The pictures between which is interpolated, while their noise is computed. */
function Encoding({ lane, up }: LaneProps & { readonly up: NonNullable<Lane["up"]> }) {
  return (
    <section class="card" aria-label={lane.name}>
      <Head lane={lane} where={`encoding them to noise: step ${up.step} of ${up.count}`} />
      <div class="between">
        <PicturesRow pictures={up.x} columns={2} label={`${lane.name}: the two pictures, partly noise`} />
      </div>
    </section>
  );
}

interface ShownProps {
  readonly name: string;
  readonly shot: Shot;
  readonly step: number;
  readonly columns: number;
}

/** x_t, and the network's estimate of x_0. */
function Shown({ name, shot, step, columns }: ShownProps) {
  return (
    <>
      <div>
        <PicturesRow pictures={shot.x} columns={columns} label={`${name}: images after step ${step}`} />
        <p class="soft">
          x<sub>t</sub>
        </p>
      </div>
      <div>
        <PicturesRow pictures={shot.x0} columns={columns} label={`${name}: estimate at step ${step}`} />
        <p class="soft">
          x̂<sub>0</sub>, the estimate
        </p>
      </div>
    </>
  );
}

/** The interpolation, one picture at a time, and the noise of both ends. */
function Interpolation({ lane: { name, up }, shot }: LaneProps & { readonly shot: Shot }) {
  return (
    <div class="film">
      <MixFilm name={name} pictures={shot.x} />
      {up && (
        <div class="between">
          <PicturesRow pictures={up.x} columns={2} label={`${name}: the noise of both pictures`} />
          <p class="soft">their noise, at half contrast</p>
        </div>
      )}
    </div>
  );
}

interface SaveButtonsProps extends Pick<LaneCardProps, "lane" | "mix" | "note" | "onFailure"> {
  readonly shot: Shot;
  readonly columns: number;
}

function SaveButtons({ lane: { name, shots }, shot, columns, mix, note, onFailure }: SaveButtonsProps) {
  const save = (format: "png" | "gif"): void => {
    const frames = format === "gif" ? shots.map(({ x }) => x) : [shot.x];
    saveFilm({ frames, format, scale: SCALE, columns, note }, name).catch(onFailure);
  };
  const film = (): void => {
    const frames = thereAndBack(shot.x);
    saveFilm({ frames, format: "gif", scale: 2 * SCALE, note }, `${name}-interpolation`).catch(onFailure);
  };
  return (
    <p class="row">
      <button type="button" onClick={() => save("png")}>
        PNG
      </button>
      <button type="button" onClick={() => save("gif")}>
        GIF
      </button>
      {mix && (
        <button type="button" onClick={film}>
          GIF of the interpolation
        </button>
      )}
    </p>
  );
}
