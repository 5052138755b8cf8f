/** What browsers call it when there is no picture to be had, in words for the visitor. */
const REASONS: Readonly<Record<string, string>> = {
  NotAllowedError: "The camera was not allowed. Allow it for this page in the browser, and try again.",
  SecurityError: "The camera was not allowed. Allow it for this page in the browser, and try again.",
  NotFoundError: "No camera was found.",
  NotReadableError: "The camera does not answer: another program may be using it.",
  AbortError: "The camera does not answer: another program may be using it.",
};

/**
 * Asks for the camera; the browser asks the visitor.
 *
 * @returns a stream, the caller's to stop
 * @throws Error saying why there is none: not allowed, not there, in use, or a page that may not ask
 */
export async function openCamera(): Promise<MediaStream> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices?.getUserMedia) {
    throw new Error("Browsers lend the camera to pages that came over https only, and this one did not.");
  }
  try {
    return await devices.getUserMedia({ video: { facingMode: "user" }, audio: false });
  } catch (cause) {
    const { name, message } = cause as DOMException;
    throw new Error(REASONS[name] ?? `The camera cannot be used: ${message}`, { cause });
  }
}

/** Lets the camera go; its light goes out. */
export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
