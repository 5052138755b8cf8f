import { greyed, type Mask } from "../../../model/pictures/mask.ts";
import { PictureCanvas } from "../../../ui/pictures/picture-canvas.tsx";
import { saveMask, savePicture } from "../results/picture-files.ts";
import type { SampleSettings } from "../settings.ts";
import type { GivenImage } from "./given-image.ts";
import { MaskEditor } from "./mask-editor.tsx";
import type { Pictures } from "./use-pictures.ts";

export interface EaselProps extends Pick<SampleSettings, "task"> {
  readonly pictures: Pictures;
  readonly mask: Mask | undefined;
  /** Something is drawn at the moment. */
  readonly busy: boolean;
  onMask(change: (mask: Mask) => Mask): void;
  onDraw(): void;
  onFailure(error: unknown): void;
}

/** The given picture or both, and the mask. */
export function Easel(props: EaselProps) {
  const { task, pictures, mask, busy, onMask, onDraw, onFailure } = props;
  const { picture, other } = pictures;
  if (!picture) return <p class="card soft">Loading the picture …</p>;
  if (task !== "paint" || !mask) {
    return (
      <section class="card easel" aria-label="The given pictures">
        <Shown picture={picture} caption={other ? "from" : "the picture"} onFailure={onFailure} />
        {other && <Shown picture={other} caption="to" onFailure={onFailure} />}
      </section>
    );
  }
  return (
    <section class="card easel" aria-label="Picture and mask">
      <div class="editor">
        <MaskEditor {...{ picture, mask }} onChange={onMask} />
        <p class="row">
          <button type="button" class="primary" disabled={busy} onClick={onDraw}>
            Redraw this part
          </button>
        </p>
      </div>
      <Shown picture={picture} caption="the picture" onFailure={onFailure} />
      <figure class="shown">
        <PictureCanvas {...picture} data={greyed(picture, mask)} label="What is kept of it" />
        <figcaption>what is kept</figcaption>
        <p class="row">
          <button type="button" onClick={() => void saveMask(mask).catch(onFailure)}>
            Save mask
          </button>
        </p>
      </figure>
    </section>
  );
}

interface ShownProps extends Pick<EaselProps, "onFailure"> {
  readonly picture: GivenImage;
  readonly caption: string;
}

function Shown({ picture, caption, onFailure }: ShownProps) {
  return (
    <figure class="shown">
      <PictureCanvas {...picture} label={`${caption}: ${picture.name}`} />
      <figcaption>{caption}</figcaption>
      <p class="row">
        <button type="button" onClick={() => void savePicture(picture, "picture").catch(onFailure)}>
          Save picture
        </button>
      </p>
    </figure>
  );
}
