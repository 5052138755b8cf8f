import { expect, test } from "vitest";
import { checkLabelled, checkLabels } from "../src/authoring.ts";

const three = { name: "ho", classes: 3 };

test.each([
  ["labels below the number of classes", { labels: [0, 2, 1] }],
  ["fewer classes than the network has", { labels: Int32Array.of(0, 0), classes: ["cat"] }],
  ["as many names as the network has classes", { classes: ["a", "b", "c"] }],
  ["nothing that tells beforehand", {}],
])("a network with classes takes %s", (_what, images) => {
  expect(() => checkLabels(three, images)).not.toThrow();
});

test("a network without classes takes whatever labels there are", () => {
  expect(() => checkLabels({ name: "ho" }, { labels: [0, 99], classes: ["a"] })).not.toThrow();
});

test.each([
  [{ labels: [0, 3] }, "labels up to 3, and ho takes 0 to 2. Build the network with 4 classes"],
  [{ labels: [0, 3], classes: ["a", "b", "c", "dog"] }, 'labels up to 3 ("dog"), and ho takes 0 to 2'],
  [{ classes: ["a", "b", "c", "d"] }, 'labels up to 3 ("d"), and ho takes 0 to 2'],
  [{ labels: [] }, "ho takes labels of 3 classes, and the images have none"],
  [{ labels: [0, -1] }, "the label -1, expected whole numbers from 0"],
  [{ labels: [0.5] }, "the label 0.5, expected whole numbers from 0"],
])("%j are refused", (images, sentence) => {
  expect(() => checkLabels(three, images)).toThrow(sentence);
});

test("images that turn out to have no labels are refused, where the network takes some", () => {
  expect(() => checkLabelled(three, {})).toThrow("the images have none. Build the network without classes");
  expect(() => checkLabelled(three, { labels: Int32Array.of(1) })).not.toThrow();
  expect(() => checkLabelled({ name: "ho" }, {})).not.toThrow();
});
