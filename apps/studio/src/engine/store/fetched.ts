import { readText } from "@ddpm/runs/authoring";
import { files } from "./files.ts";

/** A file that was loaded from an address and kept, so that it is loaded once. */
export interface FetchedFile {
  /** Of its content: what it is kept under. */
  readonly sha256: string;
  /** Last part of the address. */
  readonly name: string;
  readonly url: string;
  readonly bytes: number;
}

const folderOf = (sha256: string): string => `fetched/${sha256}`;

/** Keeps a file under its hash; its facts are written last, so that only whole files are known. */
export async function keepFetched(facts: FetchedFile, content: Blob): Promise<void> {
  const folder = folderOf(facts.sha256);
  await files.write(`${folder}/content`, content);
  await files.write(`${folder}/facts.json`, `${JSON.stringify(facts)}\n`);
}

/** The content kept under a hash; undefined where there is none, or not all of it. */
export async function fetchedContent(sha256: string): Promise<File | undefined> {
  const facts = await factsOf(sha256);
  const content = facts && (await files.file(`${folderOf(sha256)}/content`));
  return content?.size === facts?.bytes ? content : undefined;
}

/** Everything kept, by name. */
export async function fetchedFiles(): Promise<FetchedFile[]> {
  const all = await Promise.all((await files.list("fetched")).map(factsOf));
  return all.filter((one) => one !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Frees the space; runs that were trained on it can be sampled, but not resumed. */
export async function forgetFetched(sha256: string): Promise<void> {
  await files.remove(folderOf(sha256));
}

async function factsOf(sha256: string): Promise<FetchedFile | undefined> {
  const text = await readText(files, `${folderOf(sha256)}/facts.json`);
  return text === undefined ? undefined : (JSON.parse(text) as FetchedFile);
}
