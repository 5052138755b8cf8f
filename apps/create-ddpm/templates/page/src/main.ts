import type { Order, Report } from "./messages.ts";

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const button = element<HTMLButtonElement>("start");
const status = element<HTMLOutputElement>("status");
const progress = element<HTMLProgressElement>("progress");
const picture = element<HTMLImageElement>("samples");

/** Images to train on: `?images=640` in the address, or 9,600. */
const until = Number(new URLSearchParams(location.search).get("images") ?? 9_600);

// Training in a worker leaves the page free to scroll and draw.
const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
worker.onmessage = ({ data }: MessageEvent<Report>) => {
  if (data.kind === "backend") status.value = `computes with ${data.name} …`;
  if (data.kind === "step") {
    progress.value = data.images / until;
    status.value = `${data.images} of ${until} images, loss ${data.loss.toFixed(3)}`;
  }
  if (data.kind === "samples") {
    picture.src = URL.createObjectURL(new Blob([data.png], { type: "image/png" }));
    picture.hidden = false;
    button.disabled = false;
    status.value = "16 samples:";
  }
};
worker.onerror = ({ message }) => {
  status.value = message;
};

button.onclick = () => {
  button.disabled = true;
  worker.postMessage({ until } satisfies Order);
};
