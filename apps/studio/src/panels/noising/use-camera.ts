import { useEffect, useRef, useState } from "preact/hooks";
import { closeCamera, openCamera } from "./camera-stream.ts";

/** The camera of the visitor, open or not. */
export interface CameraState {
  readonly stream: MediaStream | undefined;
  /** The browser asks the visitor. */
  readonly asking: boolean;
  open(): Promise<void>;
  close(): void;
}

/** A camera that is closed with its panel, when the page is hidden, and when it stops by itself. */
export function useCamera(onFailure: (error: unknown) => void): CameraState {
  const [stream, setStream] = useState<MediaStream>();
  const [asking, setAsking] = useState(false);
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
    const hidden = (): void => {
      if (document.hidden) setStream(undefined);
    };
    const [track] = stream.getVideoTracks();
    track?.addEventListener("ended", ended);
    document.addEventListener("visibilitychange", hidden);
    return () => {
      track?.removeEventListener("ended", ended);
      document.removeEventListener("visibilitychange", hidden);
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
  return { stream, asking, open, close: () => setStream(undefined) };
}
