import { readFileSync } from "node:fs";
import { defaultClientConditions } from "vite";
import { type DefaultTheme, defineConfig } from "vitepress";
import { formulas } from "../src/math.ts";
import { addresses } from "../src/repository.ts";

const { base, repository, site } = addresses();
const sidebar: DefaultTheme.Sidebar = JSON.parse(
  readFileSync(new URL("../dist/pages/sidebar.json", import.meta.url), "utf8"),
);

export default defineConfig({
  title: "ddpm",
  description: "Diffusion models in JavaScript: train, sample and evaluate in Node and in the browser.",
  base,
  srcDir: "dist/pages",
  outDir: "dist/site",
  cacheDir: "node_modules/.cache/vitepress",
  sitemap: { hostname: site },
  head: [["link", { rel: "icon", href: `${base}icon.svg` }]],
  markdown: { config: formulas, lineNumbers: false },
  // Served by the same host, but no page of VitePress.
  ignoreDeadLinks: [/^\/studio\//, /llms(-full)?\.txt$/],
  themeConfig: {
    nav: [
      { text: "Start", link: "/start" },
      { text: "Guides", link: "/data" },
      { text: "Reference", link: "/packages/ddpm", activeMatch: "^/(reference|packages)/" },
      { text: "Playground", link: "/playground" },
      { text: "Studio", link: "/studio/", target: "_self" },
    ],
    sidebar,
    outline: { level: [2, 3] },
    search: {
      provider: "local",
      options: { miniSearch: { searchOptions: { boost: { title: 4, titles: 2 } } } },
    },
    socialLinks: [{ icon: "github", link: repository }],
    // Kept as text and run in the page: it knows nothing of this file.
    editLink: { pattern: ({ frontmatter }) => frontmatter.edit },
  },
  vite: {
    resolve: { conditions: ["@ddpm/source", ...defaultClientConditions] },
    build: { target: "es2023", chunkSizeWarningLimit: 4000 },
    worker: { format: "es" },
  },
});
