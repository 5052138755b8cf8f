/** Keeps bytes by name: a folder in Node (`folderStore` of `/node`), a map in tests, anything elsewhere. */
export interface Store {
  /** @param name letters, digits, dots and dashes */
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, bytes: Uint8Array): Promise<void>;
}
