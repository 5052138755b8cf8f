import { watch } from "node:fs";
import { join } from "node:path";
import { createServer } from "vitepress";
import { app, makePages } from "./pages.ts";
import { forgetTexts, root } from "./repository.ts";

makePages();
const server = await createServer(app);
await server.listen();
server.printUrls();

let waiting: NodeJS.Timeout | undefined;
const changed = (): void => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    forgetTexts();
    makePages();
  }, 300);
};
watch(join(root, "docs"), { recursive: true }, changed);
