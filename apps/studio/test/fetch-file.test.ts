import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf, expectedHash, fetchFile } from "../src/engine/download/fetch-file.ts";
import { type OtherHost, otherHost } from "./other-host.ts";

const content = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
const hash = createHash("sha256").update(content).digest("hex");

describe("a file from an address", () => {
  let host: OtherHost;
  const received: number[] = [];
  const options = {
    limit: 10_000,
    secure: false,
    onProgress: (bytes: number) => void received.push(bytes),
  };
  beforeAll(async () => {
    host = await otherHost({ "some pictures.zip": content });
  });
  afterAll(() => host.close());

  it("comes with its name, content and hash", async () => {
    const file = await fetchFile(`${host.address}/a/some%20pictures.zip`, {
      ...options,
      expected: hash,
    });
    expect([file.name, file.sha256, file.content.size]).toEqual(["some pictures.zip", hash, 5000]);
    expect(received.at(-1)).toBe(5000);
  });

  it.each([
    ["/a/some%20pictures.zip", { expected: "0".repeat(64) }, `its SHA-256 is ${hash}, not 000`],
    ["/a/some%20pictures.zip", { limit: 4500 }, "at most 4.5 kB are taken"],
    ["/large", {}, "has 300 MB or more"],
    ["/nothing", {}, "There is nothing at"],
    ["/page", {}, "is a web page"],
    ["/broken", {}, "broke off"],
  ])("%s %o is refused: %s", async (path, more, words) => {
    await expect(fetchFile(host.address + path, { ...options, ...more })).rejects.toThrow(words);
  });

  it("is not asked for where an address or a hash is none, or the browser would refuse it", () => {
    expect(() => addressOf("pictures.zip", false)).toThrow("no address");
    expect(() => addressOf("file:///etc/passwd", false)).toThrow("no address");
    expect(() => addressOf("http://example.org/a.zip", true)).toThrow("over https");
    expect(addressOf(" http://localhost:80/a.zip ", true).pathname).toBe("/a.zip");
    expect(() => expectedHash("abc")).toThrow("no SHA-256");
    expect([expectedHash(" "), expectedHash(` ${hash.toUpperCase()}\n`)]).toEqual([undefined, hash]);
  });

  it("cannot be had from a host that is not there", async () => {
    await expect(fetchFile("http://localhost:9/a.zip", options)).rejects.toThrow(
      "localhost:9 cannot be reached",
    );
  });
});
