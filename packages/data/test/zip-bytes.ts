import { crc32, deflateRawSync } from "node:zlib";

/** False claims of {@link zipBytes} about an entry. */
export interface ZipClaim {
  readonly size?: number;
  readonly crc?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly mode?: number;
}

/** A ZIP archive; entries are deflated where `deflate`, else stored. */
export function zipBytes(
  files: Readonly<Record<string, Uint8Array>>,
  deflate = true,
  claims: Readonly<Record<string, ZipClaim>> = {},
): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const claim = claims[name] ?? {};
    const packed = deflate ? deflateRawSync(bytes) : Buffer.from(bytes);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(claim.flags ?? 0, 2);
    shared.writeUInt16LE(claim.method ?? (deflate ? 8 : 0), 4);
    shared.writeUInt32LE(claim.crc ?? crc32(bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(claim.size ?? bytes.length, 18);
    shared.writeUInt16LE(Buffer.byteLength(name), 22);
    const end = Buffer.alloc(14);
    end.writeUInt32LE(((claim.mode ?? 0o100644) << 16) >>> 0, 6);
    end.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), shared, Buffer.from(name), packed]);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x03"), shared, end, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const tail = Buffer.alloc(22);
  tail.write("PK\x05\x06");
  tail.writeUInt16LE(directory.length, 8);
  tail.writeUInt16LE(directory.length, 10);
  tail.writeUInt32LE(central.length, 12);
  tail.writeUInt32LE(offset, 16);
  return Uint8Array.from(Buffer.concat([...parts, central, tail]));
}
