import { chart, type Html, html, picture, text } from "./html.ts";
import { STYLE } from "./style.ts";

/** A picture with what it shows. */
export interface ReportPicture {
  readonly caption: string;
  /** PNG file. */
  readonly png: Uint8Array;
}

/** A heading with charts and pictures under it. */
export interface ReportSection {
  readonly title: string;
  /** A sentence under the heading: how to read what follows. */
  readonly note?: string;
  /** SVG as the charts of this package write it. */
  readonly charts?: readonly string[];
  readonly pictures?: readonly ReportPicture[];
}

/** Something to look out for. */
export interface ReportWarning {
  readonly title: string;
  readonly text: string;
}

/** Everything on the page. */
export interface RunReport {
  readonly title: string;
  readonly about?: string;
  /** Name and value, in order. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly warnings?: readonly ReportWarning[];
  readonly sections: readonly ReportSection[];
  /** Shown folded, as JSON. */
  readonly settings?: unknown;
}

/**
 * A training as one HTML page that needs nothing else: no script, no other file, no network; light and dark.
 *
 * @throws if a text has control characters
 */
export function runReport({
  title,
  about = "",
  facts,
  warnings = [],
  sections,
  settings,
}: RunReport): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${STYLE as Html}</style>
</head>
<body>
<header>
<h1>${text(title)}</h1>
<p>${text(about)}</p>
<dl>${facts.map(([name, value]) => html`<div><dt>${text(name)}</dt><dd>${text(value)}</dd></div>`)}</dl>
</header>
<main>
${warnings.map((one) => html`<aside><strong>${text(one.title)}</strong> ${text(one.text)}</aside>`)}
${sections.map(section)}
${settings === undefined ? [] : [folded(settings)]}
</main>
</body>
</html>
`;
  return page;
}

function section({ title, note, charts = [], pictures = [] }: ReportSection): Html {
  return html`<section>
<h2>${text(title)}</h2>
${note === undefined ? [] : [html`<p>${text(note)}</p>`]}
${charts.map((svg) => html`<figure class="chart">${chart(svg)}</figure>`)}
<div class="pictures">
${pictures.map(({ caption, png }) => html`<figure>${picture(png, caption)}<figcaption>${text(caption)}</figcaption></figure>`)}
</div>
</section>`;
}

function folded(settings: unknown): Html {
  return html`<details><summary>All settings</summary><pre>${text(JSON.stringify(settings, null, 2))}</pre></details>`;
}
