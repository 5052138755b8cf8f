import type { Page } from "./collect/collect.ts";
import { entriesByPackage } from "./reference/entry-pages.ts";

/** A line of the sidebar. */
export interface SidebarItem {
  readonly text: string;
  readonly link?: string;
  readonly collapsed?: boolean;
  readonly items?: readonly SidebarItem[];
}

/** The sections of the guides, by what a reader wants to do; pages by their paths, in order. */
const sections: readonly (readonly [title: string, pages: readonly string[]])[] = [
  ["Start", ["start", "programs", "apps/command", "playground"]],
  [
    "Guides",
    [
      ...["data", "guides/schedules-and-samplers", "choosing", "conditioning", "latents"],
      ...["evaluating", "exchange"],
      ...["guides/browsers", "using-packages", "plugins", "guides/formats"],
      ...["configurations", "runs", "guides/troubleshooting"],
    ],
  ],
  [
    "Concepts",
    [
      "concepts/diffusion",
      "concepts/schedules",
      "concepts/sampling",
      "concepts/guidance",
      "networks",
      "notation",
    ],
  ],
  ["Coming from", ["coming-from-pytorch", "guides/coming-from-tensorflow"]],
  ["Results", ["presets/*"]],
  ["Experiments", ["experiments/*"]],
  ["Decisions", ["decisions/*"]],
  [
    "Inside",
    ["changelog", "metrics", "onnx-backend", "apps/studio", "inside/studio", "apps/bench", "contributing"],
  ],
];

/** Titles in the sidebar that differ from those of the pages. */
const titles: Readonly<Record<string, string>> = {
  "apps/command": "The command",
  "apps/studio": "The studio",
  "apps/bench": "Benchmarks",
};

/** The sidebars of the site, by the folder of the page. */
export function sidebars(pages: readonly Page[]): Readonly<Record<string, readonly SidebarItem[]>> {
  const reference = referenceSidebar(pages);
  return { "/": guideSidebar(pages), "/packages/": reference, "/reference/": reference };
}

/** The sidebar of the guides: pages that no section names come last, so that none is lost. */
function guideSidebar(pages: readonly Page[]): SidebarItem[] {
  const guides = pages.filter(({ path }) => !/^(reference|packages)\//.test(path) && path !== "index");
  const named = new Set<string>();
  const shown = sections.map(([text, patterns]): SidebarItem => {
    const items = patterns.flatMap((pattern) => matching(guides, pattern));
    for (const { path } of items) named.add(path);
    return {
      text,
      collapsed: !["Start", "Guides", "Concepts", "Coming from"].includes(text),
      items: items.map(itemOf),
    };
  });
  const rest = guides.filter(({ path }) => !named.has(path));
  return rest.length > 0 ? [...shown, { text: "More", collapsed: true, items: rest.map(itemOf) }] : shown;
}

function matching(pages: readonly Page[], pattern: string): Page[] {
  if (!pattern.endsWith("/*")) return pages.filter(({ path }) => path === pattern);
  const folder = pattern.slice(0, -1);
  const inside = pages.filter(({ path }) => path.startsWith(folder));
  return inside.sort((a, b) => Number(b.path.endsWith("/index")) - Number(a.path.endsWith("/index")));
}

function itemOf({ title, path }: Page): SidebarItem {
  return { text: titles[path] ?? title, link: `/${path.replace(/(^|\/)index$/, "$1")}` };
}

/** The sidebar of packages and the reference: each package's guide, with its entries below. */
function referenceSidebar(pages: readonly Page[]): SidebarItem[] {
  const titled = new Map(pages.map((page) => [page.path, page]));
  const items = (paths: readonly string[]): SidebarItem[] => paths.map((path) => itemOf(titled.get(path)!));
  const packages = entriesByPackage().map(
    ({ name, folder, pages: entries }): SidebarItem => ({
      text: name,
      link: `/${folder}`,
      collapsed: true,
      items: items(entries),
    }),
  );
  const plugins = [...titled.keys()].filter((path) => path.startsWith("reference/plugins/"));
  return [
    { text: "Plugins", collapsed: false, items: items(plugins) },
    { text: "Packages", collapsed: false, items: packages },
  ];
}
