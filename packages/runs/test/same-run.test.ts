import { expect, it } from "vitest";
import { parseRun } from "../src/config/parse.ts";
import { checkSameRun, sameImages } from "../src/resume/same-run.ts";

it("is the same run wherever its images are stored and however they are found, but not with other settings of them", () => {
  const run = (data: object) => parseRun({ name: "small", data: { size: 16, flip: false, ...data } }, "test");
  const begun = run({ source: "files" });
  checkSameRun(
    begun,
    run({ source: "/far/mnist", format: "idx", set: "mnist", split: "train", labels: false }),
  );
  expect(() => checkSameRun(begun, run({ source: "files", size: 8 }))).toThrow(/data.size was 16, is 8/);
  expect(() => checkSameRun(begun, run({ source: "x", flip: true }))).toThrow(
    /data.flip was false, is true\./,
  );
});

it("resumes with the same images, and with images that a browser decoded where number and size agree", () => {
  const given = { fingerprint: "a", shape: [8, 8, 3], length: 5, decodes: true };
  const meta = { stream: "b", shape: [8, 8, 3], length: 5, reader: "browser" };
  expect(sameImages({ stream: "a" }, { ...given, decodes: false })).toBe("same");
  expect(sameImages(meta, given)).toBe("alike");
  expect(sameImages(meta, { ...given, decodes: false })).toBe("others");
  expect(sameImages(meta, { ...given, length: 6 })).toBe("others");
  expect(sameImages(meta, { ...given, shape: [8, 8, 1] })).toBe("others");
  expect(sameImages({ ...meta, reader: undefined }, given)).toBe("others");
});
