import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { addresses } from "../repository.ts";
import { deadLinks, pagesIn } from "./links.ts";
import { runPrograms } from "./playground.ts";
import { serve } from "./serve.ts";
import { openStudio } from "./studio.ts";
import { visitAll, weigh } from "./visit.ts";

/** What the first page may load, in bytes as a host sends them. */
const MOST_BYTES = 300_000;

const site = fileURLToPath(new URL("../../dist/site", import.meta.url));
const { base } = addresses();
const pages = pagesIn(site);
const faults = deadLinks(site, base).map((link) => `dead link: ${link}`);

const served = await serve(site, base);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  const { bytes, sent, files } = await weigh(browser, served.address);
  console.log(
    `first page: ${Math.round(sent / 1000)} kB sent (${Math.round(bytes / 1000)} kB), ${files} files`,
  );
  if (sent > MOST_BYTES) faults.push(`the first page sends ${sent} bytes, at most ${MOST_BYTES}`);
  const own = new URL(served.address).origin;
  faults.push(
    ...(await visitAll(
      browser,
      pages.map((page) => served.address + page),
      own,
    )),
    ...(await openStudio(browser, `${served.address}studio/`)),
    ...(await runPrograms(browser, `${served.address}playground`)),
  );
} finally {
  await browser.close();
  served.close();
}

for (const fault of faults) console.error(fault);
console.log(`${pages.length} pages, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
