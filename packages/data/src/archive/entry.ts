/** A file inside an archive. */
export interface ArchiveEntry {
  /** As stored, with `/` between names. */
  readonly name: string;
  /** A link to some other file. */
  readonly link: boolean;
  /** Bytes when unpacked. */
  readonly size: number;
  read(): Promise<Uint8Array>;
}
