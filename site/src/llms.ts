import type { Collected, Page } from "./collect/collect.ts";
import { type SidebarItem, sidebars } from "./layout.ts";
import { markdownOf } from "./markdown.ts";
import { addresses } from "./repository.ts";

/** Files of the site for programs that read it, by their names. */
export function filesForPrograms({ pages }: Collected): ReadonlyMap<string, string> {
  const { site } = addresses();
  const markdown = pages.map((page): [string, string] => [`${page.path}.md`, markdownOf(page, site)]);
  return new Map([["llms.txt", index(pages, site)], ["llms-full.txt", full(pages, site)], ...markdown]);
}

const SUMMARY =
  "Diffusion models in JavaScript and TypeScript on TensorFlow.js: train, sample and evaluate in Node and in browsers.";

/** The list of pages, in the form of https://llmstxt.org. */
function index(pages: readonly Page[], site: string): string {
  const lines = Object.values(sidebars(pages)).flat();
  const unique = lines.filter(({ text }, k) => lines.findIndex((one) => one.text === text) === k);
  return [
    "# ddpm",
    "",
    `> ${SUMMARY}`,
    "",
    `Every page is Markdown at its address with \`.md\`; all guides in one file: ${site}llms-full.txt`,
    ...unique.map((section) => `\n## ${section.text}\n\n${links(section, site).join("\n")}`),
    "",
  ].join("\n");
}

function links({ text, link, items = [] }: SidebarItem, site: string): string[] {
  const own = link ? [`- [${text}](${site}${link.slice(1).replace(/(^|\/)$/, "$1index")}.md)`] : [];
  return [...own, ...items.flatMap((item) => links(item, site))];
}

/** All guides and the pages of packages; the reference is left out, for it is five times as long. */
function full(pages: readonly Page[], site: string): string {
  const guides = pages.filter(({ path }) => !path.startsWith("reference/") && path !== "index");
  return `# ddpm\n\n> ${SUMMARY}\n\n${guides.map((page) => markdownOf(page, site)).join("\n\n---\n\n")}\n`;
}
