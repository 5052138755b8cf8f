// Writes the guides as Markdown into a folder, for programs that read a package: `tsx package-docs.ts FOLDER`.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withSiteLinks } from "./collect/links.ts";
import { pagesOfDocuments } from "./collect/pages.ts";
import { markdownOf } from "./markdown.ts";
import { addresses, textOf } from "./repository.ts";

/** Measurements, decisions and single presets stay on the site, and so do pages that are made of components. */
const LEFT_OUT = /^docs\/(experiments|decisions|presets)\/|^docs\/(index|playground|studio)\.md$/;

const [folder] = process.argv.slice(2);
if (!folder) throw new Error("[site/package-docs] expected the folder to write to");
const { repository, site } = addresses();
const pages = pagesOfDocuments();
const guides = [...pages].filter(([document]) => document.startsWith("docs/") && !LEFT_OUT.test(document));
const titles = guides.map(([document, path]) => {
  const text = withSiteLinks(textOf(document), document, { pages, repository, picture: () => {} });
  const file = join(folder, `${path}.md`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, markdownOf({ path, text }, site));
  return `- [${/^# (.+)$/m.exec(text)![1]}](${path}.md)`;
});
const head = `# Guides\n\nThe pages of ${site} that belong to this version; the reference is in the types.\n`;
writeFileSync(join(folder, "README.md"), `${head}\n${titles.join("\n")}\n`);
