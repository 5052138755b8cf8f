import { useEffect, useRef, useState } from "preact/hooks";
import type { Picture } from "../../model/pictures/picture.ts";
import { closeCamera, openCamera } from "./camera-stream.ts";
import { pictureOf } from "./load-picture.ts";

export interface CameraProps {
  onPicture(picture: Picture): void;
  onFailure(error: unknown): void;
}

/** A picture from the camera: it runs only while its picture is shown here, and stops when one was taken. */
export function Camera({ onPicture, onFailure }: CameraProps) {
  const [stream, setStream] = useState<MediaStream>();
  const [asking, setAsking] = useState(false);
  const [ready, setReady] = useState(false);
  const video = useRef<HTMLVideoElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const here = useRef(true);

  useEffect(
    () => () => {
      here.current = false;
    },
    [],
  );
  useEffect(() => {
    if (!stream) return;
    const ended = (): void => {
      setStream(undefined);
      onFailure(new Error("The camera stopped."));
    };
    const away = (): void => {
      if (document.hidden) setStream(undefined);
    };
    const [track] = stream.getVideoTracks();
    track?.addEventListener("ended", ended);
    document.addEventListener("visibilitychange", away);
    video.current!.srcObject = stream;
    return () => {
      track?.removeEventListener("ended", ended);
      document.removeEventListener("visibilitychange", away);
      setReady(false);
      closeCamera(stream);
    };
  }, [stream]);

  const open = async (): Promise<void> => {
    onFailure(undefined);
    setAsking(true);
    try {
      const opened = await openCamera();
      if (here.current) setStream(opened);
      else closeCamera(opened);
    } catch (error) {
      onFailure(error);
    } finally {
      setAsking(false);
    }
  };
  const take = (): void => {
    const shown = video.current!;
    onPicture(pictureOf("camera", shown, shown.videoWidth, shown.videoHeight));
    close();
  };
  // The buttons under the picture go with it, so the keyboard goes back to where it began.
  const close = (): void => {
    setStream(undefined);
    setTimeout(() => opener.current?.focus());
  };

  if (!stream) {
    return (
      <p class="row">
        <button type="button" ref={opener} disabled={asking} onClick={() => void open()}>
          {asking ? "Waiting for the camera …" : "Use the camera"}
        </button>
      </p>
    );
  }
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
        <button type="button" onClick={close}>
          Stop the camera
        </button>
      </p>
    </div>
  );
}
