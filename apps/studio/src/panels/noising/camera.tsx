import { useEffect, useRef, useState } from "preact/hooks";
import type { Picture } from "../../model/pictures/picture.ts";
import { pictureOf } from "./load-picture.ts";
import { useCamera } from "./use-camera.ts";

export interface CameraProps {
  onPicture(picture: Picture): void;
  onFailure(error: unknown): void;
}

/** A picture from the camera, which runs only while its picture is shown here. */
export function Camera({ onPicture, onFailure }: CameraProps) {
  const { stream, asking, open, close } = useCamera(onFailure);
  const opener = useRef<HTMLButtonElement>(null);
  // The buttons under the picture disappear with it, so the keyboard's focus returns to where it began.
  const end = (): void => {
    close();
    setTimeout(() => opener.current?.focus());
  };
  if (stream) return <Viewfinder {...{ stream, onPicture }} onClose={end} />;
  return (
    <p class="row">
      <button type="button" ref={opener} disabled={asking} onClick={() => void open()}>
        {asking ? "Waiting for the camera …" : "Use the camera"}
      </button>
    </p>
  );
}

interface ViewfinderProps extends Pick<CameraProps, "onPicture"> {
  readonly stream: MediaStream;
  onClose(): void;
}

/** What the camera sees, and the buttons to take it or not. */
function Viewfinder({ stream, onPicture, onClose }: ViewfinderProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    video.current!.srcObject = stream;
  }, [stream]);
  const take = (): void => {
    const shown = video.current!;
    onPicture(pictureOf("camera", shown, shown.videoWidth, shown.videoHeight));
    onClose();
  };
  return (
    <div>
      <video
        class="viewfinder"
        ref={video}
        autoplay
        playsInline
        muted
        aria-label="What the camera sees"
        onLoadedData={() => setReady(true)}
      />
      <p class="row">
        <button type="button" class="primary" disabled={!ready} onClick={take}>
          Take the picture
        </button>
        <button type="button" onClick={onClose}>
          Stop the camera
        </button>
      </p>
    </div>
  );
}
