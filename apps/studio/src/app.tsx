import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { PANELS, type PanelName, panel } from "./state/route.ts";
import { BackendStatus } from "./ui/backend-status.tsx";

/** Each panel is loaded when it is first opened. */
const loaders: { readonly [Name in PanelName]: () => Promise<ComponentType> } = {
  schedules: async () => (await import("./panels/schedules/panel.tsx")).SchedulesPanel,
  noising: async () => (await import("./panels/noising/panel.tsx")).NoisingPanel,
  points: async () => (await import("./panels/points/panel.tsx")).PointsPanel,
  train: async () => (await import("./panels/train/panel.tsx")).TrainPanel,
  sample: async () => (await import("./panels/sample/panel.tsx")).SamplePanel,
};

const titles: { readonly [Name in PanelName]: string } = {
  schedules: "Schedules",
  noising: "Noising",
  points: "Points",
  train: "Train",
  sample: "Sample",
};

/** The page: navigation on top, one panel below. */
export function App() {
  return (
    <>
      <button type="button" class="skip" onClick={focusMain}>
        To the content
      </button>
      <header class="top">
        <p class="brand">
          <img src="./icon.svg" alt="" width="24" height="24" /> Diffusion studio
        </p>
        <nav aria-label="Panels">
          {PANELS.map((name) => (
            <a key={name} href={`#${name}`} aria-current={panel.value === name ? "page" : undefined}>
              {titles[name]}
            </a>
          ))}
        </nav>
        <BackendStatus />
      </header>
      <main id="main" tabIndex={-1}>
        <LoadedPanel name={panel.value} />
      </main>
    </>
  );
}

/** A link would change the address, which says what is shown. */
function focusMain(): void {
  document.getElementById("main")?.focus();
}

function LoadedPanel({ name }: { readonly name: PanelName }) {
  const [loaded, setLoaded] = useState<{ readonly name: PanelName; readonly Panel: ComponentType }>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    document.title = `${titles[name]} · Diffusion studio`;
    let current = true;
    loaders[name]().then(
      (Panel) => current && setLoaded({ name, Panel }),
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [name]);
  if (failed) return <p role="alert">This part of the page did not load. Check the connection and reload.</p>;
  if (loaded?.name !== name) return <p class="loading">Loading …</p>;
  return <loaded.Panel />;
}
